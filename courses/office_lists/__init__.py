"""The lists of the calendar and the catalogue."""

from .classes import ClassList
from .courses import STAGE_BADGES, CourseList
from .experts import ExpertList
from .requests import REQUEST_BADGES, RequestList
from .rooms import RoomList
from .services import ServiceGapList

LISTS = (ClassList, CourseList, RequestList, ExpertList, ServiceGapList, RoomList)

__all__ = ["LISTS", "REQUEST_BADGES", "STAGE_BADGES"] + [found.__name__ for found in LISTS]
