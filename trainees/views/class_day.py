"""What a class needs on its day: groups, name cards for the desk, how many eat."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from courses.models import HELD, TrainingClass

from ..classes.grouping import GroupingError, draw_groups, groups_of, move_to_group
from ..classes.meals import days_at_table
from ..forms.discussions import DiscussionForm
from ..models import Discussion
from ..models.grouping import MOST_GROUPS
from ..workspace.frame import PEOPLE
from .attendance import class_run_by
from .class_frame import render_tab


@require_http_methods(["GET", "HEAD", "POST"])
def class_day(request: HttpRequest, code: str) -> HttpResponse:
    """Groups with the buttons that draw and move, the papers, and how many eat on each day."""
    training_class = class_run_by(request.user, code)
    if request.method == "POST":
        try:
            messages.success(request, _change(request, training_class))
        except GroupingError as error:
            messages.error(request, str(error))
        return redirect("trainees:class_day", code=code)
    return render_tab(
        request,
        training_class,
        PEOPLE,
        "trainees/class_day.html",
        {
            "discussion": Discussion.objects.filter(training_class=training_class).first(),
            "discussion_form": DiscussionForm(),
            "division": groups_of(training_class),
            "days": days_at_table(training_class),
            "is_held": training_class.status in HELD,
            "most_groups": MOST_GROUPS,
        },
    )


def _change(request: HttpRequest, training_class: TrainingClass) -> str:
    """Draw or move; returns what happened. Raises GroupingError."""
    if training_class.status not in HELD:
        raise GroupingError(_("This class is closed or cancelled, so its groups stay as they are."))
    shown = request.POST.get("shown", "")
    if request.POST.get("action") == "move":
        number = _number(request.POST.get("group", ""))
        person = move_to_group(
            training_class=training_class,
            person=_number(request.POST.get("person", "")),
            number=number,
            shown=shown,
        )
        return _("%(name)s is in group %(number)d.") % {
            "name": person.trainee.user.name,
            "number": number,
        }
    seed = request.POST.get("seed", "").strip()
    grouping = draw_groups(
        training_class=training_class,
        groups=_number(request.POST.get("groups", "")),
        seed=_seed(seed) if seed else None,
        shown=shown,
        by=request.user,
        now=timezone.now(),
    )
    return ngettext(
        "Mixed into %(count)d group.", "Mixed into %(count)d groups.", grouping.groups
    ) % {"count": grouping.groups}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


def _seed(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 6):
        raise GroupingError(_("The number of a draw has six digits at most."))
    return int(text)


@require_GET
def groups_paper(request: HttpRequest, code: str) -> HttpResponse:
    """The groups on A4, to hang up."""
    training_class = class_run_by(request.user, code)
    context = {"training_class": training_class, "division": groups_of(training_class)}
    return render(request, "trainees/groups_paper.html", context)


@require_GET
def name_cards(request: HttpRequest, code: str) -> HttpResponse:
    """A card for the desk of each person: A4, folded in the middle, the name on both sides."""
    training_class = class_run_by(request.user, code)
    division = groups_of(training_class)
    people = [*(one for group in division.groups for one in group.people), *division.ungrouped]
    context = {"training_class": training_class, "division": division, "people": people}
    return render(request, "trainees/name_cards.html", context)


@require_GET
def my_groups(request: HttpRequest, code: str) -> HttpResponse:
    """The groups for those who take part; for everybody else the page does not exist."""
    training_class = get_object_or_404(TrainingClass.objects.visible_to(request.user), code=code)
    division = groups_of(training_class)
    own = next(
        (
            (group, person)
            for group in [*division.groups, None]
            for person in (group.people if group else division.ungrouped)
            if person.trainee.user_id == request.user.pk
        ),
        None,
    )
    if own is None:
        raise Http404
    context = {"training_class": training_class, "division": division, "own_group": own[0]}
    context["discussion"] = Discussion.objects.filter(training_class=training_class).first()
    return render(request, "trainees/my_groups.html", context)
