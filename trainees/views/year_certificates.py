"""The list of certificates, one PDF of those ticked, and issuing those of a year."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from academy.access import require
from academy.errors import PortalError
from academy.lists.pages import list_page

from ..certificates.issuing import days_of, issue_for_year, to_issue_for_year
from ..forms.certificates import YearCertificatesForm
from ..models import CertificateState
from ..office_lists import CertificateList
from .certificates import pdf_answer


def _require_list(request: HttpRequest) -> None:
    require(
        request.user,
        "trainees.see_certificates",
        who=_("Whoever runs classes sees the certificates of these classes."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def certificate_list(request: HttpRequest) -> HttpResponse:
    _require_list(request)
    return list_page(request, CertificateList(request))


@require_http_methods(["GET", "HEAD", "POST"])
def certificates_pdf(request: HttpRequest) -> HttpResponse:
    """One file of the ticked certificates that are valid."""
    _require_list(request)
    back = reverse("trainees:certificates")
    if request.method != "POST":
        return redirect(back)
    rows, _outcomes = CertificateList(request).ticked()
    valid = [row for row in rows if row.state == CertificateState.VALID]
    if not valid:
        messages.error(request, _("None of those ticked is valid, so there is no PDF."))
        return redirect(back)
    day = timezone.localdate().isoformat()
    return pdf_answer(request, valid, name=f"证书-{day}.pdf", back=back)


@require_http_methods(["GET", "HEAD", "POST"])
def year_certificates(request: HttpRequest) -> HttpResponse:
    """Choose a year and a street-town, see who gets one, issue them."""
    require(
        request.user,
        "trainees.issue_year_certificates",
        who=_("An administrator issues the certificates of a year."),
    )
    now = timezone.now()
    today = timezone.localdate(now)
    form = YearCertificatesForm(
        request.POST if request.method == "POST" else None, this_year=today.year
    )
    if not form.is_valid():
        return render(request, "trainees/certificates/year.html", {"form": form})
    year, town = form.cleaned_data["year"], form.cleaned_data["town"]
    if "confirmed" in request.POST:
        try:
            issued = issue_for_year(year=year, town=town, by=request.user, now=now)
        except PortalError as refused:
            messages.error(request, str(refused))
        else:
            messages.success(
                request,
                ngettext(
                    "%(count)d certificate of %(town)s is issued.",
                    "%(count)d certificates of %(town)s are issued.",
                    len(issued),
                )
                % {"count": len(issued), "town": town.name},
            )
        return redirect("trainees:certificates")
    return render(
        request,
        "trainees/certificates/year.html",
        {
            "form": form,
            "town": town,
            "days": days_of(year, today),
            "people": to_issue_for_year(year=year, town=town, today=today),
        },
    )
