"""Who and where: the network, people and their grants, vocabularies; the search index; imports."""

from .grants import DISTRICT_WIDE, OFFICE, Role, RoleGrant, RoleGrantQuerySet
from .imports import WRITTEN, HeadingWord, ImportRow, ImportRun, ImportStatus, RowOutcome
from .limits import Tally
from .network import (
    Campus,
    CampusKind,
    Department,
    Town,
    TownKind,
    Venue,
    Village,
    VillageKind,
    VillageQuerySet,
    on_the_day,
)
from .people import PersonChange, PersonChangeKind, User, UserManager
from .search import SearchEntry, SearchVersion
from .settings import Setting
from .vocabularies import GrowthStage, LearnerGroup, Position, Term

__all__ = [
    "DISTRICT_WIDE",
    "OFFICE",
    "WRITTEN",
    "Campus",
    "CampusKind",
    "Department",
    "GrowthStage",
    "HeadingWord",
    "ImportRow",
    "ImportRun",
    "ImportStatus",
    "LearnerGroup",
    "PersonChange",
    "PersonChangeKind",
    "Position",
    "Role",
    "RoleGrant",
    "RoleGrantQuerySet",
    "RowOutcome",
    "SearchEntry",
    "SearchVersion",
    "Setting",
    "Tally",
    "Term",
    "Town",
    "TownKind",
    "User",
    "UserManager",
    "Venue",
    "Village",
    "VillageKind",
    "VillageQuerySet",
    "on_the_day",
]
