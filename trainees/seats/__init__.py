"""Counting seats and places in the queue; nothing here writes."""
