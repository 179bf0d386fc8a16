"""Who and where: the network, people and their grants, vocabularies; the search index; imports."""

from .grants import DISTRICT_WIDE, OFFICE, Role, RoleGrant, RoleGrantQuerySet
from .imports import WRITTEN, HeadingWord, ImportRow, ImportRun, ImportStatus, RowOutcome
from .limits import Tally
from .merges import UNDONE_WITHIN, DifferentPeople, PersonMerge
from .network import (
    Campus,
    CampusKind,
    Department,
    Motif,
    Town,
    TownBorder,
    TownKind,
    Venue,
    Village,
    VillageKind,
    VillageQuerySet,
    on_the_day,
)
from .office_settings import SettingChange, SpecialDay
from .people import PersonChange, PersonChangeKind, PersonKey, User, UserManager
from .search import SearchEntry, SearchVersion, TopicWords
from .vocabularies import GrowthStage, LearnerGroup, Position, Term

__all__ = [
    "DISTRICT_WIDE",
    "OFFICE",
    "UNDONE_WITHIN",
    "WRITTEN",
    "Campus",
    "CampusKind",
    "Department",
    "DifferentPeople",
    "GrowthStage",
    "HeadingWord",
    "ImportRow",
    "ImportRun",
    "ImportStatus",
    "LearnerGroup",
    "Motif",
    "PersonChange",
    "PersonChangeKind",
    "PersonKey",
    "PersonMerge",
    "Position",
    "Role",
    "RoleGrant",
    "RoleGrantQuerySet",
    "RowOutcome",
    "SearchEntry",
    "SearchVersion",
    "SettingChange",
    "SpecialDay",
    "Tally",
    "Term",
    "TopicWords",
    "Town",
    "TownBorder",
    "TownKind",
    "User",
    "UserManager",
    "Venue",
    "Village",
    "VillageKind",
    "VillageQuerySet",
    "on_the_day",
]
