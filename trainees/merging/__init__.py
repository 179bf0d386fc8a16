"""Joining two entries of one person, and parting them again."""
