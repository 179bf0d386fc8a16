"""What trainees say of a class, and whether they use what they learnt."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from courses.models import TrainingClass

from ..evaluation import follow_ups, windows
from ..evaluation.box import OPENS_AT, answer
from ..evaluation.follow_ups import Asked, say_use
from ..evaluation.windows import EvaluationError
from ..forms.evaluation import AnswerForm
from ..models import FOLLOW_UP_DAYS, MOST_CHARACTERS, ClassEvaluation, Use
from .booking import require_trainee, trainee_of


@require_safe
def my_evaluations(request: HttpRequest) -> HttpResponse:
    """What the person can still answer."""
    trainee, now = trainee_of(request.user), timezone.now()
    return render(
        request,
        "trainees/evaluation/mine.html",
        {
            "trainee": trainee,
            "evaluations": windows.asked_of(trainee, now) if trainee else [],
            "uses": follow_ups.asked_of(trainee, now) if trainee else [],
        },
    )


# a report of a fault must not carry what was answered, and no cache keep it
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def evaluate(request: HttpRequest, code: str) -> HttpResponse:
    """The four grades and two texts of a class, once."""
    trainee, now = require_trainee(request.user), timezone.now()
    training_class = _class(request, code)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            answer(
                training_class=training_class,
                trainee=trainee,
                grades=form.grades,
                useful=form.cleaned_data["useful"],
                improve=form.cleaned_data["improve"],
                now=now,
            )
        except EvaluationError as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Thank you. Your answer is in the sealed box."))
        return redirect("trainees:my_evaluations")
    refusal = ""
    evaluation = ClassEvaluation.objects.filter(training_class=training_class).defer("box").first()
    try:
        windows.refuse_unless_asked(trainee, evaluation, now)
    except EvaluationError as refused:
        refusal = str(refused)
    return render(
        request,
        "trainees/evaluation/evaluate.html",
        {
            "training_class": training_class,
            "evaluation": evaluation,
            "form": form,
            "refusal": refusal,
            "opens_at": OPENS_AT,
        },
    )


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def say_use_page(request: HttpRequest, code: str, days: int) -> HttpResponse:
    """Whether what was learnt is used: a tap, and a text if one likes."""
    if days not in FOLLOW_UP_DAYS:
        raise Http404
    trainee, now = require_trainee(request.user), timezone.now()
    asked = Asked(_class(request, code), days)
    if request.method == "POST":
        try:
            say_use(
                asked=asked,
                trainee=trainee,
                use=request.POST.get("use", ""),
                text=request.POST.get("text", ""),
                now=now,
            )
        except EvaluationError as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Thank you, that is noted."))
        return redirect("trainees:my_evaluations")
    refusal = ""
    try:
        follow_ups.refuse_unless_asked(trainee, asked, now)
    except EvaluationError as refused:
        refusal = str(refused)
    return render(
        request,
        "trainees/evaluation/say_use.html",
        {
            "asked": asked,
            "training_class": asked.training_class,
            "uses": Use,
            "refusal": refusal,
            "most": MOST_CHARACTERS,
        },
    )


def _class(request: HttpRequest, code: str) -> TrainingClass:
    return get_object_or_404(TrainingClass.objects.visible_to(request.user), code=code)
