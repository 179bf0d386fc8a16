"""The public page on which a certificate is checked."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from academy.accounts import lockout
from academy.text.names import masked_name
from academy.web.client_address import client_address

from ..certificates.checking import Finding, find
from ..forms.certificates import CheckForm


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check_certificate(request: HttpRequest) -> HttpResponse:
    """A form for number and check code; the answer stands above it."""
    form = CheckForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, form)
    return _answer(request, form, form.cleaned_data["code"], form.cleaned_data["number"])


@login_not_required
@never_cache
@require_safe
def checked_certificate(request: HttpRequest, code: str) -> HttpResponse:
    """The answer to the QR code."""
    return _answer(request, CheckForm(), code)


def _answer(
    request: HttpRequest, form: CheckForm, code: str, number: str | None = None
) -> HttpResponse:
    try:
        finding = find(code=code, number=number, address=client_address(request))
    except lockout.TooManyTries as refused:
        return _page(request, form, too_many=str(refused), status=429)
    return _page(request, form, finding, status=200 if finding.certificate else 404)


def _page(
    request: HttpRequest,
    form: CheckForm,
    finding: Finding | None = None,
    *,
    too_many: str = "",
    status: int = 200,
) -> HttpResponse:
    response = render(
        request,
        "trainees/certificates/check.html",
        {
            "form": form,
            "finding": finding,
            "name": masked_name(finding.certificate.trainee.name)
            if finding and finding.certificate
            else "",
            "too_many": too_many,
        },
        status=status,
    )
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
