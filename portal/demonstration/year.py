"""Demonstration data: a year of the academy on one day, always the same for the same day.

Real place names, everything else invented and marked as sample. Everything that moves seats, marks,
hours, plans or items goes through the functions that the pages use, with the clock set to when it
would have happened.
"""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from academy.errors import PortalError
from academy.imports import runs
from academy.models import Campus, CampusKind, Position, Town, User
from academy.network import load_network, load_town_borders
from academy.people_keys import keep_findable
from academy.search import index
from courses import topic_requests
from courses.loading.catalogue import load_catalogue
from courses.models import ClassStatus, Course, Lesson, ServiceItem, TrainingClass
from practicums.models import ItemKind, ItemStatus, SevenItem
from practicums.seven_items import steps
from trainees.models import Enrolment
from trainees.record import hours

from ..models import Feedback, UnansweredQuery
from ..monitor.counting import count_all
from ..monitor.owners import set_owners
from ..unanswered import monday_of
from .accounts import (
    HOME_TOWN,
    LOGINS,
    PASSWORD,
    let_the_town_name_its_coordinator,
    log_in_for,
    make_people,
)
from .annual_plans import make_plans
from .approvals import ask_for_approval
from .cases import fill_the_case_library
from .courses import lead_courses_through_their_lives
from .dispatch import send_people
from .evaluations import say_how_it_was
from .files import DEMO_DIR
from .groups import LIGHT_LOGIN, book_past, join_people, open_classes
from .held_classes import hold_a_year_of_classes
from .jobs import prepare_the_jobs
from .moves import move_a_class
from .own_bookings import have_second_thoughts, make_own_bookings
from .season import plan_the_season
from .secondments import load_secondments_near
from .stages import give_stages
from .study_hours import keep_study_hours
from .teachers import let_several_teach

SEED = 2027
WEEKS_OF_A_YEAR = timedelta(weeks=52)
# days on which classes.csv has past, running and coming classes
SCHEDULE_BEGINS, SCHEDULE_ENDS = date(2026, 9, 1), date(2027, 11, 30)


class DemoRefused(PortalError):
    """Demonstration data has no place where real data is, or where DEBUG is off."""


SECONDEE = ("19900000208", "secondee 挂职学员")
MENTOR = ("19900008009", "mentor of the secondee 带教老师")


@dataclass
class DemoReport:
    """What was put in; counts of rows."""

    people: int = 0
    classes_closed: int = 0
    classes_running: int = 0
    classes_open: int = 0
    bookings: int = 0
    logins: list[tuple[str, str, str]] = field(default_factory=list)

    def as_dict(self) -> dict:
        return {
            "people": self.people,
            "classes_closed": self.classes_closed,
            "classes_running": self.classes_running,
            "classes_open": self.classes_open,
            "bookings": self.bookings,
        }


# stopped halfway it leaves the database empty, and the next start loads it whole
@transaction.atomic
def load_demo(*, today: date, bare: bool = False) -> DemoReport:
    """Fill an empty database as it would stand on the day; `bare` stops after network and log-ins.

    Raises DemoRefused where it has no place.
    """
    if not settings.DEBUG and not getattr(settings, "DEMO_ALLOWED", False):
        raise DemoRefused(_("Demonstration data cannot be loaded with DEBUG off."))
    if User.objects.exists():
        raise DemoRefused(
            _(
                "There are people in this database already. Demonstration data goes into an empty"
                " one."
            )
        )
    chance = random.Random(SEED)  # noqa: S311  (the same data every time is the point)
    now = timezone.make_aware(datetime.combine(today, time(9, 0)))
    report, password = DemoReport(), make_password(PASSWORD)
    with transaction.atomic():
        load_network(DEMO_DIR / "network", today=date(2026, 1, 1))
        load_town_borders(DEMO_DIR / "network" / "town_borders.csv")
        if bare:
            for order, name in enumerate(
                sorted({login.position for login in LOGINS if login.position})
            ):
                Position.objects.create(name=name, sort_order=order)
            for login in LOGINS:
                if not login.group:
                    log_in_for(login, password)
            join_people(now, PASSWORD, [LIGHT_LOGIN])
            keep_findable(User.objects.all())
            report.people = User.objects.count()
            return report
        load_catalogue(DEMO_DIR / "catalogue", now=now)
        _move_schedule_near(today)
        _open_booking_early(now)
        people = make_people(chance)
        logins = {login.phone: log_in_for(login, password) for login in LOGINS if not login.group}
        let_the_town_name_its_coordinator(logins, now)
        hours.load_hour_targets(DEMO_DIR / "hour_targets.csv")
        office = logins["19900009007"]
        give_stages(office, now)
        report.people = User.objects.count()
    open_classes(now)
    book_past(join_people(now, PASSWORD), now)
    hold_a_year_of_classes(chance, now, people, office, cadre=logins["19900009001"].trainee)
    make_own_bookings(now, logins)
    have_second_thoughts(now, office, logins["19900009001"].trainee)
    plan_the_season(now, people, office, cadre=logins["19900009001"].trainee)
    let_several_teach(
        coordinator=logins["19900009004"], expert=logins["19900009012"].expert, now=now
    )
    load_secondments_near(today)
    give_stages(office, now)
    fill_the_case_library(DEMO_DIR / "cases", author=logins["19900009004"], now=now)
    _secondments(now)
    make_plans(now, logins["19900009008"])
    send_people(
        town=Town.objects.get(code=HOME_TOWN),
        cadre=logins["19900009001"].trainee,
        by=logins["19900009005"],
        now=now,
    )
    ask_for_approval(
        cadre=logins["19900009001"].trainee,
        colleague=logins["19900009002"].trainee,
        coordinator=logins["19900009003"],
        town_staff=logins["19900009005"],
        office=office,
        now=now,
    )
    move_a_class(cadre=logins["19900009001"].trainee, by=office, now=now)
    prepare_the_jobs(
        now, people, coordinator=logins["19900009004"], cadre=logins["19900009001"].trainee
    )
    _what_people_say(now, logins)
    lead_courses_through_their_lives(now, department_staff=logins["19900009006"], office=office)
    _imports(now, logins)
    _monitor(now, office)
    _make_findable()
    _count(report, now)
    return report


def _count(report: DemoReport, now: datetime) -> None:
    report.classes_closed = TrainingClass.objects.filter(status=ClassStatus.CLOSED).count()
    report.classes_running = TrainingClass.objects.filter(status=ClassStatus.RUNNING).count()
    report.classes_open = sum(
        1
        for item in TrainingClass.objects.filter(status=ClassStatus.OPEN)
        if item.booking_is_open(now)
    )
    report.bookings = Enrolment.objects.count()


def _make_findable() -> None:
    keep_findable(User.objects.all())
    index.rebuild()


def _imports(now: datetime, logins: dict[str, User]) -> None:
    """The office has sent the catalogue once more; a department's table waits with one row to
    mend.
    """
    catalogue, table = (
        DEMO_DIR / "catalogue" / "courses.xlsx",
        DEMO_DIR / "catalogue" / "courses-房管.csv",
    )
    sent = runs.preview(
        kind="courses",
        content=catalogue.read_bytes(),
        name="金课目录.xlsx",
        by=logins["19900009007"],
        now=now - timedelta(days=12),
    )
    runs.confirm(run=sent, now=now - timedelta(days=12) + timedelta(minutes=4))
    runs.preview(
        kind="courses",
        content=table.read_bytes(),
        name="房管局2027年新课申报表.csv",
        by=logins["19900009006"],
        now=now - timedelta(days=1),
    )


def _move_schedule_near(today: date) -> None:
    """Outside the days of classes.csv, move it by whole years of 52 weeks, so that weekdays
    stay.
    """
    years = 0
    while today - years * WEEKS_OF_A_YEAR > SCHEDULE_ENDS:
        years += 1
    while today - years * WEEKS_OF_A_YEAR < SCHEDULE_BEGINS:
        years -= 1
    if not years:
        return
    shift = years * WEEKS_OF_A_YEAR
    classes = list(TrainingClass.objects.order_by("-code" if years > 0 else "code"))
    for item in classes:
        year = int(item.season[:4]) + years
        item.code = item.code.replace(item.season, f"{year}{item.season[4:]}")
        item.season = f"{year}{item.season[4:]}"
        for name in (
            "booking_opens_at",
            "booking_closes_at",
            "cancel_until",
            "starts_at",
            "ends_at",
        ):
            if getattr(item, name):
                setattr(item, name, getattr(item, name) + shift)
        item.save()
        for pool in item.pools.exclude(release_at=None):
            pool.release_at += shift
            pool.save()
    lessons = list(Lesson.objects.all())
    for lesson in lessons:
        lesson.starts_at += shift
        lesson.ends_at += shift
    Lesson.objects.bulk_update(lessons, ["starts_at", "ends_at"])


def _open_booking_early(now: datetime) -> None:
    """The next eight classes take bookings already, and four for secretaries, so that there is
    something to book on any day.
    """
    coming = TrainingClass.objects.filter(
        booking_closes_at__gt=now + timedelta(days=3), starts_at__gt=now
    ).order_by("starts_at")
    for item in [*coming[:8], *coming.filter(audiences__name="居民区书记")[:4]]:
        item.booking_opens_at = min(item.booking_opens_at, now - timedelta(days=10))
        item.save(update_fields=["booking_opens_at"])


def _monitor(now: datetime, office: User) -> None:
    """What people sought in vain, who answers for three indicators, and everything counted."""
    monday = monday_of(now)
    for weeks, words, times in ((0, "电梯维保合同", 3), (1, "宠物", 2), (5, "居民 微信群 群主", 4)):
        UnansweredQuery.objects.create(
            week=monday - timedelta(weeks=weeks), words=words, times=times
        )
    college = Campus.objects.get(kind=CampusKind.COLLEGE)
    named = {"repeats": college, "overlaps": college, "requests-met": college}
    set_owners(wanted=named, by=office, now=now)
    count_all(now)


def _what_people_say(now: datetime, logins: dict[str, User]) -> None:
    say_how_it_was(
        random.Random(SEED),  # noqa: S311  (of its own: what comes after stays as it is)
        now,
        coordinator=logins["19900009004"],
        office=logins["19900009007"],
        cadre=logins["19900009001"].trainee,
    )
    _topic_requests(now, logins)
    _feedback(now, logins["19900009001"], logins["19900009007"])
    keep_study_hours(now, cadre=logins["19900009001"].trainee, office=logins["19900009007"])


def _feedback(now: datetime, cadre: User, office: User) -> None:
    """One dealt with, one from a visitor who left no name."""
    Feedback.objects.create(
        text="晚上的班希望早半小时下课，末班车赶不上。",
        contact=cadre.phone,
        page="/classes/",
        sent_by=cadre,
        sent_at=now - timedelta(days=6),
        handled_at=now - timedelta(days=5),
        handled_by=office,
    )
    Feedback.objects.create(
        text="手机上查课很方便。网络图里的会客厅能不能标上公交站？",
        page="/network/",
        sent_at=now - timedelta(days=1),
    )


def _topic_requests(now: datetime, logins: dict[str, User]) -> None:
    """One answered, two that wait."""
    cadre, elsewhere, office = logins["19900009001"], logins["19900009010"], logins["19900009007"]
    asked = topic_requests.ask(
        topic="老小区电动车充电怎么谈",
        situation="楼道里飞线充电，劝了几次又接上。",
        by=cadre,
        village=cadre.trainee.village,
        now=now - timedelta(days=12),
    )
    topic_requests.answer(
        request=asked,
        text="消防和物业两边的做法都在这门课里，下一次课会请做成过的居民区来讲。",
        by=office,
        now=now - timedelta(days=4),
        course=Course.objects.published().filter(title__contains="电动").first(),
    )
    topic_requests.ask(
        topic="短视频拍社区通知",
        situation="",
        by=cadre,
        village=cadre.trainee.village,
        now=now - timedelta(days=3),
    )
    topic_requests.ask(
        topic="集体土地出租合同怎么看",
        situation="承租人想转租，合同里没写清楚。",
        by=elsewhere,
        village=elsewhere.trainee.village,
        now=now - timedelta(days=8),
        service_item=ServiceItem.objects.filter(code="FW-16").first(),
    )


def _secondments(now: datetime) -> None:
    """Everybody named in one can log in, and one work case came back from its mentor."""
    named = User.objects.filter(
        Q(trainee__secondments__isnull=False) | Q(mentored_secondments__isnull=False),
        is_sample=True,
    )
    # hashed once: each hash takes a third of a second
    User.objects.filter(pk__in=named.values("pk")).update(password=make_password(PASSWORD))
    case = (
        SevenItem.objects.filter(kind=ItemKind.WORK_CASE, status=ItemStatus.HANDED_IN)
        .select_related("secondment__mentor")
        .first()
    )
    if case:
        steps.send_back(
            item=case,
            comment="请写清楚三户居民分别担心什么、您怎么回应的；做法比结论更有用。",
            by=case.secondment.mentor,
            now=now - timedelta(days=1),
        )
