"""Why a step in the life of a course is refused."""

from academy.errors import InvalidTransition, PortalError


class CourseNotEditable(InvalidTransition):
    """The course is in review or retired; its content stays as it is."""


class CourseNotInReview(InvalidTransition):
    """Only what was handed in can be sent back or taken back."""


class NothingToHandIn(InvalidTransition):
    """The course is in review already, or published with no change begun."""


class NothingToPublish(InvalidTransition):
    """The course is published as it stands, or retired."""


class NoChangeToDrop(InvalidTransition):
    """No change is being written, or it lies with the office."""


class CourseNotPublished(InvalidTransition):
    """Only a published course can be retired."""


class CourseNotRetired(InvalidTransition):
    """Only a retired course can be brought back."""


class WasPublished(InvalidTransition):
    """Only a draft that nobody has handed in and that was never published can be thrown away."""


class ReasonMissing(PortalError):
    """Sending back and retiring need a reason."""


class CourseIncomplete(PortalError):
    """What is handed in lacks something that a reader needs."""


class WrongSuccessor(PortalError):
    """A course is taken over by another published course."""
