"""Demonstration data: a year of the academy on one day, always the same for the same day.

Real place names, everything else invented and marked as sample. Everything that moves seats, marks,
hours, plans or items goes through the functions that the pages use, with the clock set to when it
would have happened.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from academy.errors import PortalError
from academy.imports import runs
from academy.models import (
    Campus,
    CampusKind,
    Department,
    Position,
    Role,
    RoleGrant,
    Town,
    User,
    Village,
    VillageKind,
)
from academy.network import load_network
from academy.search import index
from courses import topic_requests
from courses.catalogue.loading import load_catalogue
from courses.models import ClassStatus, Course, Expert, Lesson, ServiceItem, Track, TrainingClass
from plans import filing, items
from plans.importers import context_of
from plans.models import AnnualPlan
from practicums.models import ItemKind, ItemStatus, SevenItem
from practicums.seven_items import steps
from trainees.booking import enrolling
from trainees.booking.withdrawing import withdraw, withdraw_late
from trainees.classes import changes
from trainees.me.calendar_feed import feed_of
from trainees.me.follows import follow
from trainees.models import (
    Attendance,
    AttendanceStatus,
    Enrolment,
    EnrolmentStatus,
    Posting,
    QueuePriority,
    Trainee,
)
from trainees.on_behalf import requests
from trainees.people.stroke_order import stroke_key
from trainees.record import attendance, closing, hours

from ..models import Feedback
from .approvals import ask_for_approval
from .cases import fill_the_case_library
from .courses import lead_courses_through_their_lives
from .dispatch import send_people
from .groups import LIGHT_LOGIN, book_past, join_people, open_classes
from .jobs import prepare_the_jobs, teaches_lifts
from .moves import move_a_class
from .season import plan_the_season
from .secondments import load_secondments_near

DEMO_DIR = Path(settings.BASE_DIR) / "demo"
PASSWORD = "baoshan-demo-2027"  # noqa: S105  (sample people only; refused with DEBUG off)
SEED = 2027
PEOPLE = 420  # trainees besides the ones who can log in
FIRST_TRAINEE_PHONE = 19900004000
FIRST_CLERK_PHONE = 19900009050
WAITING_IN_THE_FULL_CLASS = 3
WEEKS_OF_A_YEAR = timedelta(weeks=52)
# days on which classes.csv has past, running and coming classes
SCHEDULE_BEGINS, SCHEDULE_ENDS = date(2026, 9, 1), date(2027, 11, 30)

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘蔡蒋余"
    "杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆汪范石廖贾夏韦付方邹熊孟秦白江阎薛尹"
)
GIVEN = [
    "建国",
    "志强",
    "建华",
    "文军",
    "晓峰",
    "永明",
    "国平",
    "海燕",
    "丽萍",
    "慧芳",
    "玉兰",
    "秀英",
    "敏华",
    "佳怡",
    "雯婷",
    "思远",
    "俊杰",
    "浩然",
    "子轩",
    "静",
    "芳",
    "磊",
    "敏",
    "洁",
    "婷",
    "伟",
    "斌",
    "莉",
    "颖",
    "琴",
    "春燕",
    "红梅",
    "雪琴",
    "卫东",
    "立新",
    "爱民",
    "学文",
    "宏伟",
    "晨",
    "昕",
    "悦",
    "嘉琪",
    "梦洁",
    "雅琴",
    "美玲",
    "凤英",
    "金花",
    "彩云",
    "志明",
    "振华",
]


class DemoRefused(PortalError):
    """Demonstration data has no place where real data is, or where DEBUG is off."""


@dataclass(frozen=True)
class Login:
    """One demonstration account: who, and which grant or profile it holds."""

    phone: str
    name: str
    label: str
    role: str = ""
    town: str = ""
    village: str = ""
    campus: str = ""
    department: str = ""
    position: str = ""
    expert: str = ""  # whose page among the experts is theirs
    group: str = ""  # of a light account; `demo_groups` makes it


# 大场镇 and two of its villages
HOME_TOWN, HOME_VILLAGE, NEXT_VILLAGE = "310113102", "310113102012", "310113102013"
SECONDEE = ("19900000208", "secondee 挂职学员")
MENTOR = ("19900008009", "mentor of the secondee 带教老师")
LOGINS = (
    Login(
        "19900009001",
        "周敏华",
        "village cadre 居村干部",
        village=HOME_VILLAGE,
        position="居民区书记",
    ),
    Login(
        "19900009002",
        "陆晓峰",
        "colleague of the same village 同村干部",
        village=HOME_VILLAGE,
        position="社区工作者",
    ),
    Login(
        "19900009003",
        "沈丽萍",
        "village coordinator 居村联络员",
        Role.VILLAGE_COORDINATOR,
        village=HOME_VILLAGE,
        position="条线委员",
    ),
    Login(
        "19900009004",
        "顾建华",
        "branch coordinator 总校教务",
        Role.BRANCH_COORDINATOR,
        campus="C00",
    ),
    Login("19900009005", "钱慧芳", "town staff 大场镇", Role.TOWN_STAFF, town=HOME_TOWN),
    Login(
        "19900009006",
        "孙立新",
        "department staff 区房管局",
        Role.DEPARTMENT_STAFF,
        department="D08",
    ),
    Login("19900009007", "徐静", "district staff 区级", Role.DISTRICT_STAFF),
    Login("19900009008", "何伟", "administrator 管理员", Role.ADMINISTRATOR),
    Login("19900009009", "严敏", "auditor 审计员", Role.AUDITOR),
    Login(LIGHT_LOGIN[0], LIGHT_LOGIN[1], "light account 居民账号（志愿者）", group=LIGHT_LOGIN[2]),
    Login(
        "19900009013",
        "卫国强",
        "host department of the secondee 挂职接收部门（区农业农村委）",
        Role.DEPARTMENT_STAFF,
        department="D16",
    ),
    Login(
        "19900009010",
        "方春燕",
        "village cadre elsewhere 罗店镇居村干部",
        village="310113101001",
        position="居委主任",
    ),
    Login("19900009012", "翁丽娣", "expert 师资（社区规划师）", expert="ZJ-001"),
)


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
        if bare:
            for order, name in enumerate(
                sorted({login.position for login in LOGINS if login.position})
            ):
                Position.objects.create(name=name, sort_order=order)
            for login in LOGINS:
                if not login.group:
                    _log_in_for(login, password)
            join_people(now, PASSWORD, [LIGHT_LOGIN])
            report.people = User.objects.count()
            return report
        load_catalogue(DEMO_DIR / "catalogue", now=now)
        _move_schedule_near(today)
        _open_booking_early(now)
        people = _people(chance)
        logins = {login.phone: _log_in_for(login, password) for login in LOGINS if not login.group}
        hours.load_hour_targets(DEMO_DIR / "hour_targets.csv")
        report.people = User.objects.count()
    open_classes(now)
    book_past(join_people(now, PASSWORD), now)
    office = logins["19900009007"]
    _year_of_classes(chance, now, people, office, cadre=logins["19900009001"].trainee)
    _own_bookings(now, logins)
    _second_thoughts(now, office, logins["19900009001"].trainee)
    plan_the_season(now, people, office)
    load_secondments_near(today)
    fill_the_case_library(DEMO_DIR / "cases", author=logins["19900009004"], now=now)
    _secondments(now)
    _plans(now, logins["19900009008"])
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
    _topic_requests(now, logins)
    _feedback(now, logins["19900009001"], office)
    lead_courses_through_their_lives(now, department_staff=logins["19900009006"], office=office)
    _imports(now, logins)
    index.rebuild()
    report.classes_closed = TrainingClass.objects.filter(status=ClassStatus.CLOSED).count()
    report.classes_running = TrainingClass.objects.filter(status=ClassStatus.RUNNING).count()
    report.classes_open = sum(
        1
        for item in TrainingClass.objects.filter(status=ClassStatus.OPEN)
        if item.booking_is_open(now)
    )
    report.bookings = Enrolment.objects.count()
    return report


# --- Imports --------------------------------------------------------------------------------------


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


# --- The schedule ---------------------------------------------------------------------------------


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


# --- People ---------------------------------------------------------------------------------------


def _people(chance: random.Random) -> list[Trainee]:
    """Trainees of all posts and towns; every name is invented."""
    neighbourhoods = list(Village.objects.filter(kind=VillageKind.NEIGHBOURHOOD).order_by("code"))
    villages = list(Village.objects.filter(kind=VillageKind.VILLAGE).order_by("code"))
    positions = list(Position.objects.order_by("sort_order", "pk"))
    rural = [position for position in positions if position.name.startswith("村")]
    urban = [position for position in positions if position not in rural]
    unusable = User(phone="0", name="").password or "!"
    users, trainees, taken = [], [], set()
    for number in range(PEOPLE):
        name = _new_name(chance, taken)
        users.append(
            User(
                phone=str(FIRST_TRAINEE_PHONE + number),
                name=name,
                password=unusable,
                is_sample=True,
            )
        )
        if number % 8 == 0 and rural:
            place, position = chance.choice(villages), rural[(number // 8) % len(rural)]
        else:
            place, position = chance.choice(neighbourhoods), urban[number % len(urban)]
        trainees.append(Trainee(village=place, position=position, stroke_key=stroke_key(name)))
    for user in users:
        user.set_unusable_password()
    User.objects.bulk_create(users)
    for trainee, user in zip(
        trainees,
        User.objects.filter(phone__in=[user.phone for user in users]).order_by("phone"),
        strict=True,
    ):
        trainee.user = user
    Trainee.objects.bulk_create(trainees)
    trainees = list(
        Trainee.objects.filter(user__phone__gte=str(FIRST_TRAINEE_PHONE))
        .select_related("user", "village", "position")
        .order_by("user__phone")
    )
    Posting.objects.bulk_create(
        Posting(
            trainee=trainee,
            village=trainee.village,
            position=trainee.position,
            valid_from=date(2024, 1, 1),
        )
        for trainee in trainees
    )
    return trainees


def _new_name(chance: random.Random, taken: set[str]) -> str:
    while True:
        name = chance.choice(SURNAMES) + chance.choice(GIVEN)
        if name not in taken:
            taken.add(name)
            return name


def _log_in_for(login: Login, password: str) -> User:
    """The account with its role or profile; the password comes hashed, for each hash takes a third
    of a second.
    """
    user = User.objects.create(
        phone=login.phone,
        name=login.name,
        password=password,
        is_sample=True,
        is_staff=login.role == Role.ADMINISTRATOR,
    )
    if login.role:
        RoleGrant.objects.create(
            user=user,
            role=login.role,
            valid_from=date(2026, 1, 1),
            town=Town.objects.get(code=login.town) if login.town else None,
            village=Village.objects.get(code=login.village) if login.village else None,
            campus=Campus.objects.get(code=login.campus) if login.campus else None,
            department=Department.objects.get(code=login.department) if login.department else None,
        )
    if login.expert:
        Expert.objects.filter(code=login.expert).update(user=user)
    if login.position:
        trainee = Trainee.objects.create(
            user=user,
            village=Village.objects.get(code=login.village),
            position=Position.objects.get(name=login.position),
            stroke_key=stroke_key(login.name),
        )
        Posting.objects.create(
            trainee=trainee,
            village=trainee.village,
            position=trainee.position,
            valid_from=date(2024, 1, 1),
        )
    return user


# --- Classes --------------------------------------------------------------------------------------


def _year_of_classes(
    chance: random.Random, now: datetime, people: list[Trainee], office: User, *, cadre: Trainee
) -> None:
    """Past classes are closed but the last, whose last lesson waits for the coordinator's marks;
    running ones are marked so far.

    All are booked before the first one starts: classes overlap, and whoever is late finds a class
    that runs already. The cadre who logs in books what is for secretaries but lifts, and finds the
    next full class full.
    """
    begun = list(
        TrainingClass.objects.filter(starts_at__lte=now).order_by("booking_opens_at", "code")
    )
    for item in begun:
        share = item.capacity * 3 // 4 if item.ends_at < now else item.capacity * 4 // 5
        first = [] if teaches_lifts(item) else [cadre]
        _book_many(
            item, [*first, *chance.sample(people, len(people))], item.booking_opens_at, wanted=share
        )
    ended = sorted((item for item in begun if item.ends_at < now), key=lambda item: item.ends_at)
    for item in ended:
        changes.start_due_classes(now=item.starts_at)
        _mark_lessons(
            chance,
            item,
            (
                item.lessons.all()
                if item is not ended[-1]
                else item.lessons.order_by("number")[: item.lesson_count - 1]
            ),
            office,
        )
        if item is not ended[-1]:
            closing.close_class(
                training_class=TrainingClass.objects.get(pk=item.pk),
                by=office,
                now=item.ends_at + timedelta(days=1),
            )
    changes.start_due_classes(now=now)
    for item in begun:
        if item not in ended:
            _mark_lessons(chance, item, item.lessons.filter(ends_at__lt=now), office)
    coming = list(
        TrainingClass.objects.filter(
            starts_at__gt=now, booking_opens_at__lte=now, status=ClassStatus.OPEN
        ).order_by("starts_at")
    )
    queued = [item for item in coming if item.has_waiting_list and item.booking_is_open(now)]
    full = next(
        (item for item in queued if item.audiences.contains(cadre.position)),
        queued[0] if queued else None,
    )
    for item in coming:
        if item is full:
            _fill_with_a_queue(item, chance.sample(people, len(people)), now)
        else:
            first = [] if item.booking_is_open(now) or teaches_lifts(item) else [cadre]
            wanted = chance.randint(item.capacity // 3, item.capacity * 9 // 10)
            _book_many(
                item,
                [*first, *chance.sample(people, len(people))],
                now - timedelta(days=2),
                wanted=wanted,
            )


def _book_many(
    item: TrainingClass, candidates: Iterable[Trainee], at: datetime, *, wanted: int
) -> None:
    """Book up to `wanted` seats for people the class is for; who is refused is left out."""
    at = min(max(at, item.booking_opens_at), item.booking_closes_at - timedelta(minutes=1))
    audience = set(item.audiences.values_list("pk", flat=True))
    booked = 0
    for candidate in candidates:
        if booked >= wanted:
            return
        if audience and candidate.position_id not in audience:
            continue
        try:
            enrolment = enrolling.book(
                trainee=candidate, training_class=item, by=candidate.user, now=at
            )
        except PortalError:
            continue
        at = min(at + timedelta(minutes=1), item.booking_closes_at - timedelta(minutes=1))
        if enrolment.status == EnrolmentStatus.WAITLISTED:
            withdraw(enrolment=enrolment, by=candidate.user, now=at)
        else:
            booked += 1


def _fill_with_a_queue(item: TrainingClass, candidates: list[Trainee], now: datetime) -> None:
    """Fill the class to the last seat, so that a few people wait."""
    audience = set(item.audiences.values_list("pk", flat=True))
    fitting = [
        candidate for candidate in candidates if not audience or candidate.position_id in audience
    ]
    others = [candidate for candidate in candidates if candidate not in fitting]
    at, waiting = now - timedelta(days=2), 0
    for candidate in fitting + others:
        if waiting >= WAITING_IN_THE_FULL_CLASS:
            return
        if candidate in others:
            candidate.position_id = next(iter(audience))
            candidate.save(update_fields=["position"])
            candidate.refresh_from_db()
        try:
            enrolment = enrolling.book(
                trainee=candidate, training_class=item, by=candidate.user, now=at
            )
        except PortalError:
            continue
        at += timedelta(minutes=1)
        if enrolment.status == EnrolmentStatus.WAITLISTED:
            left = TrainingClass.objects.with_seats().get(pk=item.pk).seats_left
            if left:
                withdraw(enrolment=enrolment, by=candidate.user, now=at)
            else:
                waiting += 1


def _mark_lessons(
    chance: random.Random, item: TrainingClass, lessons: Iterable[Lesson], by: User
) -> None:
    """All present, but for a few; nobody is left unmarked."""
    for lesson in lessons:
        enrolments = list(item.enrolments.holding_a_seat())
        if not enrolments:
            continue
        at = lesson.starts_at + timedelta(minutes=5)
        attendance.mark(
            lesson=lesson, enrolments=enrolments, status=AttendanceStatus.PRESENT, by=by, now=at
        )
        for enrolment in chance.sample(enrolments, min(3, len(enrolments))):
            status = chance.choice(
                [AttendanceStatus.LATE, AttendanceStatus.EXCUSED, AttendanceStatus.ABSENT]
            )
            minutes = lesson.duration_minutes - 30 if status == AttendanceStatus.LATE else None
            attendance.mark(
                lesson=lesson,
                enrolments=[enrolment],
                status=status,
                minutes=minutes,
                by=by,
                now=at + timedelta(minutes=1),
            )


def _own_bookings(now: datetime, logins: dict[str, User]) -> None:
    """The cadre who logs in waits for the full class and has one booked that can still be
    cancelled.
    """
    cadre = logins["19900009001"].trainee
    feed_of(cadre, now)
    for target in (
        Campus.objects.get(kind=CampusKind.SALON, town__code=HOME_TOWN),
        Track.objects.get(prefix="SW"),
        Course.objects.get(code="SW-001"),
    ):
        follow(trainee=cadre, target=target, now=now - timedelta(days=30))
    taken: set[str] = set()
    for item in TrainingClass.objects.filter(status=ClassStatus.OPEN, starts_at__gt=now).order_by(
        "-waiting_count", "starts_at"
    ):
        if not item.booking_is_open(now):
            continue
        try:
            taken.add(
                enrolling.book(
                    trainee=cadre, training_class=item, by=cadre.user, now=now - timedelta(hours=1)
                ).status
            )
        except PortalError:
            continue
        if EnrolmentStatus.BOOKED in taken:
            return


def _let_in(user: User) -> None:
    """Somebody of the demonstration may log in."""
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])


def _second_thoughts(now: datetime, office: User, cadre: Trainee) -> None:
    """In the full class somebody was moved up with a reason and somebody is asked about a seat;
    somebody asks to withdraw late; a class has its day of decision today. Whoever was absent
    without leave last can look at what that means.
    """
    absent = Attendance.objects.filter(
        status=AttendanceStatus.ABSENT, lesson__training_class__status=ClassStatus.CLOSED
    )
    if (missed := absent.order_by("lesson__starts_at", "pk").last()) is not None:
        _let_in(missed.enrolment.trainee.user)
    full = (
        TrainingClass.objects.filter(
            status=ClassStatus.OPEN, waiting_count__gte=WAITING_IN_THE_FULL_CLASS, starts_at__gt=now
        )
        .order_by("starts_at")
        .first()
    )
    if full is not None:
        # Offers of a whole day: whoever loads the demonstration in the evening finds this one still
        # open
        TrainingClass.objects.filter(pk=full.pk).update(
            cancel_until=now - timedelta(hours=1), offer_hours=24
        )
        seat = (
            Enrolment.objects.filter(training_class=full, status=EnrolmentStatus.BOOKED)
            .exclude(trainee=cadre)
            .order_by("pk")
            .first()
        )
        withdraw_late(enrolment=seat, by=office, now=now - timedelta(minutes=30), reason="岗位调动")
        asked = (
            Enrolment.objects.filter(training_class=full, status=EnrolmentStatus.OFFERED)
            .select_related("trainee__user")
            .first()
        )
        if asked is not None:
            _let_in(asked.trainee.user)  # so that the offer can be tried
        favoured = (
            Enrolment.objects.waiting().filter(training_class=full).exclude(trainee=cadre).last()
        )
        enrolling.set_priority(
            enrolment=favoured,
            priority=QueuePriority.FIRST,
            reason="新任书记，半年内要轮训一次",
            by=office,
            now=now - timedelta(minutes=20),
        )
    others = Enrolment.objects.filter(
        status=EnrolmentStatus.BOOKED,
        training_class__status=ClassStatus.OPEN,
        training_class__starts_at__gt=now,
    )
    seat = (
        others.exclude(training_class__in=cadre.enrolments.values("training_class"))
        .exclude(training_class=full)
        .order_by("training_class__starts_at", "pk")
        .first()
    )
    if seat is not None:
        TrainingClass.objects.filter(pk=seat.training_class_id).update(
            cancel_until=now - timedelta(hours=4)
        )
        seat.refresh_from_db()
        requests.ask_to_withdraw(
            enrolment=seat,
            reason="那天街道有防汛值守，来不了",
            by=seat.trainee.user,
            now=now - timedelta(hours=3),
        )
    short = (
        TrainingClass.objects.filter(
            status=ClassStatus.OPEN,
            starts_at__gt=now + timedelta(days=1),
            booking_opens_at__lte=now,
        )
        .with_seats()
        .order_by("seats_taken_total", "code")
        .first()
    )
    if short is not None and short.seats_taken_total < short.capacity:
        TrainingClass.objects.filter(pk=short.pk).update(
            minimum_size=short.seats_taken_total + 1, decide_on=timezone.localdate(now)
        )


# --- Feedback -------------------------------------------------------------------------------------


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


# --- Topic requests -------------------------------------------------------------------------------


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


# --- Secondments ----------------------------------------------------------------------------------


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


# --- Annual plans ---------------------------------------------------------------------------------

PLAN_YEAR = 2027  # the year of the sample files
FILED, SENT_BACK, HANDED_IN, DRAFT = "filed", "sent back", "handed in", "draft"
PLANS = (
    ("plan-2027-房管局.xlsx", Department, "D08", FILED),
    ("plan-2027-民政局.xlsx", Department, "D06", FILED),
    ("plan-2027-应急管理局.xlsx", Department, "D09", HANDED_IN),
    ("plan-2027-杨行镇.xlsx", Town, "310113103", HANDED_IN),
    ("plan-2027-罗店镇.xlsx", Town, "310113101", SENT_BACK),
    ("plan-2027-大场镇.xlsx", Town, "310113102", DRAFT),
)


# of owners without a log-in
CLERKS = {"D06": "谢婉清", "D09": "罗志远", "310113103": "唐晓雯", "310113101": "韩立群"}


def _plans(now: datetime, administrator: User) -> None:
    """Six plans at every point of their way, each drafted by its owner's staff."""
    for file, model, code, wanted in PLANS:
        owner = model.objects.get(code=code)
        clerk = _clerk_of(owner, code)
        content = (DEMO_DIR / "plans" / file).read_bytes()
        sent, context = now - timedelta(days=9), context_of(owner, PLAN_YEAR)
        run = runs.preview(
            kind="plan", content=content, name=file, by=clerk, now=sent, context=context
        )
        runs.confirm(run=run, now=sent)
        plan = AnnualPlan.objects.of_owner(owner).get(year=PLAN_YEAR)
        if wanted == DRAFT:
            _work_on(plan)
            continue
        plan = filing.submit(plan=plan, by=clerk, now=now - timedelta(days=6))
        if wanted == FILED:
            filing.file_plan(plan=plan, by=administrator, now=now - timedelta(days=3))
        elif wanted == SENT_BACK:
            filing.return_for_changes(
                plan=plan,
                reason="第 3 项和第 7 项对象相同，请合并，或说明区别。",
                by=administrator,
                now=now - timedelta(days=2),
            )


def _clerk_of(owner: Town | Department, code: str) -> User:
    """Who drafts the owner's plan; most can not log in."""
    scope = {owner._meta.model_name: owner}
    grant = (
        RoleGrant.objects.filter(**scope, village=None)
        .select_related("user")
        .order_by("pk")
        .first()
    )
    if grant is not None:
        return grant.user
    phone = str(FIRST_CLERK_PHONE + sorted(CLERKS).index(code))
    clerk = User.objects.create_user(phone=phone, password=None, name=CLERKS[code], is_sample=True)
    role = Role.TOWN_STAFF if isinstance(owner, Town) else Role.DEPARTMENT_STAFF
    RoleGrant.objects.create(user=clerk, role=role, valid_from=date(2026, 1, 1), **scope)
    return clerk


def _work_on(plan: AnnualPlan) -> None:
    """Change an item and take one out, so that importing the file once more has something to
    show.
    """
    changed = plan.items.get(number=2)
    changed.people += 20
    items.save_item(plan=plan, item=changed)
    items.remove_item(plan=plan, item=plan.items.last())
