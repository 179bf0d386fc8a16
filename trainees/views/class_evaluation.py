"""What a class was told, and what is to be mended because of it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from academy.access import require
from courses.models import TrainingClass

from ..evaluation.box import OPENS_AT
from ..evaluation.improvements import ImprovementError, mend, say_done, who_may_see_to_it
from ..evaluation.results import results_of, uses_of
from ..evaluation.windows import attendees_of
from ..forms.evaluation import ImprovementForm
from ..models import FOLLOW_UP_DAYS, ClassEvaluation, Improvement, UseFollowUp


@require_http_methods(["GET", "HEAD", "POST"])
def class_evaluation(request: HttpRequest, code: str) -> HttpResponse:
    """The results of a class from five answers on; entering what is to be mended."""
    found = TrainingClass.objects.visible_to(request.user).select_related("campus", "department")
    training_class = get_object_or_404(found, code=code)
    require(
        request.user,
        "trainees.see_evaluation",
        training_class,
        who=_("Whoever runs this class or lectures in it sees its evaluation."),
    )
    now, today = timezone.now(), timezone.localdate()
    may_mend = request.user.has_perm("trainees.mend", training_class)
    people = who_may_see_to_it(training_class, today)
    form = ImprovementForm(
        request.POST if request.method == "POST" else None, people=people, today=today
    )
    if request.method == "POST":
        if not may_mend:
            raise PermissionDenied(_("Whoever runs the class enters what is to be mended."))
        if form.is_valid():
            mend(training_class=training_class, by=request.user, now=now, **form.cleaned_data)
            messages.success(request, _("Entered. Whoever sees to it is reminded before the day."))
            return redirect(request.path)
    return render(
        request,
        "trainees/evaluation/class_evaluation.html",
        {
            "training_class": training_class,
            "evaluation": ClassEvaluation.objects.filter(training_class=training_class)
            .defer("box")
            .first(),
            "now": now,
            "asked": attendees_of(training_class).count(),
            "results": results_of(training_class),
            "opens_at": OPENS_AT,
            "uses": [uses_of(training_class, days) for days in FOLLOW_UP_DAYS],
            # whoever writes is told that those who run the class read it, with the name
            "use_texts": (
                UseFollowUp.objects.filter(training_class=training_class)
                .exclude(text="")
                .select_related("trainee__user")
                .order_by("days", "trainee__stroke_key", "pk")
                if may_mend
                else []
            ),
            "improvements": training_class.improvements.select_related("responsible", "done_by"),
            "today": today,
            "may_mend": may_mend,
            "form": form,
        },
    )


@require_POST
def improvement_done(request: HttpRequest, pk: int) -> HttpResponse:
    """Close what was to be mended with a sentence; 404 for one that the person does not see."""
    improvement = (
        Improvement.objects.visible_to(request.user)
        .select_related("training_class")
        .filter(pk=min(pk, 2**62))
        .first()
    )
    if improvement is None:
        raise Http404
    try:
        say_done(
            improvement=improvement,
            outcome=request.POST.get("outcome", ""),
            by=request.user,
            now=timezone.now(),
        )
    except ImprovementError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Closed, with what was done."))
    if request.user.has_perm("trainees.see_evaluation", improvement.training_class):
        return redirect("trainees:class_evaluation", improvement.training_class.code)
    return redirect("trainees:improvements")
