"""The season of the demonstration: a round at the salons, drafts of the next quarter, and classes
that gauge interest.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from django.utils import timezone

from academy.errors import PortalError
from academy.models import Campus, CampusKind, GrowthStage, User, Venue
from courses.models import Course, Expert, TrainingClass
from courses.schedule.bulk_scheduling import (
    Round,
    create_drafts,
    judge,
    plan_of,
    propose_sittings,
    weekly_days,
)
from courses.schedule.class_plans import ClassPlan, LessonPlan
from courses.schedule.conditions import set_conditions
from courses.schedule.free_times import busy_lessons
from courses.schedule.holidays import is_workday
from courses.schedule.scheduling import create_class, open_class
from courses.schedule.season import Season
from courses.schedule.teachers import Teacher
from trainees.booking import enrolling
from trainees.eligibility import date_polls, interest
from trainees.models import Trainee

ROUND_NOW, ROUND_NEXT = "SW-013", "SW-020"  # 走访入户的第一句话; 反诈劝阻
BOOKED_PER_CLASS, INTERESTED = 9, 14
SALONS_OF_THE_ROUND = 6
EVENING_SEATS = 24
FOR_THE_NEW = "新任干部夜课（限新任阶段）"
# days from now, course, title
EVENINGS = (
    (9, "SW-020", "反诈劝阻夜课（各岗位都能来）"),
    (16, "WH-001", "文化夜课（各岗位都能来）"),
    (23, "ZC-001", FOR_THE_NEW),
)


def plan_the_season(now: datetime, people: Sequence[Trainee], office: User, cadre: Trainee) -> None:
    """A round that can be booked, a round of drafts in the next quarter, one class without a date
    and one that has just got it.
    """
    today = timezone.localdate(now)
    salons = list(
        Campus.objects.filter(kind=CampusKind.SALON, ended_on__isnull=True)
        .select_related("town")
        .order_by("code")
    )
    opened = _round(
        ROUND_NOW, salons[:SALONS_OF_THE_ROUND], _workday(now, 12), 1, time(13, 30), now, office
    )
    for place, item in enumerate(opened):
        now_open = open_class(training_class=item, by=office, now=now - timedelta(days=6))
        _book(now_open, people[place * 40 :], now - timedelta(days=2), BOOKED_PER_CLASS + place)
    first = Season.of(today).moved(1).first_day + timedelta(days=14)
    _round(
        ROUND_NEXT,
        salons,
        _workday(timezone.make_aware(datetime.combine(first, time(9, 0))), 0),
        2,
        time(9, 0),
        now,
        office,
    )
    _evenings_for_everybody(now, people, office)
    _without_a_date(now, people, office, cadre)


def _workday(now: datetime, days: int) -> datetime:
    moment = now + timedelta(days=days)
    while not is_workday(timezone.localdate(moment)):
        moment += timedelta(days=1)
    return moment


def _round(
    code: str,
    salons: Sequence[Campus],
    first: datetime,
    weeks: int,
    starts: time,
    now: datetime,
    office: User,
) -> list[TrainingClass]:
    """A round as the page plans it; what clashes with the sample schedule is left out."""
    course = Course.objects.filter(code=code).prefetch_related("audiences").first()
    if course is None:
        return []
    days = weekly_days(timezone.localdate(first), weeks)
    experts = list(Expert.objects.filter(published=True).order_by("code")[:12])
    wanted = Round(
        course=course,
        starts=starts,
        ends=time(starts.hour + 2, starts.minute),
        capacity=30,
        booking_opens_at=now - timedelta(days=6),
        closes_days_before=2,
        experts=experts,
        audiences=list(course.audiences.all()),
    )
    rooms: dict[int, list[Venue]] = {}
    for venue in Venue.objects.filter(campus__in=salons, ended_on__isnull=True).order_by("code"):
        rooms.setdefault(venue.campus_id, []).append(venue)
    busy = busy_lessons(
        first - timedelta(days=1),
        first + timedelta(weeks=weeks),
        venues=[room.pk for group in rooms.values() for room in group],
        teachers=[Teacher(item).key for item in experts],
    )
    plans = [
        plan_of(wanted, sitting)
        for sitting in propose_sittings(wanted, campuses=salons, days=days, rooms=rooms, busy=busy)
    ]
    return create_drafts(
        plans=[item.plan for item in judge(plans) if item.is_fine],
        by=office,
        now=now - timedelta(days=7),
    )


def _book(item: TrainingClass, people: Sequence[Trainee], at: datetime, wanted: int) -> None:
    """Book so many; who is refused is left out."""
    booked = 0
    for trainee in people:
        if booked == wanted:
            return
        try:
            enrolling.book(trainee=trainee, training_class=item, by=trainee.user, now=at)
        except PortalError:
            continue
        booked += 1


def _evenings_for_everybody(now: datetime, people: Sequence[Trainee], office: User) -> None:
    """Two evenings open to every post, so that whoever looks around finds a class to book, and one
    for cadres at the first stage only."""
    college = Campus.objects.filter(kind=CampusKind.COLLEGE).order_by("code").first()
    rooms = Venue.objects.filter(
        campus=college, ended_on__isnull=True, capacity__gte=EVENING_SEATS
    ).order_by("capacity", "code")
    for days, code, title in EVENINGS:
        starts_at = timezone.make_aware(
            datetime.combine(timezone.localdate(_workday(now, days)), time(18, 30))
        )
        course, ends_at = Course.objects.filter(code=code).first(), starts_at + timedelta(hours=2)
        taken = {
            lesson.venue_id
            for lesson in busy_lessons(starts_at, ends_at, venues=[room.pk for room in rooms])
        }
        room = next((room for room in rooms if room.pk not in taken), None)
        if course is None or room is None:
            continue
        plan = ClassPlan(
            title=title,
            campus=college,
            capacity=EVENING_SEATS,
            booking_opens_at=now - timedelta(days=5),
            booking_closes_at=starts_at - timedelta(days=1),
            lessons=[LessonPlan(course, room, starts_at, ends_at)],
        )
        draft = create_class(plan=plan, by=office, now=now - timedelta(days=6))
        if title == FOR_THE_NEW:
            set_conditions(draft, stages=GrowthStage.objects.order_by("sort_order", "pk")[:1])
        evening = open_class(
            training_class=draft,
            by=office,
            now=now - timedelta(days=5),
        )
        _book(evening, people[days * 5 :], now - timedelta(days=2), BOOKED_PER_CLASS)


def _without_a_date(now: datetime, people: Sequence[Trainee], office: User, cadre: Trainee) -> None:
    """One class is still announced without a date and asks which date suits; the other has got its
    date an hour ago.
    """
    college = Campus.objects.filter(kind=CampusKind.COLLEGE).order_by("code").first()
    course = Course.objects.filter(code="SW-026").first()
    room = (
        Venue.objects.filter(campus=college, ended_on__isnull=True)
        .order_by("capacity", "code")
        .first()
    )
    if course is None or room is None:
        return
    announced = ClassPlan(
        title="社区微更新工作坊（日期看大家）",
        campus=college,
        capacity=room.capacity,
        booking_opens_at=now,
        booking_closes_at=now + timedelta(days=60),
        gauges_interest=True,
    )
    waiting = create_class(plan=announced, by=office, now=now - timedelta(days=20))
    starts_at = timezone.make_aware(
        datetime.combine(timezone.localdate(_workday(now, 24)), time(18, 0))
    )
    dated = ClassPlan(
        title="社区调查夜课（从一张问卷开始）",
        campus=college,
        capacity=room.capacity,
        booking_opens_at=now - timedelta(hours=1),
        booking_closes_at=starts_at - timedelta(days=3),
        gauges_interest=True,
        lessons=[LessonPlan(course, room, starts_at, starts_at + timedelta(hours=2))],
    )
    evening = create_class(plan=dated, by=office, now=now - timedelta(days=20))
    for trainee in people[:INTERESTED]:
        for item in (waiting, evening):
            interest.show_interest(
                trainee=trainee, training_class=item, now=now - timedelta(days=9)
            )
    interest.show_interest(trainee=cadre, training_class=waiting, now=now - timedelta(days=9))
    _ask_for_dates(waiting, people[:INTERESTED], now, office)
    evening = interest.open_to_the_interested(
        training_class=evening, by=office, now=now - timedelta(hours=1)
    )
    _book(evening, people[:INTERESTED], now - timedelta(minutes=30), INTERESTED // 3)


def _ask_for_dates(
    training_class: TrainingClass, people: Sequence[Trainee], now: datetime, office: User
) -> None:
    """An open poll of four dates; most of the interested have tapped one or more."""
    dates = [
        date_polls.Span(
            *(
                timezone.make_aware(datetime.combine(timezone.localdate(_workday(now, days)), at))
                for at in (begins, ends)
            )
        )
        for days, begins, ends in (
            (30, time(9, 0), time(11, 30)),
            (32, time(13, 30), time(16, 0)),
            (37, time(9, 0), time(11, 30)),
            (39, time(18, 0), time(20, 0)),
        )
    ]
    poll = date_polls.open_poll(
        training_class=training_class,
        dates=dates,
        closes_at=now + timedelta(days=12),
        by=office,
        now=now - timedelta(days=4),
    )
    asked = list(poll.dates.order_by("starts_at"))
    for number, trainee in enumerate(people[: len(people) - 1]):
        for date in (asked[number % 4], asked[(number * 3 + 2) % 4]):
            date_polls.vote(trainee=trainee, date=date, suits=True, now=now - timedelta(days=2))
