"""Why a mark cannot be made."""

from academy.errors import PortalError


class AttendanceError(PortalError):
    """A mark that cannot be made."""


class TooEarly(AttendanceError):
    """The lesson is still to come."""


class RollClosed(AttendanceError):
    """The class is closed or cancelled; its marks stay."""


class RollLocked(AttendanceError):
    """The roll of the lesson is locked; its marks stay until it is opened with a reason."""


class NotOnTheRoll(AttendanceError):
    """The person has no seat in the class of this lesson."""


class MadeUp(AttendanceError):
    """The lesson was made up and its hours are posted; its mark stays absent or on leave."""


class WrongMinutes(AttendanceError):
    """None at all, which is absent, or more minutes than the lesson has."""


class NotAway(AttendanceError):
    """A reason belongs to whoever is on leave or absent."""


class NothingToUndo(AttendanceError):
    """Nobody has marked anything yet, or it was taken back already."""
