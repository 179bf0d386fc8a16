"""A class that is divided into two groups and has a structured discussion."""

from datetime import timedelta

from django.utils import timezone

from courses.models import TrainingClass
from trainees.booking.enrolling import book
from trainees.classes.discussions import comment_on, fingerprint, set_discussion, write_sheet
from trainees.classes.grouping import draw_groups, groups_of
from trainees.models import DiscussionSheet

from ..factories import NOW, TraineeFactory, UserFactory, class_with

TEXTS = {"problem": "楼道堆物反复。", "causes": "没有去处。", "measures": "先找去处，再约日子。"}


def divided_class(*, people: int = 4, groups: int = 2, **fields) -> TrainingClass:
    """Nobody has a discussion yet."""
    training_class = class_with(seats=people, **fields)
    for _turn in range(people):
        trainee = TraineeFactory()
        book(trainee=trainee, training_class=training_class, by=trainee.user, now=NOW)
    draw_groups(
        training_class=training_class, groups=groups, seed=7, shown="", by=UserFactory(), now=NOW
    )
    return training_class


def discussed_class(**fields) -> TrainingClass:
    """Its sheets are empty; they are written from the first lesson to a week after."""
    training_class = divided_class(**fields)
    set_discussion(
        training_class=training_class,
        question="楼道堆物怎么管得住？",
        written_until=timezone.localdate(training_class.starts_at) + timedelta(days=7),
        by=UserFactory(),
        now=NOW,
    )
    return training_class


def members_of(training_class: TrainingClass, number: int) -> list:
    """The users of a group."""
    group = next(item for item in groups_of(training_class).groups if item.number == number)
    return [person.trainee.user for person in group.people]


def sheet_of(training_class: TrainingClass, number: int) -> DiscussionSheet:
    return DiscussionSheet.objects.select_related("discussion__training_class").get(
        discussion__training_class=training_class, number=number
    )


def written(training_class: TrainingClass, number: int, **texts: str) -> DiscussionSheet:
    return write_sheet(
        sheet=sheet_of(training_class, number),
        texts=TEXTS | texts,
        by=members_of(training_class, number)[0],
        now=training_class.starts_at,
    )


def commented(training_class: TrainingClass, number: int, by=None) -> DiscussionSheet:
    sheet = written(training_class, number)
    return comment_on(
        sheet=sheet,
        comment="措施要写到人。",
        shown=fingerprint(sheet),
        by=by or UserFactory(),
        now=training_class.starts_at,
    )
