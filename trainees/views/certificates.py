"""Certificates of a class for whoever runs it, and one's own: list, paper, PDF, revoking."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)

from academy.access import require
from academy.errors import PortalError
from academy.web.downloads import download
from courses.models import ClassStatus, TrainingClass

from ..certificates.checking import CODE, as_check_code
from ..certificates.issuing import (
    issue_anew,
    issue_for_class,
    revoke,
    still_revoked,
    to_issue_for_class,
)
from ..certificates.pdf import PdfNotMade, pdf_of
from ..certificates.wording import Paper, papers_of
from ..forms.certificates import RevokeForm
from ..models import Certificate, CertificateQuerySet, CertificateState, Trainee
from ..office_lists.certificates import badge_of
from ..workspace.frame import RECORDS
from .attendance import class_run_by
from .class_frame import render_tab


def papers(request: HttpRequest, certificates: Sequence[Certificate]) -> list[Paper]:
    """What each shows, with the address that its QR code leads to."""

    def address_of(row: Certificate) -> str:
        return request.build_absolute_uri(
            reverse("trainees:checked_certificate", args=[row.check_code])
        )

    return papers_of(certificates, address_of)


def pdf_answer(
    request: HttpRequest, certificates: Sequence[Certificate], *, name: str, back: str
) -> HttpResponse:
    """The file; or the page before, with the sentence that says why there is none."""
    try:
        return download(pdf_of(papers(request, certificates)), name)
    except PdfNotMade as refused:
        messages.error(request, str(refused))
        return redirect(back)


# --- Of a class -----------------------------------------------------------------------------------


def _of_class(training_class: TrainingClass) -> CertificateQuerySet:
    return (
        Certificate.objects.filter(training_class=training_class)
        .with_paper()
        .select_related("trainee__village__town")
        .order_by("trainee__village__town__code", "trainee__stroke_key", "trainee", "-pk")
    )


def _valid(rows: Sequence[Certificate]) -> list[Certificate]:
    return [row for row in rows if row.state == CertificateState.VALID]


@require_http_methods(["GET", "HEAD", "POST"])
def class_certificates(request: HttpRequest, code: str) -> HttpResponse:
    """Who gets one, one button that issues them, and those that are issued."""
    training_class = class_run_by(request.user, code)
    if request.method == "POST":
        try:
            issued = issue_for_class(
                training_class=training_class, by=request.user, now=timezone.now()
            )
        except PortalError as refused:
            messages.error(request, str(refused))
        else:
            _say_how_many(request, len(issued), revoked=bool(still_revoked(training_class)))
        return redirect("trainees:class_certificates", code=code)
    rows = list(_of_class(training_class))
    is_closed = training_class.status == ClassStatus.CLOSED
    return render_tab(
        request,
        training_class,
        RECORDS,
        "trainees/certificates/of_class.html",
        {
            "is_closed": is_closed,
            "to_issue": to_issue_for_class(training_class) if is_closed else [],
            "revoked": still_revoked(training_class) if is_closed else [],
            "rows": [(row, *badge_of(row)) for row in rows],
            "valid": len(_valid(rows)),
        },
    )


def _say_how_many(request: HttpRequest, count: int, *, revoked: bool = False) -> None:
    if not count and revoked:
        return  # the page names those whose certificate is revoked
    if not count:
        messages.info(request, _("Everybody who completed it holds a valid certificate already."))
        return
    messages.success(
        request,
        ngettext(
            "%(count)d certificate is issued, and the person has been told.",
            "%(count)d certificates are issued, and the people have been told.",
            count,
        )
        % {"count": count},
    )


@require_GET
def class_certificates_paper(request: HttpRequest, code: str) -> HttpResponse:
    """All valid certificates of the class, a sheet for each."""
    training_class = class_run_by(request.user, code)
    return render(
        request,
        "trainees/certificates/class_paper.html",
        {
            "training_class": training_class,
            "papers": papers(request, _valid(_of_class(training_class))),
        },
    )


@require_safe
def class_certificates_pdf(request: HttpRequest, code: str) -> HttpResponse:
    training_class = class_run_by(request.user, code)
    back = reverse("trainees:class_certificates", args=[code])
    valid = _valid(_of_class(training_class))
    if not valid:
        messages.info(request, _("There is no valid certificate of this class yet."))
        return redirect(back)
    return pdf_answer(request, valid, name=f"证书-{code}.pdf", back=back)


@require_http_methods(["GET", "HEAD", "POST"])
def revoke_certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask why, then revoke."""
    found = _to_change(request, pk)
    form = RevokeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            revoke(
                certificate=found,
                reason=form.cleaned_data["reason"],
                by=request.user,
                now=timezone.now(),
            )
        except PortalError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request,
                _("%(number)s is revoked; %(name)s has been told.")
                % {"number": found.number, "name": found.trainee.name},
            )
            return redirect(_back(found))
    return render(
        request,
        "trainees/certificates/revoke.html",
        {"form": form, "certificate": found, "back": _back(found)},
    )


@require_POST
def renew_certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """A new certificate for somebody whose certificate of a class was revoked."""
    found = _to_change(request, pk)
    try:
        new = issue_anew(certificate=found, by=request.user, now=timezone.now())
    except PortalError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(
            request,
            _("%(name)s has a new certificate, %(number)s.")
            % {"name": new.trainee.name, "number": new.number},
        )
    return redirect(_back(found))


def _to_change(request: HttpRequest, pk: int) -> Certificate:
    """404 for what the person does not see, 403 for what they do not decide about."""
    found = get_object_or_404(
        Certificate.objects.visible_to(request.user)
        .with_paper()
        .select_related("training_class__campus", "training_class__department"),
        pk=min(pk, 2**62),
    )
    require(
        request.user,
        "trainees.revoke_certificate",
        found,
        who=_(
            "Whoever runs the class decides about its certificates, an administrator about those"
            " of a year."
        ),
    )
    return found


def _back(certificate: Certificate) -> str:
    if certificate.training_class is None:
        return reverse("trainees:certificates")
    return reverse("trainees:class_certificates", args=[certificate.training_class.code])


# --- One's own ------------------------------------------------------------------------------------


@require_GET
def my_certificates(request: HttpRequest) -> HttpResponse:
    """Own certificates, the newest first; those replaced by a newer one are left out."""
    trainee = Trainee.objects.filter(user=request.user).first()
    rows = []
    if trainee is not None:
        found = Certificate.objects.filter(trainee=trainee, replaced_at__isnull=True)
        rows = [(row, *badge_of(row)) for row in found.with_paper().order_by("-issued_at", "-pk")]
    return render(request, "trainees/certificates/mine.html", {"trainee": trainee, "rows": rows})


def _own_or_run(request: HttpRequest, code: str) -> Certificate:
    if not CODE.fullmatch(as_check_code(code)):
        raise Http404
    return get_object_or_404(
        Certificate.objects.visible_to(request.user).with_paper(), check_code=as_check_code(code)
    )


@require_GET
@never_cache
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """One certificate as it is printed, for whoever holds it or runs its class."""
    found = _own_or_run(request, code)
    kind, words = badge_of(found)
    return render(
        request,
        "trainees/certificates/paper.html",
        {
            "certificate": found,
            "papers": papers(request, [found]),
            "is_own": found.trainee.user_id == request.user.pk,
            "is_valid": found.state == CertificateState.VALID,
            "badge": (kind, words),
        },
    )


@require_safe
@never_cache
def certificate_pdf(request: HttpRequest, code: str) -> HttpResponse:
    found = _own_or_run(request, code)
    back = reverse("trainees:certificate", args=[found.check_code])
    if found.state != CertificateState.VALID:
        messages.error(
            request, _("This certificate does not count any more, so there is no PDF of it.")
        )
        return redirect(back)
    return pdf_answer(request, [found], name=f"证书-{found.number}.pdf", back=back)
