"""Who learns: trainees and their postings, enrolments and seats, attendance, and the ledger of
study hours.
"""

from .approvals import (
    Approval,
    ApprovalStatus,
    ApprovalStep,
    ApprovalStepQuerySet,
    Deputy,
    DeputyQuerySet,
    StepDecision,
)
from .attendance import CAME, PARTLY_THERE, Attendance, AttendanceChange, AttendanceStatus
from .enrolments import (
    LIVE,
    OPEN,
    SEAT_HOLDING,
    TAKING_PART,
    Enrolment,
    EnrolmentChannel,
    EnrolmentEvent,
    EnrolmentEventKind,
    EnrolmentQuerySet,
    EnrolmentStatus,
    Interest,
    QueueGroup,
    QueuePriority,
)
from .exports import ExportTemplate
from .hours import HourEntry, HourKind, HourTarget
from .nominations import STANDING_NOMINATIONS, Nomination, NominationQuerySet, NominationStatus
from .people import (
    CalendarFeed,
    Follow,
    LightAccount,
    LightAccountEnd,
    Posting,
    Trainee,
    TraineeQuerySet,
    new_calendar_token,
)
from .requests import Decision, LateWithdrawal, NoShowAppeal, RepeatExemption, TraineeRequest

__all__ = [
    "Approval",
    "ApprovalStatus",
    "ApprovalStep",
    "ApprovalStepQuerySet",
    "Attendance",
    "AttendanceChange",
    "AttendanceStatus",
    "CAME",
    "CalendarFeed",
    "Decision",
    "Deputy",
    "DeputyQuerySet",
    "Enrolment",
    "EnrolmentChannel",
    "EnrolmentEvent",
    "EnrolmentEventKind",
    "EnrolmentQuerySet",
    "EnrolmentStatus",
    "ExportTemplate",
    "Follow",
    "HourEntry",
    "HourKind",
    "HourTarget",
    "Interest",
    "LIVE",
    "LateWithdrawal",
    "LightAccount",
    "LightAccountEnd",
    "NoShowAppeal",
    "Nomination",
    "NominationQuerySet",
    "NominationStatus",
    "OPEN",
    "PARTLY_THERE",
    "TraineeRequest",
    "Posting",
    "QueueGroup",
    "QueuePriority",
    "RepeatExemption",
    "SEAT_HOLDING",
    "STANDING_NOMINATIONS",
    "StepDecision",
    "TAKING_PART",
    "Trainee",
    "TraineeQuerySet",
    "new_calendar_token",
]
