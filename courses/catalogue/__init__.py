"""The catalogue: courses, their versions and their life."""
