"""Logging in, and what guards it."""
