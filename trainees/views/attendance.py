"""The coordinator's pages of a class: its roster, the roll of a lesson, the sign-in sheet,
closing.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from academy.access import require
from academy.errors import PortalError
from academy.search.index import MAX_QUERY_LENGTH, people_found
from courses.models import ClassStatus, Lesson, TrainingClass

from ..booking.approvals import approval_of
from ..classes.change_notices import tellings_of_a_cancellation
from ..classes.changes import cancel_class, refuse_to_cancel
from ..eligibility.repeats import repeat_rate
from ..models import (
    SEAT_HOLDING,
    TAKING_PART,
    Attendance,
    AttendanceStatus,
    Enrolment,
    EnrolmentStatus,
)
from ..record import attendance
from ..record.closing import (
    MarksChanged,
    NotAllMarked,
    close_as_shown,
    hours_to_post,
    refuse_to_close,
    reopen_class,
)
from .class_edit import fingerprint, preview

ROWS_PER_SHEET = 12  # of the printed sign-in sheet; docs/rules.md R43
EMPTY_ROWS = 3  # for people who come without a booking


def class_run_by(user, code: str) -> TrainingClass:
    """404 when the person cannot see the class at all, 403 with a sentence when it is not theirs to
    run.
    """
    training_class = get_object_or_404(
        TrainingClass.objects.visible_to(user).select_related("campus"), code=code
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


def _lesson_run_by(user, pk: int) -> Lesson:
    lesson = get_object_or_404(
        Lesson.objects.select_related("training_class__campus", "venue__campus", "course_version"),
        pk=min(pk, 2**62),
    )
    class_run_by(user, lesson.training_class.code)
    return lesson


def people_of(training_class: TrainingClass):
    """Who holds a seat, in the order of lists: by town, then by the strokes of the name.

    Of a cancelled class, who held one until then.
    """
    if training_class.status == ClassStatus.CANCELLED:
        found = Enrolment.objects.ended_with_the_class().filter(stood_as__in=SEAT_HOLDING)
    else:
        found = Enrolment.objects.holding_a_seat()
    return (
        found.filter(training_class=training_class)
        .select_related("trainee__user", "village__town", "position", "learner_group", "approval")
        .order_by("village__town__code", "trainee__stroke_key", "pk")
    )


def on_the_roll_of(training_class: TrainingClass):
    """Those of them who take part, or would have: a seat that is only offered is nobody's yet."""
    if training_class.status == ClassStatus.CANCELLED:
        return people_of(training_class).filter(stood_as__in=TAKING_PART)
    return people_of(training_class).taking_part()


def queue_of(training_class: TrainingClass):
    """Who waits, first come first; of a cancelled class, who waited until then."""
    if training_class.status == ClassStatus.CANCELLED:
        ended = Enrolment.objects.ended_with_the_class().filter(stood_as=EnrolmentStatus.WAITLISTED)
        found = ended.order_by("priority", "queued_at", "pk")
    else:
        found = Enrolment.objects.waiting()
    return found.filter(training_class=training_class).select_related(
        "trainee__user", "village__town", "position", "learner_group", "approval"
    )


# --- The roll -------------------------------------------------------------------------------------


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

    @property
    def is_exception(self) -> bool:
        return bool(self.status) and self.status != AttendanceStatus.PRESENT


def _roll(lesson: Lesson) -> list[RollRow]:
    marks = {mark.enrolment_id: mark for mark in Attendance.objects.filter(lesson=lesson)}
    words = dict(AttendanceStatus.choices)
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
                words=str(words[mark.status]) if mark else "",
                minutes=mark.minutes if mark else None,
            )
        )
    return rows


def _keys_found(rows: list[RollRow], query: str) -> set[int]:
    return {int(key) for key in people_found(query, {str(row.pk): row.name for row in rows})}


def _roll_context(lesson: Lesson, now: datetime, query: str = "") -> dict:
    """The figures are those of the whole roll, whatever is searched for."""
    rows = _roll(lesson)
    found = _keys_found(rows, query)
    shown = [row for row in rows if row.pk in found]
    counts = attendance.tally([attendance.Mark(row.status) for row in rows])
    return {
        "lesson": lesson,
        "training_class": lesson.training_class,
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
        "choices": AttendanceStatus.choices,
        "is_open": lesson.training_class.status in (ClassStatus.OPEN, ClassStatus.RUNNING),
        "too_early": now < lesson.starts_at - attendance.OPENS_BEFORE_LESSON,
        "opens_at": lesson.starts_at - attendance.OPENS_BEFORE_LESSON,
        "may_undo": attendance.last_batch(lesson) is not None,
        "nonce": uuid.uuid4(),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def roll(request: HttpRequest, pk: int) -> HttpResponse:
    """The roll of a lesson.

    A tap is a POST; with htmx the list comes back in place, without JavaScript the whole page.
    """
    lesson = _lesson_run_by(request.user, pk)
    now = timezone.now()
    if request.method == "POST":
        said, trouble = _tap(request, lesson, now)
        if request.htmx:
            context = _roll_context(lesson, now) | {"said": said, "trouble": trouble}
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
        return JsonResponse({"found": sorted(_keys_found(_roll(lesson), query))})
    return render(request, "trainees/attendance.html", _roll_context(lesson, now, query))


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
                    "%(count)d person marked present.", "%(count)d people marked present.", count
                )
                % {"count": count},
                "",
            )
        if action == "undo":
            count = attendance.undo_last(lesson=lesson, by=request.user, now=now, batch=batch)
            return (
                ngettext("Undone: %(count)d mark.", "Undone: %(count)d marks.", count)
                % {"count": count},
                "",
            )
        enrolment = (
            attendance.on_the_roll(lesson)
            .select_related("trainee__user")
            .filter(pk=_number(number))
            .first()
        )
        if enrolment is None or status not in [*AttendanceStatus.values, "clear"]:
            return "", _("That person is not on this roll. Load the page again.")
        name = enrolment.trainee.user.name
        if status == "clear":
            attendance.clear(
                lesson=lesson, enrolments=[enrolment], by=request.user, now=now, batch=batch
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
                name, Attendance.objects.filter(enrolment=enrolment, lesson=lesson).first()
            ),
            "",
        )
    except PortalError as error:
        return "", str(error)


def _mark_in_words(name: str, mark: Attendance | None) -> str:
    """What stands now, which after a replayed tap is not what was tapped."""
    if mark is None:
        return _("%(name)s is unmarked.") % {"name": name}
    return _("%(name)s: %(mark)s.") % {"name": name, "mark": mark.get_status_display()}


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


@require_GET
def sign_in_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper for signatures: stroke order, twelve rows to a page, class, lesson, room and date
    on every page.
    """
    lesson = _lesson_run_by(request.user, pk)
    people = [
        {"name": person.trainee.user.name, "village": person.village.name, "position": person.post}
        for person in on_the_roll_of(lesson.training_class).order_by("trainee__stroke_key", "pk")
    ]
    numbered = [{"number": number, **person} for number, person in enumerate(people, start=1)]
    numbered += [
        {"number": len(people) + extra, "name": "", "village": "", "position": ""}
        for extra in range(1, EMPTY_ROWS + 1)
    ]
    sheets = [
        numbered[start : start + ROWS_PER_SHEET]
        for start in range(0, len(numbered), ROWS_PER_SHEET)
    ]
    return render(
        request,
        "trainees/sign_in_sheet.html",
        {
            "lesson": lesson,
            "training_class": lesson.training_class,
            "sheets": sheets,
            "people": len(people),
        },
    )


# --- The class ------------------------------------------------------------------------------------


@require_GET
def class_roster(request: HttpRequest, code: str) -> HttpResponse:
    training_class = class_run_by(request.user, code)
    return render(
        request, "trainees/class_roster.html", _roster_context(training_class, timezone.now())
    )


def _roster_context(training_class: TrainingClass, now: datetime) -> dict:
    people = list(people_of(training_class))
    on_the_roll = sum(1 for person in people if person.status in TAKING_PART)
    lessons = list(
        training_class.lessons.select_related("course_version", "venue").order_by("starts_at")
    )
    marked: dict[int, int] = {}
    for lesson_id in Attendance.objects.filter(
        lesson__training_class=training_class, enrolment__in=people
    ).values_list("lesson_id", flat=True):
        marked[lesson_id] = marked.get(lesson_id, 0) + 1
    queue = list(queue_of(training_class))
    return {
        "training_class": training_class,
        "people": people,
        "on_the_roll": on_the_roll,
        "queue": queue,
        "unanswered": sum(
            1
            for person in (*people, *queue)
            if (approval := approval_of(person)) and approval.is_pending
        ),
        "lessons": [
            {
                "lesson": lesson,
                "marked": marked.get(lesson.pk, 0),
                "missing": on_the_roll - marked.get(lesson.pk, 0),
                "is_over": lesson.ends_at <= now,
                "may_mark": now >= lesson.starts_at - attendance.OPENS_BEFORE_LESSON,
            }
            for lesson in lessons
        ],
        "missing": sum(on_the_roll - marked.get(lesson.pk, 0) for lesson in lessons),
        "is_over": training_class.ends_at is not None and now >= training_class.ends_at,
        "is_held": training_class.status in (ClassStatus.OPEN, ClassStatus.RUNNING),
        "takes_bookings": (
            training_class.status == ClassStatus.OPEN and not training_class.has_started(now)
        ),
        "may_cancel": (
            training_class.status in (ClassStatus.DRAFT, ClassStatus.OPEN, ClassStatus.RUNNING)
            and not marked
        ),
        "rate": repeat_rate([training_class]),
        "repeating": [person for person in people if person.repeat_reason],
        "is_short": training_class.minimum_size and len(people) < training_class.minimum_size,
        "is_closed": training_class.status == ClassStatus.CLOSED,
        "interested": (
            training_class.interests.count()
            if training_class.gauges_interest or training_class.first_refusal_until
            else None
        ),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, code: str) -> HttpResponse:
    """Each person's hours and absences as they would be posted, and one button that posts them."""
    training_class = class_run_by(request.user, code)
    now, shown = timezone.now(), request.POST.get("shown", "")
    try:
        refuse_to_close(training_class, now)
        if not shown:
            return _show_hours(request, training_class)
        entries = close_as_shown(
            training_class=training_class,
            shown=shown,
            rest_absent="rest_absent" in request.POST,
            by=request.user,
            now=now,
        )
    except (MarksChanged, NotAllMarked) as error:
        messages.error(request, str(error))
        return _show_hours(request, training_class)
    except PortalError as error:
        messages.error(request, str(error))
        return redirect("trainees:class_roster", code=code)
    people = len({entry.trainee_id for entry in entries})
    messages.success(
        request,
        ngettext(
            "Closed. The hours of %(count)d person are posted.",
            "Closed. The hours of %(count)d people are posted.",
            people,
        )
        % {"count": people},
    )
    return redirect("trainees:class_roster", code=code)


def _show_hours(request: HttpRequest, training_class: TrainingClass) -> HttpResponse:
    return render(
        request,
        "trainees/close_class.html",
        {"training_class": training_class, "to_post": hours_to_post(training_class)},
    )


@require_POST
def reopen(request: HttpRequest, code: str) -> HttpResponse:
    training_class = class_run_by(request.user, code)
    try:
        reopen_class(
            training_class=training_class,
            reason=request.POST.get("reason", ""),
            by=request.user,
            now=timezone.now(),
        )
    except PortalError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request,
            _(
                "Reopened. The posted hours are taken back; correct the marks and close the class"
                " again."
            ),
        )
    return redirect("trainees:class_roster", code=code)


@require_POST
def cancel(request: HttpRequest, code: str) -> HttpResponse:
    """What everybody would be told is shown first; the class is cancelled when that text is
    confirmed.
    """
    training_class = class_run_by(request.user, code)
    now, reason = timezone.now(), request.POST.get("reason", "").strip()
    if request.POST.get("step") == "edit":
        return redirect("trainees:class_roster", code=code)
    try:
        refuse_to_cancel(training_class, reason)
    except PortalError as error:
        messages.error(request, str(error))
        return redirect("trainees:class_roster", code=code)
    tellings = tellings_of_a_cancellation(training_class, reason, now)
    if tellings and request.POST.get("confirmed") != fingerprint(tellings):
        return preview(
            request,
            training_class,
            tellings,
            url=request.path,
            button=_("Cancel the class and tell them"),
        )
    try:
        cancel_class(training_class=training_class, reason=reason, by=request.user, now=now)
    except PortalError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Cancelled. Everybody who had booked or waited has been told."))
    return redirect("trainees:class_roster", code=code)
