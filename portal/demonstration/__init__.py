"""Invented data for trying the portal and for measuring it."""
