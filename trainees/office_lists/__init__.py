"""The lists of people, bookings and dispatch."""

from .certificates import CertificateList
from .deciding import ApprovalList, PetitionList
from .deputies import DeputyList
from .dispatching import DispatchList, LoadList
from .entries import DuplicateList, MergeList
from .evaluating import EvaluationList, ImprovementList, TrendList
from .figures import GroupList, RosterList
from .hour_claims import HourClaimList
from .hour_gaps import HourGapList
from .path import PathList
from .people import PeopleList

LISTS = (
    PeopleList,
    ApprovalList,
    PetitionList,
    DeputyList,
    DispatchList,
    LoadList,
    DuplicateList,
    MergeList,
    GroupList,
    RosterList,
    EvaluationList,
    TrendList,
    ImprovementList,
    CertificateList,
    HourClaimList,
    HourGapList,
    PathList,
)

__all__ = ["LISTS"] + [found.__name__ for found in LISTS]
