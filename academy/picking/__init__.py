"""Choosing one of many: a list that is typed into, and the answers for it."""
