"""What trainees are reminded of, and those who run their classes."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import groupby

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from academy.office_settings import office_setting
from courses.models import HELD, ClassStatus, Lesson, TrainingClass
from courses.schedule.season import Season
from notices.kinds import NoticeKind
from notices.models import Notice, NoticeStatus
from notices.reminders import NoticeDraft, Reminder, instant

from .classes.booking_rules import is_short
from .me.follows import news, runs_for
from .models import (
    Attendance,
    AttendanceStatus,
    Enrolment,
    EnrolmentStatus,
    Follow,
    Trainee,
    choices_in,
    expected_in,
)
from .notices.leave import ABSENT_IN_A_ROW, MARKED_ABSENT
from .notices.reminders import (
    CLASS_FILE_INCOMPLETE,
    CLASS_IS_SHORT,
    CLASS_LATER,
    CLASS_TO_CLOSE,
    CLASS_TODAY,
    CLASS_TOMORROW,
    FOLLOWED_CLASS_OPENED,
    FOLLOWED_CLASSES_OPENED,
)
from .people.class_staff import owners_of
from .petitions.absences import appeal_until
from .record.absences_in_a_row import rows_of_absences
from .record.closing_parts import CLOSE_WITHIN, in_words, missing_parts_of_all

SETTLED_AFTER = timedelta(hours=1)  # a slip of the finger is taken back before


class ClassTomorrow(Reminder):
    """Before each day on which a class meets, to whoever has a seat: one reminder, however many
    lessons the day has.

    Its subject is the first lesson of the day, its moment that lesson's start.
    """

    kind = "class_tomorrow"
    name = gettext_lazy("Your class is tomorrow")
    days_before = 1
    at_hour = 17

    def due(self, now: datetime) -> Iterator[NoticeDraft]:
        for of_the_day in self._days(now):
            seats = of_the_day[0].training_class.seat_holders
            chosen = choices_in(of_the_day)
            for enrolment in seats:
                lessons = [item for item in of_the_day if chosen.attends(enrolment.pk, item)]
                if not lessons or lessons[0].starts_at <= now:
                    continue
                first = lessons[0]
                kind = self._wording(first, now)
                yield self.draft(
                    kind,
                    enrolment.trainee.user,
                    subject=first,
                    moment=first.starts_at,
                    values={
                        "title": first.training_class.title,
                        "day": first.starts_at,
                        "lessons": lessons,
                    },
                    link=first.training_class.get_absolute_url(),
                )

    def still_true(self, notice: Notice) -> bool:
        lesson = notice.subject
        if lesson.starts_at != notice.moment or lesson.training_class.status not in HELD:
            return False
        seats = Enrolment.objects.filter(
            expected_in(lesson),
            training_class=lesson.training_class_id,
            status=EnrolmentStatus.BOOKED,
        )
        return seats.filter(trainee__user=notice.person_id).exists()

    def _days(self, now: datetime) -> Iterator[list[Lesson]]:
        """The lessons of each class and day, whole days at a time, unless all have begun."""
        start, end = (timezone.localtime(moment) for moment in self.window(now))
        whole_days = (
            timezone.make_aware(datetime.combine(start, time.min)),
            timezone.make_aware(datetime.combine(end + timedelta(days=1), time.min)),
        )
        seat_holders = Enrolment.objects.filter(status=EnrolmentStatus.BOOKED).select_related(
            "trainee__user"
        )
        lessons = (
            Lesson.objects.filter(training_class__status__in=HELD, starts_at__range=whole_days)
            .select_related("training_class", "venue__campus")
            .prefetch_related(
                Prefetch(
                    "training_class__enrolments", queryset=seat_holders, to_attr="seat_holders"
                )
            )
            .order_by("training_class", "starts_at", "number")
        )
        for _class_and_day, group in groupby(
            lessons,
            key=lambda lesson: (lesson.training_class_id, timezone.localdate(lesson.starts_at)),
        ):
            of_the_day = list(group)
            if of_the_day[-1].starts_at > now:
                yield of_the_day

    def _wording(self, lesson: Lesson, now: datetime) -> NoticeKind:
        """Says "tomorrow" only where the reader's tomorrow is meant: staff may remind earlier, a
        sweep may be late.
        """
        read_on = timezone.localdate(max(now, self.due_at(lesson.starts_at)))
        match (timezone.localdate(lesson.starts_at) - read_on).days:
            case 0:
                return CLASS_TODAY
            case 1:
                return CLASS_TOMORROW
            case _later:
                return CLASS_LATER


class FollowedClassOpened(Reminder):
    """When classes open, to whoever follows their course, track or campus: once for a course and
    season.

    Its moment is the end of the season, so that a class that moves, or a further run, is not told
    again.
    """

    kind = "followed_class_opened"
    name = gettext_lazy("A class opened of what you follow")
    days_before = 0

    def due(self, now: datetime) -> Iterator[NoticeDraft]:
        for item in news(now, self._told(now)):
            first, *others = item.classes
            yield NoticeDraft(
                person=item.follow.trainee.user,
                subject=item.course,
                moment=Season.parse(item.season).last_day,
                due_at=min(run.opened_at for run in item.classes),
                kind=FOLLOWED_CLASSES_OPENED if others else FOLLOWED_CLASS_OPENED,
                values={
                    "title": first.title,
                    "course": item.course.title,
                    "target": item.follow.target,
                    "runs": item.classes,
                },
                link=item.course.get_absolute_url() if others else first.get_absolute_url(),
            )

    def still_true(self, notice: Notice) -> bool:
        """The person still follows something and can still have a seat in a class of the course and
        season.
        """
        trainee = Trainee.objects.with_profile().filter(user=notice.person_id).first()
        if trainee is None or not Follow.objects.filter(trainee=trainee).exists():
            return False
        season = Season.of(timezone.localdate(notice.moment))
        return bool(runs_for(trainee, notice.subject, str(season), timezone.now()))

    def _told(self, now: datetime) -> set[tuple[int, int, str]]:
        sent = Notice.objects.filter(kind=self.kind, status=NoticeStatus.SENT, moment__gt=now)
        return {
            (person, course, str(Season.of(timezone.localdate(moment))))
            for person, course, moment in sent.values_list("person", "subject_id", "moment")
        }


class ClassIsShort(Reminder):
    """On the day of decision, to whoever runs a class that fewer people have booked than it takes
    to hold it.
    """

    kind = "class_is_short"
    name = gettext_lazy("A class has too few people on its day of decision")
    days_before = 0
    at_hour = 9

    def due(self, now: datetime) -> Iterator[NoticeDraft]:
        start, end = (timezone.localdate(moment) for moment in self.window(now))
        classes = TrainingClass.objects.filter(
            status=ClassStatus.OPEN, minimum_size__gt=0, decide_on__range=(start, end)
        ).with_seats()
        for training_class in classes.select_related("campus"):
            if not is_short(training_class):
                continue
            for person in owners_of(training_class, training_class.decide_on):
                yield self.draft(
                    CLASS_IS_SHORT,
                    person,
                    subject=training_class,
                    moment=training_class.decide_on,
                    values={
                        "title": training_class.title,
                        "booked": training_class.seats_taken,
                        "least": training_class.minimum_size,
                    },
                    link=reverse("trainees:class_overview", args=[training_class.code]),
                )

    def still_true(self, notice: Notice) -> bool:
        training_class = TrainingClass.objects.with_seats().get(pk=notice.subject_id)
        return (
            training_class.status == ClassStatus.OPEN
            and instant(training_class.decide_on or date.min) == notice.moment
            and is_short(training_class)
        )


class MarkedAbsent(Reminder):
    """An hour after the mark, to whoever is marked absent: the mark, and until when it can be
    appealed. Source: docs/rules.md R77.

    Its subject is the mark, its moment the end of the last day of the appeal.
    """

    kind = "marked_absent"
    name = gettext_lazy("You are marked absent")
    days_before = 0

    def due(self, now: datetime) -> Iterator[NoticeDraft]:
        for mark in self._marks(now):
            yield NoticeDraft(
                person=mark.enrolment.trainee.user,
                subject=mark,
                moment=appeal_until(mark),
                due_at=max(mark.marked_at, mark.lesson.ends_at) + SETTLED_AFTER,
                kind=MARKED_ABSENT,
                values={
                    "title": mark.lesson.training_class.title,
                    "day": mark.lesson.starts_at,
                    "lesson": mark.lesson.title,
                    "until": appeal_until(mark),
                },
                link=reverse("trainees:absence", args=[mark.pk]),
            )

    def still_true(self, notice: Notice) -> bool:
        mark = notice.subject
        return (
            mark is not None
            and mark.status == AttendanceStatus.ABSENT
            and instant(appeal_until(mark)) == notice.moment
        )

    def _marks(self, now: datetime) -> Iterator[Attendance]:
        days = office_setting("absence_appeal_days")
        marks = Attendance.objects.filter(
            status=AttendanceStatus.ABSENT,
            lesson__training_class__status__in=(*HELD, ClassStatus.CLOSED),
            marked_at__gte=now - timedelta(days=days + 1),
        )
        for mark in marks.select_related(
            "enrolment__trainee__user", "lesson__training_class", "lesson__course_version"
        ).order_by("pk"):
            if instant(appeal_until(mark)) > now:
                yield mark


class AbsentInARow(Reminder):
    """When somebody is absent without leave from so many lessons in a row, to whoever runs the
    class of the last of them: once, when its roll is locked. Source: docs/rules.md R77.

    Its subject is the mark that makes the row long enough.
    """

    kind = "absent_in_a_row"
    name = gettext_lazy("Somebody is absent several times in a row")
    days_before = 0

    def due(self, now: datetime) -> Iterator[NoticeDraft]:
        for mark, count in rows_of_absences(now):
            training_class = mark.lesson.training_class
            for person in owners_of(training_class, timezone.localdate(now)):
                yield NoticeDraft(
                    person=person,
                    subject=mark,
                    due_at=mark.lesson.ends_at,
                    kind=ABSENT_IN_A_ROW,
                    values={
                        "name": mark.enrolment.trainee.name,
                        "count": count,
                        "title": training_class.title,
                        "day": mark.lesson.starts_at,
                        "lesson": mark.lesson.title,
                    },
                    link=reverse("trainees:attendance", args=[mark.lesson_id]),
                )

    def still_true(self, notice: Notice) -> bool:
        return any(mark == notice.subject for mark, _count in rows_of_absences(timezone.now()))


class ClassToClose(Reminder):
    """To whoever runs a class that is over and not closed: once, some days before it is late.

    Nobody who learns is told. Its moment is the end of the days in which a class is closed. Source:
    docs/rules.md R80.
    """

    kind = "class_to_close"
    name = gettext_lazy("A class is over and waits to be closed")
    days_before = 4  # of the seven: on the third day after the last lesson
    at_hour = 9

    def due(self, now: datetime) -> Iterator[NoticeDraft]:
        start, end = (moment - CLOSE_WITHIN for moment in self.window(now))
        classes = list(
            TrainingClass.objects.filter(
                status__in=HELD, ends_at__range=(start, min(end, now))
            ).select_related("campus")
        )
        missing = missing_parts_of_all(classes, now)
        for training_class in classes:
            parts = missing[training_class.pk]
            for person in owners_of(training_class, timezone.localdate(now)):
                yield self.draft(
                    CLASS_FILE_INCOMPLETE if parts else CLASS_TO_CLOSE,
                    person,
                    subject=training_class,
                    moment=training_class.ends_at + CLOSE_WITHIN,
                    values={"title": training_class.title, "day": training_class.ends_at}
                    | ({"parts": in_words(parts)} if parts else {}),
                    link=reverse("trainees:close_class", args=[training_class.code]),
                )

    def still_true(self, notice: Notice) -> bool:
        training_class = TrainingClass.objects.get(pk=notice.subject_id)
        return (
            training_class.status in HELD
            and training_class.ends_at is not None
            and training_class.ends_at + CLOSE_WITHIN == notice.moment
        )
