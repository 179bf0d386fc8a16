"""Lessons that were taught, and lists of lecture fees at each step."""

from decimal import Decimal

from courses.models import TrainingClass
from courses.schedule.season import Season
from plans.lecture_fees import making_out, steps
from plans.models import LectureFeeList
from tests.factories import NOW, ExpertFactory, UserFactory, taught_by
from trainees.record.closing import close_class

from .taught import attended

SEASON = Season(2027, 1)


def taught_class(*experts, lessons: int = 1, closed: bool = True, **fields) -> TrainingClass:
    """A class that was held before NOW, each lesson by all these experts."""
    training_class = attended(people=1, lessons=lessons, **fields)
    for lesson in training_class.lessons.all():
        taught_by(lesson, *(experts or [ExpertFactory()]))
    if closed:
        close_class(training_class=training_class, by=UserFactory(), now=NOW)
    return TrainingClass.objects.get(pk=training_class.pk)


def begun(owner, *, by=None, season: Season = SEASON) -> LectureFeeList:
    return making_out.begin(owner=owner, season=season, by=by or UserFactory(), now=NOW)


def typed(fee_list: LectureFeeList, yuan="900", *, by) -> LectureFeeList:
    """Every row gets the same fee."""
    fees = {row.pk: Decimal(yuan) for row in fee_list.rows.all()}
    making_out.save_fees(fee_list=fee_list, fees=fees, ranks={}, left_out=[], by=by)
    return LectureFeeList.objects.get(pk=fee_list.pk)


def made_out(owner, *, by, yuan="900") -> LectureFeeList:
    fee_list = typed(begun(owner, by=by), yuan, by=by)
    return steps.hand_on(fee_list=fee_list, by=by, now=NOW)


def checked(owner, *, by, checker) -> LectureFeeList:
    fee_list = made_out(owner, by=by)
    return steps.check(fee_list=fee_list, opinion="", by=checker, now=NOW)


def approved(owner, *, by, checker, approver, yuan="900") -> LectureFeeList:
    fee_list = made_out(owner, by=by, yuan=yuan)
    fee_list = steps.check(fee_list=fee_list, opinion="", by=checker, now=NOW)
    return steps.approve(fee_list=fee_list, opinion="", by=approver, now=NOW)
