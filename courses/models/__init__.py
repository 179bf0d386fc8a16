"""What is taught: the catalogue with its versions, service items, experts, and the dated classes
with their lessons.
"""

from .approval import ApprovalLevel, ApprovalPolicy, ClassApproval
from .catalogue import (
    NEEDS_A_REASON,
    PUBLIC_COURSE_STATUSES,
    Course,
    CourseChange,
    CourseDecision,
    CourseQuerySet,
    CourseStatus,
    CourseStep,
    CourseVersion,
    Stage,
)
from .class_status import FINDABLE_CLASSES, HELD, PUBLIC_CLASS_STATUSES, ClashRule, ClassStatus
from .classes import TrainingClass, TrainingClassQuerySet
from .experts import Expert, ExpertQuerySet
from .hour_conversions import HourConversion
from .lesson_teachers import LessonTeacher, TeachingRole
from .lessons import Lesson, LessonQuerySet, RemovedLesson
from .seat_pools import SeatPool
from .service_items import ServiceItem
from .topic_requests import TopicRequest, TopicRequestQuerySet, TopicRequestStatus
from .vocabularies import Programme, TeachingFormat, Track

__all__ = [
    "FINDABLE_CLASSES",
    "HELD",
    "NEEDS_A_REASON",
    "PUBLIC_CLASS_STATUSES",
    "PUBLIC_COURSE_STATUSES",
    "ApprovalLevel",
    "ApprovalPolicy",
    "ClashRule",
    "ClassApproval",
    "ClassStatus",
    "Course",
    "CourseChange",
    "CourseDecision",
    "CourseQuerySet",
    "CourseStatus",
    "CourseStep",
    "CourseVersion",
    "Expert",
    "ExpertQuerySet",
    "HourConversion",
    "Lesson",
    "LessonQuerySet",
    "LessonTeacher",
    "Programme",
    "RemovedLesson",
    "SeatPool",
    "ServiceItem",
    "Stage",
    "TeachingFormat",
    "TeachingRole",
    "TopicRequest",
    "TopicRequestQuerySet",
    "TopicRequestStatus",
    "Track",
    "TrainingClass",
    "TrainingClassQuerySet",
]
