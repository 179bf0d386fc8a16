"""Every indicator over generated worlds: what the database counts equals a plain recount in Python,
and the rows behind a figure are as many as it says.
"""

from collections import Counter
from datetime import date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from academy.models import TownBorder
from courses.models import ClassStatus, TopicRequestStatus
from plans.models import OverlapAnswer, WayOut
from plans.models.items import Standing
from plans.overlaps.answers import texts_of
from plans.overlaps.reading import guard_of, items_by_training, items_of
from portal.models import IndicatorFigure, UnansweredQuery
from portal.monitor.counting import count_all, seasons_until
from portal.monitor.other_sources import overlap_rows
from portal.monitor.sources import MEASURES
from practicums.models import ItemKind, ItemStatus, Secondment, SecondmentStatus
from trainees.models import EnrolmentEvent, EnrolmentEventKind, EnrolmentStatus

from ..factories import (
    CampusFactory,
    CourseFactory,
    DepartmentFactory,
    EnrolmentFactory,
    LearnerGroupFactory,
    ServiceItemFactory,
    TopicRequestFactory,
    TownFactory,
    TraineeFactory,
    UserFactory,
    VillageFactory,
    class_with,
)
from ..generated import examples
from ..plans.factories import AnnualPlanFactory, PlanItemFactory
from ..practicums.factories import SecondmentFactory

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2027, 6, 15, 12, tzinfo=SHANGHAI)
SEASONS = ["2025Q2", "2025Q3", "2026Q4", "2027Q1", "2027Q2", "2027Q3"]  # two of them out of reach
PLACES = st.integers(0, 2)  # of three street-towns
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)).map(
    lambda moment: moment.replace(tzinfo=SHANGHAI)
)
STATES = st.sampled_from(EnrolmentStatus.values)
BOOKING = st.tuples(PLACES, st.integers(0, 3), STATES, st.booleans(), st.booleans(), st.booleans())
CLASS = st.tuples(
    PLACES,
    st.sampled_from(SEASONS),
    st.sampled_from([ClassStatus.OPEN, ClassStatus.CLOSED, ClassStatus.CANCELLED]),
    st.booleans(),
)
REQUEST = st.tuples(
    st.integers(0, 3),
    MOMENTS,
    st.sampled_from(TopicRequestStatus.values),
    st.booleans(),
    st.booleans(),
)
SECONDMENT = st.tuples(
    PLACES, MOMENTS, st.sampled_from(["running", "withdrawn"]), st.booleans(), st.booleans()
)
ITEM = st.tuples(
    PLACES, st.integers(0, 1), st.sampled_from([None, 1, 2, 3, 4]), st.booleans(), st.integers(0, 2)
)
TEXTS = (
    ("业委会主任培训班", "业委会主任", "业委会换届、公共收益、议事规则"),
    ("业委会换届业务培训", "业委会主任", "业委会换届指导、公共收益、议事规则"),
    ("消防安全培训班", "网格员", "灭火器使用、电动自行车充电"),
)

pytestmark = pytest.mark.django_db


class Tally:
    """Counts by indicator, scope and season, one row after the other."""

    def __init__(self) -> None:
        self.part, self.whole = Counter(), Counter()

    def add(self, slug, season, town, department, *, counted) -> None:
        for scope in {"", town or "", department or ""}:
            self.whole[slug, scope, season] += 1
            self.part[slug, scope, season] += counted

    def figures(self) -> dict:
        return {key: (self.part[key], whole) for key, whole in self.whole.items()}


def kept(*slugs) -> dict:
    return {
        (row.indicator, row.scope, row.season): (row.part, row.whole)
        for row in IndicatorFigure.objects.filter(indicator__in=slugs)
    }


def rows_of(slug: str, scope: str, of: str, season: str) -> tuple[int, int]:
    rows = MEASURES[slug].rows(seasons=[season], scope=scope, of=of)
    return rows.filter(is_part=True).count(), rows.count()


def assert_same(tally: Tally, slugs, towns) -> None:
    count_all(NOW)
    reached = set(seasons_until(NOW))
    wanted = {key: value for key, value in tally.figures().items() if key[2] in reached}
    assert kept(*slugs) == wanted
    codes = {town.code for town in towns}
    for (slug, scope, season), figure in wanted.items():
        of = "" if not scope else "town" if scope in codes else "department"
        assert rows_of(slug, scope, of, season) == figure


def generated(**parts):
    """A test with worlds that the database forgets after each."""

    def of(test):
        return settings(
            max_examples=examples(8),
            deadline=None,
            suppress_health_check=[HealthCheck.function_scoped_fixture],
        )(given(**parts)(test))

    return of


@pytest.fixture
def forgotten():
    """Runs a world and takes all that it wrote back."""

    def run(world) -> None:
        with transaction.atomic():
            world()
            transaction.set_rollback(True)

    return run


NUMBERS = count(1)


@generated(classes=st.lists(CLASS, min_size=4, max_size=4), bookings=st.lists(BOOKING, max_size=12))
def test_bookings(forgotten, classes, bookings):
    forgotten(lambda: _bookings(classes, bookings))


def _bookings(classes, bookings) -> None:
    towns = [TownFactory() for _ in range(3)]
    department, group = DepartmentFactory(), LearnerGroupFactory()
    villages = [VillageFactory(town=town) for town in towns]
    TownBorder.objects.create(town=towns[1], neighbour=towns[0])
    TownBorder.objects.create(town=towns[1], neighbour=towns[2], active=False)
    made = []
    for place, season, status, is_theirs in classes:
        made.append(
            class_with(
                seats=30,
                campus=CampusFactory(town=towns[place]),
                department=department if is_theirs else None,
            )
        )
        made[-1].season, made[-1].status = season, status
        if status == ClassStatus.CANCELLED:
            made[-1].cancelled_reason = "示例"
        made[-1].save()
    tally = Tally()
    for place, number, status, is_repeat, has_reason, is_cadre in bookings:
        training_class = made[number]
        trainee = TraineeFactory(village=villages[place])
        holds = status in ("booked", "completed", "offered")
        enrolment = EnrolmentFactory(
            trainee=trainee,
            training_class=training_class,
            status=status,
            is_repeat=is_repeat,
            offer_ends_at=NOW if status == "offered" else None,
            pool=training_class.pools.first() if holds else None,
            **({} if is_cadre else {"position": None, "learner_group": group}),
        )
        if status == "withdrawn":
            EnrolmentEvent.objects.create(
                enrolment=enrolment,
                kind=EnrolmentEventKind.WITHDRAWN,
                reason="示例原因" if has_reason else "",
                at=NOW,
            )
        if not is_cadre or training_class.status == ClassStatus.CANCELLED:
            continue
        home, held = towns[place], training_class.campus.town
        whose = (
            training_class.season,
            home.code,
            department.code if training_class.department else None,
        )
        tally.add("cancels", *whose, counted=status == "withdrawn")
        if status == "withdrawn":
            tally.add("cancel-reasons", *whose, counted=has_reason)
            continue
        tally.add("queue", *whose, counted=status in ("waitlisted", "lapsed"))
        if status == "lapsed":
            continue
        tally.add("repeats", *whose, counted=is_repeat)
        is_near = {home, held} == {towns[0], towns[1]}
        tally.add("near-own", *whose, counted=home == held)
        tally.add("near-next", *whose, counted=is_near)
        tally.add("near-far", *whose, counted=home != held and not is_near)
    slugs = ("cancels", "cancel-reasons", "queue", "repeats", "near-own", "near-next", "near-far")
    assert_same(tally, slugs, towns)


def quarter_of(moment: datetime) -> str:
    return f"{moment.year}Q{(moment.month + 2) // 3}"


@generated(requests=st.lists(REQUEST, max_size=10))
def test_requests(forgotten, requests):
    forgotten(lambda: _requests(requests))


def _requests(requests) -> None:
    towns = [TownFactory() for _ in range(3)]
    item, course = ServiceItemFactory(department=DepartmentFactory()), CourseFactory()
    tally = Tally()
    for place, moment, status, has_course, has_item in requests:
        is_answered = status == TopicRequestStatus.ANSWERED
        TopicRequestFactory(
            asked_by=UserFactory(),
            village=VillageFactory(town=towns[place]) if place < 3 else None,
            asked_at=moment,
            status=status,
            answer="示例答复" if is_answered else "",
            answered_at=NOW if is_answered else None,
            course=course if has_course else None,
            service_item=item if has_item else None,
        )
        if status == TopicRequestStatus.WITHDRAWN:
            continue
        whose = (
            quarter_of(moment),
            towns[place].code if place < 3 else None,
            item.department.code if has_item else None,
        )
        tally.add("requests-met", *whose, counted=is_answered and has_course)
        tally.add("requests-open", *whose, counted=status == TopicRequestStatus.OPEN)
    assert_same(tally, ("requests-met", "requests-open"), towns)


@generated(secondments=st.lists(SECONDMENT, max_size=6))
def test_secondments(forgotten, secondments):
    forgotten(lambda: _secondments(secondments))


def _secondments(secondments) -> None:
    towns = [TownFactory() for _ in range(3)]
    tally = Tally()
    for place, moment, status, is_paired, has_met in secondments:
        begins = moment.date()
        secondment = SecondmentFactory(
            trainee=TraineeFactory(village=VillageFactory(town=towns[place])),
            starts_on=begins,
            ends_on=begins + timedelta(days=90),
        )
        if status == "withdrawn":
            secondment.status, secondment.end_reason = SecondmentStatus.WITHDRAWN, "示例"
            secondment.ended_at = NOW
            secondment.save()
        for kind, is_signed in (
            (ItemKind.MENTOR_PAIRING, is_paired),
            (ItemKind.GET_TOGETHER, has_met),
        ):
            state = ItemStatus.SIGNED if is_signed else ItemStatus.HANDED_IN
            secondment.items.filter(kind=kind).update(status=state)
        if status == "withdrawn":
            continue
        host = secondment.host_department
        whose = (quarter_of(moment), secondment.town.code, host.code if host else None)
        tally.add("mentoring", *whose, counted=is_paired)
        tally.add("get-togethers", *whose, counted=has_met)
    assert_same(
        tally,
        ("mentoring", "get-togethers"),
        {item.town for item in Secondment.objects.select_related("town")},
    )


@generated(
    items=st.lists(ITEM, max_size=6),
    ways=st.lists(st.sampled_from(["", "join", "differs", "changed"]), min_size=15, max_size=15),
)
def test_overlaps(forgotten, items, ways):
    forgotten(lambda: _overlaps(items, ways))


def _overlaps(items, ways) -> None:
    departments = [DepartmentFactory() for _ in range(3)]
    plans = [
        [
            AnnualPlanFactory(department=department, town=None, campus=None, year=year)
            for department in departments
        ]
        for year in (2026, 2027)
    ]
    for place, year, quarter, is_cancelled, text in items:
        name, audience, content = TEXTS[text]
        PlanItemFactory(
            plan=plans[year][place],
            number=next(NUMBERS) % 30_000,
            name=name,
            audience=audience,
            content=content,
            months="",
            quarter=quarter,
            standing=Standing.CANCELLED if is_cancelled else Standing.PLANNED,
            standing_reason="示例" if is_cancelled else "",
        )
    tally = Tally()
    for year in (2026, 2027):
        live = [item for item in items_of(year) if item.standing != Standing.CANCELLED]
        by_key = items_by_training(live)
        counted = set()
        for way, overlap in zip(ways, guard_of(live).overlaps(), strict=False):
            both = sorted(
                (by_key[overlap.one.key], by_key[overlap.other.key]), key=lambda item: item.pk
            )
            if way:
                OverlapAnswer.objects.create(
                    first=both[0],
                    second=both[1],
                    way=WayOut.JOIN if way == "join" else WayOut.DIFFERS,
                    reason="示例",
                    texts="0" * 64 if way == "changed" else texts_of(*both),
                    by=UserFactory(),
                    at=NOW,
                )
            if way != "differs":
                counted |= {item.pk for item in both}
        for item in live:
            seasons = {str(year), f"{year}Q{item.quarter}" if item.quarter else str(year)}
            for season in seasons:
                tally.add(
                    "overlaps",
                    season,
                    None,
                    item.plan.department.code,
                    counted=item.pk in counted,
                )
        assert {row.pk for row in overlap_rows(year) if row.is_part} == counted
    count_all(NOW)
    last = 2027 if any(year for _place, year, *_rest in items) else 2026
    told = {str(year) for year in (last - 1, last)}
    wanted = {key: value for key, value in tally.figures().items() if key[2][:4] in told}
    assert kept("overlaps") == wanted


@generated(
    weeks=st.dictionaries(st.integers(-26, 0), st.integers(1, 9), max_size=6),
)
def test_searches(forgotten, weeks):
    forgotten(lambda: _searches(weeks))


def _searches(weeks) -> None:
    counted = Counter()
    for back, times in weeks.items():
        week = date(2027, 6, 14) + timedelta(weeks=back)
        UnansweredQuery.objects.create(week=week, words="示例词", times=times)
        counted[quarter_of(datetime(week.year, week.month, 1))] += times
    first = min(counted, default="")
    count_all(NOW)
    assert kept("searches") == {
        ("searches", "", season): (counted[season], None)
        for season in seasons_until(NOW)
        if first and season >= first
    }
