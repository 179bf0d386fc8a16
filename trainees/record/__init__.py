"""Attendance, closing a class, study hours."""
