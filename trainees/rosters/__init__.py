"""Rosters that offices send: who holds which post in which village, and since when."""
