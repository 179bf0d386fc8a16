"""The season board (赋能季划): one quarter, campus by campus and week by week; nothing here
writes.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from academy.models import Campus, CampusKind
from academy.templatetags.portal_tags import short_day

from ..models import ClassStatus, Lesson, TeachingRole, TrainingClass
from .holidays import DayMark, mark_of, not_announced, warning_for
from .season import DAYS_OF_A_WEEK, Days, Month, Season, monday_of

MOST_OF_A_QUARTER = 40  # classes that the board shows at once; a fuller quarter is shown by month
CAMPUS_ORDER = (CampusKind.COLLEGE, CampusKind.BRANCH, CampusKind.SALON)
MOST_WEEKS_OF_A_MONTH = 6


@dataclass(frozen=True)
class Week:
    """One column of the board."""

    monday: date
    first_day: date  # of those that are shown: a month may begin on a Thursday
    last_day: date
    is_now: bool
    marks: tuple[DayMark, ...]  # its public holidays and swapped workdays

    @property
    def label(self) -> str:
        return f"{self.monday.month}/{self.monday.day}"

    @property
    def mark_words(self) -> list[str]:
        """元旦 1/1, or 春节 2/16—2/22 for a run of days."""
        runs: list[list[DayMark]] = []
        for mark in self.marks:
            if runs and runs[-1][-1].words == mark.words and runs[-1][-1].is_off == mark.is_off:
                runs[-1].append(mark)
            else:
                runs.append([mark])
        return [
            f"{run[0].words} {_slash(run[0].day)}"
            + (f"—{_slash(run[-1].day)}" if len(run) > 1 else "")
            for run in runs
        ]


def _slash(day: date) -> str:
    return f"{day.month}/{day.day}"


def weeks_of(shown: Days, today: date) -> list[Week]:
    """Every week that has a day of the season or month."""
    weeks, monday = [], shown.first_monday
    while monday <= shown.last_day:
        days = [monday + timedelta(days=n) for n in range(DAYS_OF_A_WEEK)]
        marks = tuple(mark for mark in map(mark_of, days) if mark.words)
        weeks.append(
            Week(
                monday,
                max(monday, shown.first_day),
                min(days[-1], shown.last_day),
                today in days,
                marks,
            )
        )
        monday += timedelta(days=DAYS_OF_A_WEEK)
    return weeks


@dataclass(frozen=True)
class Card:
    """One class on the board: the columns it covers, and how it stands."""

    training_class: TrainingClass
    first_column: int  # from 1
    end_column: int  # the one after its last
    kind: str  # "open", "full" or "warn": has something to be done
    name: str
    subtitle: str
    starts: str
    seats: str
    to_do: tuple[str, ...]


@dataclass(frozen=True)
class LessonLine:
    """One lesson in the list by week and in the month."""

    lesson: Lesson
    training_class: TrainingClass
    day: date
    place: str
    part: str  # 第 2 次课，共 5 次
    seats: str  # 18 / 30
    warning: str
    kind: str


@dataclass(frozen=True)
class Lane:
    """A campus with its classes."""

    campus: Campus
    name: str
    what: str
    cards: list[Card]


@dataclass
class Board:
    """A season, or a month of it, as its page shows it."""

    shown: Season | Month
    weeks: list[Week]
    today: date
    lanes: list[Lane] = field(default_factory=list)
    lines: list[LessonLine] = field(default_factory=list)
    undated: list[TrainingClass] = field(default_factory=list)
    # (code, name) of sites without a class
    idle: list[tuple[str, str]] = field(default_factory=list)

    @property
    def unannounced(self) -> list[int]:
        """Years of what is shown whose public holidays are not known yet."""
        return not_announced(
            {week.monday.year for week in self.weeks[1:]} | {self.shown.first_day.year}
        )

    @property
    def class_count(self) -> int:
        return sum(len(lane.cards) for lane in self.lanes)

    @cached_property
    def by_week(self) -> list[tuple[Week, list[LessonLine]]]:
        """Weeks that have lessons or public holidays, each with its lessons."""
        lines = defaultdict(list)
        for line in self.lines:
            lines[monday_of(line.day)].append(line)
        return [
            (week, lines[week.monday])
            for week in self.weeks
            if lines[week.monday] or week.marks or week.is_now
        ]

    @cached_property
    def months(self) -> list[tuple[date, list[list["MonthDay"]]]]:
        """(first day, weeks of seven days) of each month shown."""
        lines = defaultdict(list)
        for line in self.lines:
            lines[line.day].append(line)
        return [
            (month.first_day, self._month(month.first_day, lines)) for month in self.shown.months
        ]

    def _month(self, first: date, lines: dict[date, list[LessonLine]]) -> list[list["MonthDay"]]:
        rows, monday = [], monday_of(first)
        while monday <= self.shown.last_day and (monday <= first or monday.month == first.month):
            days = [monday + timedelta(days=n) for n in range(DAYS_OF_A_WEEK)]
            rows.append(
                [
                    MonthDay(
                        day,
                        day.month == first.month,
                        day == self.today,
                        mark_of(day),
                        lines[day] if day.month == first.month else [],
                    )
                    for day in days
                ]
            )
            monday += timedelta(days=DAYS_OF_A_WEEK)
        return rows


@dataclass(frozen=True)
class MonthDay:
    """A field of the month."""

    day: date
    is_inside: bool
    is_today: bool
    mark: DayMark
    lines: list[LessonLine]


def lay_out(
    classes: Iterable[TrainingClass],
    *,
    shown: Season | Month,
    idle: Iterable[Campus],
    today: date,
    now: datetime,
) -> Board:
    """Put classes with their lessons, pools and campus loaded onto the weeks of a season or month.

    `idle` are the sites without a class, which are named below the board. Pure: asks no database,
    so that a season of a thousand classes costs the queries of one.
    """
    board = Board(
        shown,
        weeks_of(shown, today),
        today,
        idle=[(campus.code, campus_label(campus)) for campus in idle],
    )
    begins_at, ends_at = shown.begins_at, shown.ends_at
    part, seats = _("lesson %(number)s of %(total)s"), _("%(taken)s of %(capacity)s")
    lanes: dict[int, Lane] = {}
    for item in classes:
        lessons = sorted(item.lessons.all(), key=lambda lesson: lesson.starts_at)
        inside = [lesson for lesson in lessons if begins_at <= lesson.starts_at < ends_at]
        if not inside:
            board.undated.append(item)
            continue
        kind, to_do = _standing(item, lessons, now)
        if item.campus_id not in lanes:
            lanes[item.campus_id] = Lane(item.campus, *_campus_words(item.campus), cards=[])
        lanes[item.campus_id].cards.append(_card(item, lessons, inside, board.weeks, kind, to_do))
        taken = seats % {"taken": item.seats_taken, "capacity": item.capacity}
        for number, lesson in enumerate(lessons, start=1):
            if begins_at <= lesson.starts_at < ends_at:
                day, venue = timezone.localdate(lesson.starts_at), lesson.venue
                words = part % {"number": number, "total": item.lesson_count}
                board.lines.append(
                    LessonLine(
                        lesson,
                        item,
                        day,
                        f"{venue.campus.name} {venue.name}",
                        words,
                        taken,
                        warning_for(day),
                        kind,
                    )
                )
    board.lines.sort(key=lambda line: (line.lesson.starts_at, line.training_class.code))
    board.lanes = sorted(
        lanes.values(), key=lambda lane: (CAMPUS_ORDER.index(lane.campus.kind), lane.campus.code)
    )
    return board


def _card(
    item: TrainingClass,
    lessons: list[Lesson],
    inside: list[Lesson],
    weeks: list[Week],
    kind: str,
    to_do: list[str],
) -> Card:
    first, last = (
        _column(timezone.localdate(lesson.starts_at), weeks) for lesson in (inside[0], inside[-1])
    )
    name, subtitle = split_title(item.title)
    least = 2 if len(weeks) > MOST_WEEKS_OF_A_MONTH else 1  # columns that a name needs
    return Card(
        item,
        first,
        min(max(last + 1, first + least), len(weeks) + 1),
        kind,
        name,
        subtitle,
        starts=ngettext(
            "from %(day)s, %(count)d lesson", "from %(day)s, %(count)d lessons", len(lessons)
        )
        % {"day": short_day(lessons[0].starts_at), "count": len(lessons)},
        seats=(
            pgettext("season board", "Full")
            if item.is_full
            else f"{item.seats_taken}/{item.capacity}"
        ),
        to_do=tuple(to_do),
    )


def _column(day: date, weeks: list[Week]) -> int:
    return (day - weeks[0].monday).days // DAYS_OF_A_WEEK + 1


def split_title(title: str) -> tuple[str, str]:
    """小巷总理成长班（骨干进阶篇）→ its name, and what stands in brackets behind it."""
    name, bracket, rest = title.partition("（")
    return (name, rest.removesuffix("）")) if bracket and name else (title, "")


def _standing(
    item: TrainingClass, lessons: Sequence[Lesson], now: datetime
) -> tuple[str, list[str]]:
    """What waits to be done for a class, else whether it can still be booked."""
    to_do = []
    if item.status == ClassStatus.DRAFT:
        to_do.append(pgettext("season board", "draft"))
    if item.status in (ClassStatus.DRAFT, ClassStatus.OPEN):
        if any(not (_has_lecturer(lesson) or lesson.lecturer_type) for lesson in lessons):
            to_do.append(_("lecturer not decided"))
        to_do += sorted(
            {
                warning
                for lesson in lessons
                if (warning := warning_for(timezone.localdate(lesson.starts_at)))
            }
        )
    if (
        item.status in (ClassStatus.OPEN, ClassStatus.RUNNING)
        and item.ends_at
        and item.ends_at <= now
    ):
        to_do.append(_("to be closed"))
    if to_do:
        return "warn", to_do
    return (
        "full"
        if item.is_full or item.status != ClassStatus.OPEN or item.has_started(now)
        else "open"
    ), []


def _has_lecturer(lesson: Lesson) -> bool:
    return any(item.role == TeachingRole.LECTURER for item in lesson.teachers.all())


def _campus_words(campus: Campus) -> tuple[str, str]:
    """What a lane is called: a salon by its street-town, a branch by its theme."""
    if campus.kind == CampusKind.SALON:
        return campus.town.name, campus.get_kind_display()
    if campus.kind == CampusKind.BRANCH:
        return campus.theme or campus.name, campus.get_kind_display()
    return campus.short_name or campus.name, campus.get_kind_display()


def campus_label(campus: Campus) -> str:
    """The shortest name that says which site is meant."""
    if campus.kind == CampusKind.SALON:
        return campus.town.name
    return campus.short_name or campus.name if campus.kind == CampusKind.COLLEGE else campus.name
