"""Asking for a topic, and the office's answers."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from academy.access import require
from academy.errors import PortalError
from academy.lists.pages import list_page
from academy.web.paging import page_of

from ..forms.requests import AnswerForm, TopicRequestForm
from ..models import Course, ServiceItem, TopicRequest, TopicRequestStatus
from ..office_lists import REQUEST_BADGES, RequestList
from ..topic_requests import answer, answer_by, ask, take_back

PER_PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
def topic_requests(request: HttpRequest) -> HttpResponse:
    """Ask, and see what has become of what one asked before.

    `?topic=` and `?item=` fill the form in.
    """
    item = ServiceItem.objects.filter(
        code=(request.POST or request.GET).get("item", "")[:10]
    ).first()
    form = TopicRequestForm(
        request.POST or None,
        initial={"topic": request.GET.get("topic", "")[:60] or (item.name[:60] if item else "")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            asked = ask(
                **form.cleaned_data,
                by=request.user,
                village=_village_of(request.user),
                now=timezone.now(),
                service_item=item,
            )
        except PortalError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request,
                _(
                    "Asked for: “%(topic)s”. The academy office answers within 15 working days; you"
                    " get a notice."
                )
                % {"topic": asked.topic},
            )
            return redirect("courses:topic_requests")
    own = TopicRequest.objects.filter(asked_by=request.user).select_related("course")
    page = page_of(request, own, PER_PAGE)
    return render(
        request,
        "courses/topic_requests.html",
        {
            "form": form,
            "item": item,
            "page": page,
            "rows": [(row, REQUEST_BADGES[row.status]) for row in page],
        },
    )


def _village_of(user):
    trainee = getattr(user, "trainee", None)
    return trainee.village if trainee else None


@require_POST
def withdraw_request(request: HttpRequest, pk: int) -> HttpResponse:
    own = get_object_or_404(TopicRequest, pk=pk, asked_by=request.user)
    try:
        take_back(request=own, by=request.user)
        messages.success(request, _("Withdrawn: “%(topic)s”.") % {"topic": own.topic})
    except PortalError as error:
        messages.info(request, str(error))
    return redirect("courses:topic_requests")


# --- For the office -------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def manage_requests(request: HttpRequest) -> HttpResponse:
    _require_office(request)
    return list_page(request, RequestList(request))


@require_http_methods(["GET", "HEAD", "POST"])
def answer_request(request: HttpRequest, pk: int) -> HttpResponse:
    _require_office(request)
    asked = get_object_or_404(
        TopicRequest.objects.select_related(
            "village__town", "service_item", "course", "answered_by"
        ),
        pk=pk,
    )
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answer(
                request=asked,
                text=form.cleaned_data["answer"],
                course=form.cleaned_data["course"],
                by=request.user,
                now=timezone.now(),
            )
        except PortalError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Answered. Whoever asked gets a notice."))
            return redirect("courses:manage_requests")
    return render(
        request,
        "courses/answer_request.html",
        {
            "asked": asked,
            "form": form if asked.status == TopicRequestStatus.OPEN else None,
            "badge": REQUEST_BADGES[asked.status],
            "answer_by": answer_by(asked),
            "near": (
                Course.objects.published().filter(service_items=asked.service_item)[:3]
                if asked.service_item
                else []
            ),
        },
    )


def _require_office(request: HttpRequest) -> None:
    require(
        request.user,
        "courses.answer_request",
        who=_("The academy office answers what people ask for."),
    )
