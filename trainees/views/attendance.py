"""The roll of a lesson: who is there."""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from itertools import groupby

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from academy.access import require
from academy.errors import PortalError
from academy.search.index import MAX_QUERY_LENGTH, people_found
from courses.models import HELD, Lesson, TrainingClass
from courses.schedule.teachers import in_words, teachers_of, with_teachers

from ..classes.roster import on_the_roll_of
from ..door.checking_in import people_of_one_device
from ..models import (
    AWAY,
    AbsenceReason,
    Attendance,
    AttendanceStatus,
    mark_in_words,
    mark_label,
    mark_labels,
)
from ..record import attendance
from ..record.make_ups import guests_of, mark_make_up
from ..record.marks import Mark, tally
from ..record.roll_locks import LONGEST_REASON, lock_of

GUEST_TAPS = ("guest-came", "guest-missed")  # of who makes a missed lesson up
MISSING = "missing"  # who has no mark yet


def class_run_by(user, code: str) -> TrainingClass:
    """404 when the person cannot see the class at all, 403 with a sentence when it is not theirs to
    run.
    """
    training_class = get_object_or_404(
        TrainingClass.objects.visible_to(user).select_related("campus", "department", "programme"),
        code=code,
    )
    require(
        user,
        "trainees.see_roster",
        training_class,
        who=_(
            "The coordinator of the campus, the department that runs the class, and the academy"
            " office do this."
        ),
    )
    return training_class


def lesson_run_by(user, pk: int) -> Lesson:
    lesson = get_object_or_404(
        Lesson.objects.select_related(
            "training_class__campus", "venue__campus", "course_version"
        ).prefetch_related(with_teachers()),
        pk=min(pk, 2**62),
    )
    class_run_by(user, lesson.training_class.code)
    return lesson


@dataclass(frozen=True)
class RollRow:
    """One person of the roll with the mark of the lesson."""

    pk: int
    name: str
    village: str
    town: str
    status: str
    words: str
    minutes: int | None
    reason: int | None = None

    @property
    def may_say_why(self) -> bool:
        return self.status in AWAY

    @property
    def is_exception(self) -> bool:
        return bool(self.status) and self.status != AttendanceStatus.PRESENT


def _roll(lesson: Lesson, labels: Mapping[str, str]) -> list[RollRow]:
    found = Attendance.objects.filter(lesson=lesson).select_related("reason")
    marks = {mark.enrolment_id: mark for mark in found}
    rows = []
    for person in on_the_roll_of(lesson.training_class):
        mark = marks.get(person.pk)
        name = person.trainee.user.name
        rows.append(
            RollRow(
                pk=person.pk,
                name=name,
                village=person.village.name,
                town=person.village.town.name,
                status=mark.status if mark else "",
                words=mark_in_words(mark.status, mark.reason.name if mark.reason else "", labels)
                if mark
                else "",
                minutes=mark.minutes if mark else None,
                reason=mark.reason_id if mark else None,
            )
        )
    return rows


def _keys_found(rows: list[RollRow], query: str) -> set[int]:
    return {int(key) for key in people_found(query, {str(row.pk): row.name for row in rows})}


def roll_context(lesson: Lesson, now: datetime, query: str = "", who: str = "") -> dict:
    """The figures are those of the whole roll, whatever is searched for; `who` may be MISSING."""
    labels = mark_labels()
    rows = _roll(lesson, labels)
    found = _keys_found(rows, query)
    is_missing_alone = who == MISSING
    shown = [row for row in rows if row.pk in found and not (is_missing_alone and row.status)]
    counts = tally([Mark(row.status) for row in rows])
    roll_lock = lock_of(lesson)
    is_held = lesson.training_class.status in HELD
    return {
        "lesson": lesson,
        "training_class": lesson.training_class,
        "taught_by": in_words(teachers_of(lesson)),
        "rows": rows,
        "query": query,
        "found": shown,
        "exceptions": [row for row in shown if row.is_exception],
        "towns": [
            (town, list(group))
            for town, group in groupby(
                (row for row in shown if not row.is_exception), key=lambda row: row.town
            )
        ],
        "unmarked": counts[""],
        "came": counts[AttendanceStatus.PRESENT],
        "late": counts[AttendanceStatus.LATE] + counts[AttendanceStatus.LEFT_EARLY],
        "excused": counts[AttendanceStatus.EXCUSED],
        "absent": counts[AttendanceStatus.ABSENT],
        "guests": list(guests_of(lesson)),
        "has_begun": now >= lesson.starts_at,
        "choices": labels.items(),
        "reasons": list(AbsenceReason.objects.filter(active=True)),
        "is_held": is_held,
        "is_open": is_held and roll_lock is None,
        "roll_lock": roll_lock,
        "may_lock": is_held and roll_lock is None and not counts[""] and now >= lesson.ends_at,
        "longest_reason": LONGEST_REASON,
        "too_early": now < lesson.starts_at - attendance.OPENS_BEFORE_LESSON,
        "opens_at": lesson.starts_at - attendance.OPENS_BEFORE_LESSON,
        "may_undo": attendance.last_batch(lesson) is not None,
        "nonce": uuid.uuid4(),
        "version": _version(rows, roll_lock, now < lesson.ends_at),
        "who": MISSING if is_missing_alone else "",
    }


def _version(*shown) -> str:
    """Names what a page shows, so that it need not be drawn again."""
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


@require_http_methods(["GET", "HEAD", "POST"])
def roll(request: HttpRequest, pk: int) -> HttpResponse:
    """The roll of a lesson; with `?answer=roll` the list alone, which the page fetches to see what
    others marked, and with `?who=missing` those alone who are not marked yet.

    A tap is a POST; with htmx the list comes back in place, without JavaScript the whole page.
    """
    lesson = lesson_run_by(request.user, pk)
    now = timezone.now()
    if request.method == "POST":
        said, trouble = _tap(request, lesson, now)
        if request.htmx:
            context = roll_context(lesson, now, who=request.POST.get("who", ""))
            context |= {"said": said, "trouble": trouble}
            return render(request, "trainees/_roll.html", context)
        if trouble:
            messages.error(request, trouble)
        else:
            messages.success(request, said)
        person = request.POST.get("person", "")
        anchor = f"#p{person}" if person.isdecimal() else ""
        return redirect(f"{reverse('trainees:attendance', args=[lesson.pk])}{anchor}")
    query = request.GET.get("q", "").strip()[:MAX_QUERY_LENGTH]
    if request.GET.get("answer") == "keys":  # the page hides the others itself
        return JsonResponse({"found": sorted(_keys_found(_roll(lesson, mark_labels()), query))})
    context = roll_context(lesson, now, query, request.GET.get("who", ""))
    if request.GET.get("answer") != "roll":
        context |= {"one_device": people_of_one_device(lesson)}
        return render(request, "trainees/attendance.html", context)
    if request.GET.get("version") == context["version"]:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)  # nothing has changed
    return render(request, "trainees/_roll.html", context)


def _tap(request: HttpRequest, lesson: Lesson, now: datetime) -> tuple[str, str]:
    """Do what was tapped; returns (what happened, what is wrong), one of them empty."""
    action = request.POST.get("action", "")
    status, _colon, number = action.partition(":")
    minutes = request.POST.get(f"minutes-{number}", "")
    batch = _batch(request.POST.get("nonce", ""), action, minutes)
    try:
        if action == "rest":
            count = attendance.mark_rest(
                lesson=lesson,
                status=AttendanceStatus.PRESENT,
                by=request.user,
                now=now,
                batch=batch,
            )
            return (
                ngettext(
                    "%(count)d person marked: %(mark)s.",
                    "%(count)d people marked: %(mark)s.",
                    count,
                )
                % {"count": count, "mark": mark_label(AttendanceStatus.PRESENT)},
                "",
            )
        if action == "undo":
            count = attendance.undo_last(lesson=lesson, by=request.user, now=now, batch=batch)
            return (
                ngettext("Undone: %(count)d mark.", "Undone: %(count)d marks.", count)
                % {"count": count},
                "",
            )
        if status in GUEST_TAPS:
            guest = guests_of(lesson).filter(pk=_number(number)).first()
            if guest is None:
                return "", _("That person is not on this roll. Load the page again.")
            minutes = request.POST.get(f"minutes-guest-{number}", "")
            guest = mark_make_up(
                make_up=guest,
                came=status == "guest-came",
                minutes=_number(minutes) if minutes and status == "guest-came" else None,
                by=request.user,
                now=now,
            )
            return (
                _("%(name)s: %(mark)s.")
                % {"name": guest.enrolment.trainee.name, "mark": guest.get_status_display()},
                "",
            )
        number, _colon, reason = number.partition(":")
        enrolment = (
            attendance.on_the_roll(lesson)
            .select_related("trainee__user")
            .filter(pk=_number(number))
            .first()
        )
        if enrolment is None or status not in [*AttendanceStatus.values, "clear", "reason"]:
            return "", _("That person is not on this roll. Load the page again.")
        name = enrolment.trainee.user.name
        if status == "clear":
            attendance.clear(
                lesson=lesson, enrolments=[enrolment], by=request.user, now=now, batch=batch
            )
        elif status == "reason":
            attendance.give_reason(
                lesson=lesson,
                enrolment=enrolment,
                reason=AbsenceReason.objects.filter(active=True, pk=_number(reason)).first(),
                by=request.user,
                now=now,
                batch=batch,
            )
        else:
            attendance.mark(
                lesson=lesson,
                enrolments=[enrolment],
                status=status,
                minutes=_number(minutes) if minutes else None,
                by=request.user,
                now=now,
                batch=batch,
            )
        return (
            _mark_in_words(
                name,
                Attendance.objects.filter(enrolment=enrolment, lesson=lesson)
                .select_related("reason")
                .first(),
            ),
            "",
        )
    except PortalError as error:
        return "", str(error)


def _mark_in_words(name: str, mark: Attendance | None) -> str:
    """What stands now, which after a replayed tap is not what was tapped."""
    if mark is None:
        return _("%(name)s is unmarked.") % {"name": name}
    return _("%(name)s: %(mark)s.") % {"name": name, "mark": mark.in_words}


def _batch(nonce: str, *tapped: str) -> uuid.UUID:
    """The key of a tap: the same one sent twice is one, two taps on one page (before it comes back,
    or after “back”) are two.
    """
    try:
        return uuid.uuid5(uuid.UUID(nonce), " ".join(tapped))
    except ValueError:
        return uuid.uuid4()


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1
