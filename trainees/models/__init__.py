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
from .class_messages import ClassMessage, MessageAudience
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
from .materials import LessonMaterial
from .nominations import STANDING_NOMINATIONS, Nomination, NominationQuerySet, NominationStatus
from .people import (
    CalendarFeed,
    Follow,
    Gender,
    LightAccount,
    LightAccountEnd,
    Posting,
    Trainee,
    TraineeQuerySet,
    new_calendar_token,
)
from .requests import Decision, LateWithdrawal, NoShowAppeal, RepeatExemption, TraineeRequest

__all__ = [
    "CAME",
    "LIVE",
    "OPEN",
    "PARTLY_THERE",
    "SEAT_HOLDING",
    "STANDING_NOMINATIONS",
    "TAKING_PART",
    "Approval",
    "ApprovalStatus",
    "ApprovalStep",
    "ApprovalStepQuerySet",
    "Attendance",
    "AttendanceChange",
    "AttendanceStatus",
    "CalendarFeed",
    "ClassMessage",
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
    "Gender",
    "HourEntry",
    "HourKind",
    "HourTarget",
    "Interest",
    "LateWithdrawal",
    "LessonMaterial",
    "LightAccount",
    "LightAccountEnd",
    "MessageAudience",
    "NoShowAppeal",
    "Nomination",
    "NominationQuerySet",
    "NominationStatus",
    "Posting",
    "QueueGroup",
    "QueuePriority",
    "RepeatExemption",
    "StepDecision",
    "Trainee",
    "TraineeQuerySet",
    "TraineeRequest",
    "new_calendar_token",
]
