"""Why a step of a plan is refused."""

from academy.errors import InvalidTransition, PortalError


class PlanExists(PortalError):
    """The owner has a plan for the year already."""


class YearOutOfRange(PortalError):
    """A year no plan can be for."""


class OwnerEnded(PortalError):
    """The town, department or campus does not exist any more."""


class PlanIsEmpty(PortalError):
    """There is nothing to review in a plan without items."""


class ItemsIncomplete(PortalError):
    """Items lack what the filing rules ask for."""


class ReasonMissing(PortalError):
    """Sending back and changing need a reason."""


class PlanNotEditable(InvalidTransition):
    """The plan lies with the office or is filed; its items stay as they are."""


class PlanNotInReview(InvalidTransition):
    """Only a plan that was handed in can be sent back or filed."""


class PlanNotFiled(InvalidTransition):
    """Only a filed plan can be changed by a new version."""


class ReviewBegun(InvalidTransition):
    """The office has accepted the plan for review; its unit cannot take it back."""


class NoChangeToDrop(InvalidTransition):
    """The plan is not being changed, or the change lies with the office."""


class ApprovalMissing(PortalError):
    """A change of a filed plan needs the approval of the unit's principal leader."""


class OpinionMissing(PortalError):
    """The office asks for opinions of the unit that are not written down."""


class UnitDisagrees(PortalError):
    """Finance or the leader of the unit does not agree to the plan."""


class DayAhead(PortalError):
    """Nobody can have given an opinion or an approval on a day that has not come."""


class ItemCancelled(PortalError):
    """A cancelled item is not changed; it can be taken up again first."""


class ItemNotCancelled(PortalError):
    """Only what was cancelled in this change can be taken up again."""


class ReportNotAccepted(InvalidTransition):
    """A plan is archived when its execution report was accepted."""
