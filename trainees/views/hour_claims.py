"""Hours from elsewhere: asked for on the phone, decided by the office."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from academy.access import require
from academy.errors import PortalError
from academy.lists.pages import list_page
from academy.uploads.keeping import attachment

from ..forms.hour_claims import HourClaimForm
from ..models import ClaimStatus, HourClaim, Trainee
from ..office_lists import HourClaimList
from ..record.claims import approve, ask_for_hours, same_days, send_back


@require_http_methods(["GET", "HEAD", "POST"])
def my_claims(request: HttpRequest) -> HttpResponse:
    """What the person has handed in, and the form for one more."""
    trainee = Trainee.objects.filter(user=request.user).first()
    if trainee is None:
        return render(request, "trainees/my_claims.html", {"trainee": None})
    form = HourClaimForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        facts = {name: value for name, value in form.cleaned_data.items() if name != "file"}
        try:
            ask_for_hours(
                trainee=trainee, file=form.checked, by=request.user, now=timezone.now(), **facts
            )
        except PortalError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, _("Handed in. The academy office looks at it, and you are told.")
            )
            return redirect("trainees:my_claims")
    return render(
        request,
        "trainees/my_claims.html",
        {"trainee": trainee, "form": form, "claims": trainee.hour_claims.all()},
    )


@require_safe
def claim_file(request: HttpRequest, key) -> HttpResponse:
    """The evidence, for the person and the office; for all others it does not exist."""
    claim = get_object_or_404(HourClaim.objects.visible_to(request.user).exclude(file=""), key=key)
    return attachment(claim.file, name=claim.original_name, content_type=claim.content_type)


def _require_office(request: HttpRequest) -> None:
    require(
        request.user,
        "trainees.decide_claims",
        who=_("The academy office decides claims of study hours."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def hour_claims(request: HttpRequest) -> HttpResponse:
    _require_office(request)
    return list_page(request, HourClaimList(request))


@require_http_methods(["GET", "HEAD", "POST"])
def hour_claim(request: HttpRequest, pk: int) -> HttpResponse:
    """One claim with what else the person has on these days; approve it or send it back."""
    _require_office(request)
    claim = get_object_or_404(
        HourClaim.objects.select_related("trainee__user", "trainee__village__town", "decided_by"),
        pk=min(pk, 2**62),
    )
    if request.method == "POST":
        now = timezone.now()
        try:
            if request.POST.get("action") == "approve":
                approve(claim=claim, by=request.user, now=now)
                messages.success(request, _("Approved. The hours are posted."))
            else:
                answer = request.POST.get("answer", "")
                send_back(claim=claim, answer=answer, by=request.user, now=now)
                messages.success(request, _("Sent back with your sentence."))
        except PortalError as refused:
            messages.error(request, str(refused))
            return redirect(claim)
        return redirect("trainees:hour_claims")
    return render(
        request,
        "trainees/hour_claim.html",
        {
            "claim": claim,
            "same_days": same_days(claim),
            "is_open": claim.status == ClaimStatus.ASKED,
        },
    )
