"""Practice: secondments (挂职) with their seven items (七个一), and the case library."""

from .cases import CaseDecision, CaseStatus, CaseStep, PracticeCase, PracticeCaseQuerySet
from .secondments import (
    BADGES,
    NUMBER_OF,
    NUMERALS,
    SHORT_NAMES,
    AppendOnly,
    AppendOnlyQuerySet,
    Evidence,
    EvidenceKind,
    HeldFile,
    ItemKind,
    ItemStatus,
    Secondment,
    SecondmentBatch,
    SecondmentQuerySet,
    SecondmentStatus,
    SevenItem,
    SignOff,
    SignOffDecision,
    SignOffRole,
)

__all__ = ["AppendOnly", "AppendOnlyQuerySet", "BADGES", "CaseDecision", "CaseStatus", "CaseStep", "Evidence", "EvidenceKind", "HeldFile", "ItemKind", "ItemStatus", "NUMBER_OF", "NUMERALS", "PracticeCase", "PracticeCaseQuerySet", "SHORT_NAMES", "Secondment", "SecondmentBatch", "SecondmentQuerySet", "SecondmentStatus", "SevenItem", "SignOff", "SignOffDecision", "SignOffRole"]
