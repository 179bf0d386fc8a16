"""The question that a person brings along, and the list of them for whoever runs the class."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from courses.models import TrainingClass

from ..booking.questions import may_write, questions_of, write_question
from ..errors import BookingError
from ..forms.questions import QuestionForm
from ..models import Enrolment
from .attendance import class_run_by
from .booking import require_trainee


@require_http_methods(["GET", "HEAD", "POST"])
def own_question(request: HttpRequest, code: str) -> HttpResponse:
    """The text of one's own booking; whoever has none, or comes too late, is led to the class."""
    training_class = get_object_or_404(TrainingClass.objects.visible_to(request.user), code=code)
    trainee = require_trainee(request.user)
    enrolment = (
        Enrolment.objects.live().filter(trainee=trainee, training_class=training_class).first()
    )
    if enrolment is None:
        messages.info(request, _("You have no booking in this class."))
        return redirect(training_class)
    now = timezone.now()
    if request.method != "POST":
        if not may_write(enrolment, training_class, now):
            return redirect(training_class)
        form = QuestionForm(initial={"question": enrolment.question})
        return _page(request, training_class, form)
    form = QuestionForm({} if "take_back" in request.POST else request.POST)
    if not form.is_valid():
        return _page(request, training_class, form)
    text = form.cleaned_data["question"]
    try:
        is_new = write_question(
            enrolment=enrolment, training_class=training_class, text=text, now=now
        )
    except BookingError as error:
        messages.error(request, str(error))
        return redirect(training_class)
    if is_new:
        messages.success(
            request,
            _("Your question is kept; whoever teaches reads it before the class.")
            if text
            else _("Your question is taken back."),
        )
    page = "trainees:booked" if "booked" in request.POST else "trainees:class_page"
    return redirect(f"{reverse(page, args=[code])}#question")


def _page(request: HttpRequest, training_class: TrainingClass, form: QuestionForm) -> HttpResponse:
    context = {"training_class": training_class, "form": form}
    return render(request, "trainees/own_question.html", context)


@require_GET
def class_questions(request: HttpRequest, code: str) -> HttpResponse:
    """What the people of the class bring along, to read and to print."""
    training_class = class_run_by(request.user, code)
    return render(
        request,
        "trainees/class_questions.html",
        {
            "training_class": training_class,
            "asked": list(questions_of([training_class])),
            "today": timezone.localdate(),
        },
    )
