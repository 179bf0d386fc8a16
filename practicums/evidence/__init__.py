"""Files handed in as evidence."""
