"""Lists of lecture fees of the demonstration, one at each step of its way.

The classes held last get lecturers here: they were scheduled without.
"""

from datetime import datetime
from decimal import Decimal
from itertools import cycle

from django.db.models import QuerySet

from academy.errors import PortalError
from academy.models import User
from courses.models import ClassStatus, Expert, LessonTeacher, TeachingRole, TrainingClass
from courses.schedule.season import Season
from plans.actual.figures import owner_of_class
from plans.lecture_fees import making_out, steps
from plans.models import FeeListStatus, Owner

LECTURERS = 6
FEE, ABOVE_THE_CAP = Decimal(900), Decimal(2_400)
CLERK = 19900009060  # the first number of those who make lists out; they do not log in
CLERKS = ("郑敏华", "施国梁")
# how far the lists go, the first one the farthest
STEPS = (
    FeeListStatus.APPROVED,
    FeeListStatus.CHECKED,
    FeeListStatus.MADE_OUT,
    FeeListStatus.DRAFT,
)


def list_demo_fees(now: datetime, administrator: User) -> None:
    """For the newest owners and seasons with closed classes; nothing where none was held."""
    held = (
        TrainingClass.objects.filter(status=ClassStatus.CLOSED)
        .exclude(season="")
        .select_related(
            "campus__town",
            "department",
            "plan_filing__item__plan__town",
            "plan_filing__item__plan__department",
            "plan_filing__item__plan__campus",
        )
        .order_by("-starts_at", "code")
    )
    _let_experts_teach(held)
    people = [*map(_clerk, range(len(CLERKS))), administrator]
    wanted = list(STEPS)
    for owner, season in _owners_and_seasons(held):
        if not wanted:
            return
        try:
            _list_at(wanted[0], owner, season, now, people)
        except PortalError:
            continue  # none of its lessons lies in the season
        wanted.pop(0)


def _owners_and_seasons(held: QuerySet[TrainingClass]) -> list[tuple[Owner, Season]]:
    found = []
    for training_class in held:
        filing = getattr(training_class, "plan_filing", None)
        owner = owner_of_class(training_class, filing.item if filing else None)
        found.append((owner, Season.parse(training_class.season)))
    return list(dict.fromkeys(found))


def _let_experts_teach(held: QuerySet[TrainingClass]) -> None:
    experts = cycle(Expert.objects.filter(published=True).order_by("code")[:LECTURERS])
    for training_class in held:
        for lesson in training_class.lessons.filter(teachers__isnull=True):
            LessonTeacher.objects.create(
                lesson=lesson, expert=next(experts), role=TeachingRole.LECTURER
            )


def _clerk(number: int) -> User:
    phone = str(CLERK + number)
    clerk, _is_new = User.objects.get_or_create(phone=phone, defaults={"name": CLERKS[number]})
    return clerk


def _list_at(
    status: FeeListStatus, owner: Owner, season: Season, now: datetime, people: list[User]
) -> None:
    """A list that goes as far as `status`."""
    maker, checker, administrator = people
    fee_list = making_out.begin(owner=owner, season=season, by=maker, now=now)
    if status == FeeListStatus.DRAFT:
        return
    rows = list(fee_list.rows.all())
    fees = {row.pk: FEE for row in rows} | {rows[-1].pk: ABOVE_THE_CAP}
    making_out.save_fees(fee_list=fee_list, fees=fees, ranks={}, left_out=[], by=maker)
    said = {"fee_list": fee_list, "now": now}
    steps.hand_on(by=maker, **said)
    if status == FeeListStatus.MADE_OUT:
        return
    steps.check(opinion="课次、学时与点名表一致。", by=checker, **said)
    if status == FeeListStatus.APPROVED:
        approved = steps.approve(opinion="", by=administrator, **said)
        signed = [row.pk for row in rows[: len(rows) // 2 + 1]]
        steps.note_received(rows=signed, day=approved.approved_on, by=maker, **said)
