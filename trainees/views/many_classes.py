"""Steps with the ticked classes of the list: a message, papers, one run made of several."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from academy.access import require
from academy.lists.actions import Outcomes
from courses.models import Lesson, TrainingClass
from courses.office_lists import ClassList
from courses.schedule.teachers import with_teachers

from ..classes.messages import NobodyToTell, body_of, people_to_tell, send_message
from ..classes.roster import people_of
from ..classes.sign_in import sign_in_of
from ..forms.class_messages import MessageToClassesForm
from ..forms.moving import CombineForm
from ..on_behalf.combining import Combined, combine_runs, try_combining
from ..on_behalf.moving import MoveChanged

MOST_CLASSES = 60  # of one step: a page that can still be read, and papers that can be carried


@require_http_methods(["GET", "HEAD", "POST"])
def message_to_classes(request: HttpRequest) -> HttpResponse:
    """One text to the people of all ticked classes: typed, looked at, sent class by class."""
    rows, back = _ticked(request)
    if not rows:
        return redirect(back)
    form = MessageToClassesForm(request.POST if "token" in request.POST else None)
    is_typed = form.is_bound and form.is_valid()
    if is_typed and "confirmed" in request.POST:
        _send(request, rows, form.cleaned_data)
        return redirect(back)
    audience = form.cleaned_data["audience"] if is_typed else "booked"
    counts = [(row, people_to_tell(row, audience).count()) for row in rows]
    context = {
        "form": form,
        "counts": counts,
        "people": sum(count for _row, count in counts),
        "body": body_of(rows[0], form.cleaned_data["text"]) if is_typed else "",
        "is_seen": is_typed and "again" not in request.POST,
    }
    return _page(request, "trainees/message_to_classes.html", rows, back, context)


def _send(request: HttpRequest, rows: list[TrainingClass], typed: dict) -> None:
    outcomes, people = Outcomes(), 0
    for row in rows:
        try:
            message, is_new = send_message(
                training_class=row, lesson=None, by=request.user, now=timezone.now(), **typed
            )
        except NobodyToTell:
            outcomes.refused.append((row.title, _("Nobody is in it who would get the message.")))
            continue
        if is_new:
            people += message.people
            outcomes.done.append(row.title)
        else:
            outcomes.refused.append((row.title, _("Got this message already; nobody twice.")))
    outcomes.report(
        request,
        lambda count: (
            ngettext("Sent to %(people)d person", "Sent to %(people)d people", people)
            % {"people": people}
            + ngettext(" of %(count)d class: ", " of %(count)d classes: ", count) % {"count": count}
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def classes_paper(request: HttpRequest) -> HttpResponse:
    """The rosters of the ticked classes, or the sheets of the next lesson of each, one after the
    other.
    """
    rows, back = _ticked(request)
    if not rows:
        return redirect(back)
    if request.POST.get("action") == "rosters":
        return _rosters(request, rows, back)
    papers, without = [], []
    lessons = _next_lessons(rows)
    for row in rows:
        if row.pk in lessons:
            papers.append(sign_in_of(lessons[row.pk]))
        else:
            without.append((row, _("No lesson ahead, so there is nothing to sign.")))
    context = {
        "sign_ins": papers,
        "left_out": without,
        "sheets": sum(len(paper.sheets) for paper in papers),
    }
    return _page(request, "trainees/classes_paper.html", rows, back, context)


def _next_lessons(rows: list[TrainingClass]) -> dict[int, Lesson]:
    """Class → its first lesson that is not over."""
    ahead = (
        Lesson.objects.filter(training_class__in=rows, ends_at__gt=timezone.now())
        .select_related("training_class__campus", "venue__campus", "course_version")
        .prefetch_related(with_teachers())
        .order_by("-starts_at")
    )
    return {lesson.training_class_id: lesson for lesson in ahead}


def _rosters(request: HttpRequest, rows: list[TrainingClass], back: str) -> HttpResponse:
    rosters, without = [], []
    for row in rows:
        people = list(people_of(row))
        if people:
            lessons = list(row.lessons.order_by("starts_at"))
            rosters.append({"training_class": row, "people": people, "lessons": lessons})
        else:
            without.append((row, _("Nobody is in it.")))
    context = {
        "rosters": rosters,
        "of_people": True,
        "left_out": without,
        "today": timezone.localdate(),
    }
    return _page(request, "trainees/classes_paper.html", rows, back, context)


@require_http_methods(["GET", "HEAD", "POST"])
def combine_classes(request: HttpRequest) -> HttpResponse:
    """Choose into which of the ticked classes the others go, see who fits, move those."""
    rows, back = _ticked(request)
    if not rows:
        return redirect(back)
    if len(rows) < 2:
        messages.error(request, _("Tick the classes that become one: two or more."))
        return redirect(back)
    runs = TrainingClass.objects.filter(pk__in=[row.pk for row in rows]).select_related("campus")
    form = CombineForm(
        request.POST if "target" in request.POST else None, runs=runs.order_by("starts_at", "code")
    )
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid() and "again" not in request.POST:
        target = form.cleaned_data["target"]
        how = {
            "sources": [row for row in rows if row.pk != target.pk],
            "target": target,
            "by": request.user,
            "now": timezone.now(),
        }
        if "shown" in request.POST:
            shown = [int(key) for key in request.POST["shown"].split() if key.isdecimal()]
            try:
                _say_combined(request, target, combine_runs(expected=shown, **how))
                return redirect("trainees:class_roster", code=target.code)
            except MoveChanged as error:
                messages.info(request, str(error))
        found = try_combining(**how)
        context |= {
            "target": target,
            "found": found,
            "fitting": [move for one in found for move in one.fitting],
        }
    return _page(request, "trainees/combine_classes.html", rows, back, context)


def _say_combined(request: HttpRequest, target: TrainingClass, found: list[Combined]) -> None:
    count = sum(len(one.fitting) for one in found)
    messages.success(
        request,
        ngettext(
            "%(count)d person is in “%(title)s” now and has been told.",
            "%(count)d people are in “%(title)s” now and have been told.",
            count,
        )
        % {"count": count, "title": target.title},
    )
    for one in found:
        title = {"title": one.source.title, "count": len(one.staying)}
        if one.against:
            messages.warning(request, f"{one.source.title} {one.against}")
        elif one.staying:
            messages.warning(
                request,
                ngettext(
                    "%(count)d person stays in “%(title)s”.",
                    "%(count)d people stay in “%(title)s”.",
                    len(one.staying),
                )
                % title,
            )
        else:
            messages.info(
                request,
                _("“%(title)s” is empty now. Cancel it on its page if it is not held.") % title,
            )


def _ticked(request: HttpRequest) -> tuple[list[TrainingClass], str]:
    """The ticked classes that the person runs, and the address of the list; what was changed
    meanwhile or is gone is said in the messages.
    """
    require(
        request.user,
        "courses.view_schedule",
        who=_("Campuses, departments and the academy office schedule classes."),
    )
    query = request.GET.urlencode()
    back = reverse(ClassList.address) + (f"?{query}" if query else "")
    if request.method != "POST":
        return [], back
    rows, outcomes = ClassList(request).ticked()
    if len(rows) > MOST_CLASSES:
        messages.error(
            request,
            _("At most %(count)d classes at once. Tick fewer, or narrow the list.")
            % {"count": MOST_CLASSES},
        )
        return [], back
    outcomes.report(request, str)
    if not (rows or outcomes.changed or outcomes.gone):
        messages.error(request, _("Tick at least one row first."))
    return rows, back


def _page(
    request: HttpRequest, template: str, rows: list[TrainingClass], back: str, context: dict
) -> HttpResponse:
    ticks = [f"{row.pk}@{row.updated_at.isoformat()}" for row in rows]
    return render(request, template, {"classes": rows, "ticks": ticks, "back": back} | context)
