"""Told when rows are called something else that pages name, in the transaction that does it:
whoever keeps what was drawn from them draws it anew.
"""

from django.dispatch import Signal

names_have_changed = Signal()
