"""Marking who came to a lesson: everyone begins unmarked, one tap marks the rest present, the last
tap can be undone.

A tap is a batch with a key of its own: sent again, it changes nothing. Every change of a mark is
kept.
"""

import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from academy.templatetags.portal_tags import clock, day
from courses.models import HELD, Lesson, TrainingClass

from ..booking.class_lock import lock
from ..models import (
    AWAY,
    AbsenceReason,
    Attendance,
    AttendanceChange,
    AttendanceStatus,
    Enrolment,
    MakeUp,
    MakeUpStatus,
    MarkMethod,
    RollLock,
    expected_in,
    mark_labels,
)
from .mark_errors import (
    MadeUp,
    NotAway,
    NothingToUndo,
    NotOnTheRoll,
    RollClosed,
    RollLocked,
    TooEarly,
)
from .marks import Mark, minutes_of

OPENS_BEFORE_LESSON = timedelta(minutes=60)  # from then on people arrive and may be marked


def mark(
    *,
    lesson: Lesson,
    enrolments: Iterable[Enrolment],
    status: str,
    by,
    now: datetime,
    minutes: int | None = None,
    batch: uuid.UUID | None = None,
    method: str = MarkMethod.ROLL,
) -> int:
    """Give people of a lesson a mark; returns how many marks changed. The same batch again changes
    nothing.

    `minutes` present count only for late and left early; left out, half an hour is taken off. The
    same mark again leaves the reason that somebody has given. Raises TooEarly, RollClosed,
    RollLocked, NotOnTheRoll, WrongMinutes.
    """
    wanted = Mark(AttendanceStatus(status), minutes_of(lesson, status, minutes))
    enrolments = list(enrolments)
    with transaction.atomic():
        _open_roll(lesson, now)
        reasons = {}
        if status in AWAY:
            same = Attendance.objects.filter(
                lesson=lesson, enrolment__in=enrolments, status=status, reason__isnull=False
            )
            reasons = dict(same.values_list("enrolment_id", "reason_id"))
        return write_marks(
            lesson,
            {
                enrolment.pk: replace(wanted, reason=reasons.get(enrolment.pk))
                for enrolment in enrolments
            },
            by,
            now,
            batch or uuid.uuid4(),
            method=method,
        )


def give_reason(
    *,
    lesson: Lesson,
    enrolment: Enrolment,
    reason: AbsenceReason | None,
    by,
    now: datetime,
    batch: uuid.UUID | None = None,
) -> int:
    """Say why somebody is on leave or absent, or take the reason away; the mark stays.

    Raises NotAway, and what `mark` raises.
    """
    with transaction.atomic():
        _open_roll(lesson, now)
        stands = Attendance.objects.filter(
            lesson=lesson, enrolment=enrolment, status__in=AWAY
        ).first()
        if stands is None:
            raise NotAway(
                _("Mark the person “%(excused)s” or “%(absent)s” first, then say why.")
                % mark_labels()
            )
        wanted = Mark(stands.status, stands.minutes, reason.pk if reason else None)
        return write_marks(lesson, {enrolment.pk: wanted}, by, now, batch or uuid.uuid4())


def clear(
    *,
    lesson: Lesson,
    enrolments: Iterable[Enrolment],
    by,
    now: datetime,
    batch: uuid.UUID | None = None,
) -> int:
    """Take marks away again, so that the people are unmarked."""
    with transaction.atomic():
        _open_roll(lesson, now)
        return write_marks(
            lesson,
            {enrolment.pk: Mark() for enrolment in enrolments},
            by,
            now,
            batch or uuid.uuid4(),
        )


def mark_rest(
    *,
    lesson: Lesson,
    status: str,
    by,
    now: datetime,
    batch: uuid.UUID | None = None,
    method: str = MarkMethod.ROLL,
) -> int:
    """Give everyone who is unmarked the same mark, in one tap."""
    with transaction.atomic():
        _open_roll(lesson, now)
        wanted = Mark(AttendanceStatus(status))
        batch = batch or uuid.uuid4()
        if AttendanceChange.objects.filter(batch=batch).exists():
            return 0
        return write_marks(
            lesson,
            dict.fromkeys(
                on_the_roll(lesson)
                .exclude(attendances__lesson=lesson)
                .values_list("pk", flat=True),
                wanted,
            ),
            by,
            now,
            batch,
            method=method,
        )


def undo_last(*, lesson: Lesson, by, now: datetime, batch: uuid.UUID | None = None) -> int:
    """Take the last tap on this lesson back, whoever made it; returns how many marks changed.
    Raises NothingToUndo.

    The same batch again changes nothing: a double click takes one tap back, not two.
    """
    with transaction.atomic():
        _open_roll(lesson, now)
        if batch and AttendanceChange.objects.filter(batch=batch, lesson=lesson).exists():
            return 0
        last = last_batch(lesson)
        if last is None:
            raise NothingToUndo(_("There is nothing to undo."))
        before = {
            change.enrolment_id: Mark(change.old_status, change.old_minutes, change.old_reason_id)
            for change in AttendanceChange.objects.filter(
                lesson=lesson, batch=last, enrolment__in=on_the_roll(lesson)
            )
        }
        return write_marks(lesson, before, by, now, batch or uuid.uuid4(), undoes=last)


def bring_to(
    *,
    lesson: Lesson,
    wanted: dict[int, Mark],
    by,
    now: datetime,
    batch: uuid.UUID,
    method: str,
) -> int:
    """Bring marks, by the key of the enrolment, to what is wanted, as it would be stored; returns
    how many changed.

    Raises TooEarly, RollClosed, RollLocked, NotOnTheRoll.
    """
    with transaction.atomic():
        _open_roll(lesson, now)
        return write_marks(lesson, wanted, by, now, batch, method=method)


def last_batch(lesson: Lesson) -> uuid.UUID | None:
    """The newest tap that was neither undone nor is itself an undoing; what was written by the
    answer to a request is no tap.
    """
    undone = AttendanceChange.objects.filter(lesson=lesson, undoes__isnull=False).values_list(
        "undoes", flat=True
    )
    return (
        AttendanceChange.objects.filter(lesson=lesson, undoes__isnull=True)
        .exclude(batch__in=list(undone))
        .exclude(method=MarkMethod.ANSWER)
        .order_by("-pk")
        .values_list("batch", flat=True)
        .first()
    )


def on_the_roll(lesson: Lesson):
    """Who is expected: holds a seat of the class, and of parallel slots has chosen this one."""
    people = Enrolment.objects.taking_part().filter(training_class=lesson.training_class_id)
    return people.filter(expected_in(lesson))


def _open_roll(lesson: Lesson, now: datetime) -> TrainingClass:
    """The class of the lesson, locked, if marks may be made now."""
    training_class = lock(lesson.training_class)
    refuse_unless_open(lesson, training_class, now)
    return training_class


def refuse_unless_open(lesson: Lesson, training_class: TrainingClass, now: datetime) -> None:
    """Raise RollClosed, TooEarly or RollLocked where no mark of the lesson may be made now."""
    if training_class.status not in HELD:
        raise RollClosed(
            _(
                "This class is closed or cancelled, so its marks stay as they are. Reopen the class"
                " to correct them."
            )
        )
    if now < lesson.starts_at - OPENS_BEFORE_LESSON:
        raise TooEarly(
            _("Attendance can be taken from one hour before the lesson: %(moment)s.")
            % {
                "moment": (
                    f"{day(lesson.starts_at - OPENS_BEFORE_LESSON)}"
                    f" {clock(lesson.starts_at - OPENS_BEFORE_LESSON)}"
                ),
            }
        )
    if RollLock.objects.standing().filter(lesson=lesson).exists():
        raise RollLocked(
            _(
                "The roll of this lesson is locked, so its marks stay as they are. Open it again"
                " with a reason to correct them."
            )
        )


def write_marks(
    lesson: Lesson,
    wanted: dict[int, Mark],
    by,
    now: datetime,
    batch: uuid.UUID,
    undoes: uuid.UUID | None = None,
    method: str = MarkMethod.ROLL,
) -> int:
    """Bring the marks to what is wanted and keep what changed; a batch that was written before does
    nothing. Raises NotOnTheRoll, MadeUp.
    """
    if not wanted or AttendanceChange.objects.filter(batch=batch, lesson=lesson).exists():
        return 0
    if on_the_roll(lesson).filter(pk__in=wanted).count() != len(wanted):
        raise NotOnTheRoll(
            _("Somebody on this list no longer holds a seat. Load the page again and repeat.")
        )
    present = {
        attendance.enrolment_id: attendance
        for attendance in Attendance.objects.filter(lesson=lesson, enrolment__in=wanted)
    }
    _refuse_made_up(lesson, present, wanted)
    adding: list[Attendance] = []
    changing: list[Attendance] = []
    removing: list[int] = []
    changes: list[AttendanceChange] = []
    for enrolment_id, new in wanted.items():
        attendance = present.get(enrolment_id)
        old = (
            Mark(attendance.status, attendance.minutes, attendance.reason_id)
            if attendance
            else Mark()
        )
        if old == new:
            continue
        changes.append(
            AttendanceChange(
                enrolment_id=enrolment_id,
                lesson=lesson,
                batch=batch,
                undoes=undoes,
                by=by,
                at=now,
                method=method,
                old_status=old.status,
                old_minutes=old.minutes,
                new_status=new.status,
                new_minutes=new.minutes,
                old_reason_id=old.reason,
                new_reason_id=new.reason,
            )
        )
        if not new.status:
            removing.append(attendance.pk)
        elif attendance is None:
            adding.append(
                Attendance(
                    enrolment_id=enrolment_id,
                    lesson=lesson,
                    status=new.status,
                    minutes=new.minutes,
                    reason_id=new.reason,
                    marked_by=by,
                    marked_at=now,
                    method=method,
                )
            )
        else:
            attendance.status, attendance.minutes = new.status, new.minutes
            attendance.reason_id = new.reason
            attendance.marked_by, attendance.marked_at = by, now
            attendance.method = method
            changing.append(attendance)
    Attendance.objects.filter(pk__in=removing).delete()
    Attendance.objects.bulk_create(adding)
    Attendance.objects.bulk_update(
        changing, ["status", "minutes", "reason", "marked_by", "marked_at", "method"]
    )
    AttendanceChange.objects.bulk_create(changes)
    return len(changes)


def _refuse_made_up(
    lesson: Lesson, present: dict[int, Attendance], wanted: dict[int, Mark]
) -> None:
    """Who has made the lesson up stays away from it: its hours would be posted twice.

    The rows are locked, for whoever marks the make-up lesson locks another class. Source:
    docs/rules.md R78.
    """
    coming = [
        key
        for key, mark in present.items()
        if mark.status in AWAY and wanted[key].status not in AWAY
    ]
    if not coming:
        return
    made_up = (
        MakeUp.objects.select_for_update(of=("self",), no_key=True)
        .filter(enrolment__in=coming, missed=lesson)
        .exclude(status=MakeUpStatus.GIVEN_UP)
        .select_related("enrolment__trainee__user")
    )
    names = [
        make_up.enrolment.trainee.name for make_up in made_up if make_up.status == MakeUpStatus.CAME
    ]
    if names:
        raise MadeUp(
            _(
                "%(names)s: this lesson was made up in another class and has its hours. Take the"
                " mark of the make-up lesson back first."
            )
            % {"names": pgettext("between names", ", ").join(names)}
        )
