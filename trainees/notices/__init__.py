"""Every text that trainees, approvers and staff of a class are sent, a module for each concern."""
