"""The lists of people, bookings and dispatch."""

from .people import PeopleList

LISTS = (PeopleList,)

__all__ = ["LISTS", "PeopleList"]
