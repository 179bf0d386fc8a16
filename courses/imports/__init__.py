"""Reading the table of courses that an office sends."""
