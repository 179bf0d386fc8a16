"""Evidence files: every download asks who may see it, and no browser shows one inside the
portal; of a photo it shows a small picture that the portal has drawn anew.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from academy.access import require
from academy.uploads.keeping import attachment, small_picture

from ..models import Evidence, EvidenceKind, Secondment
from ..seven_items.handing_in import mark_looked


@require_safe
def evidence_file(request: HttpRequest, key) -> HttpResponse:
    evidence = _readable(request, key)
    if request.method == "GET":
        mark_looked(item=evidence.item, by=request.user, now=timezone.now())
    return attachment(
        evidence.file, name=evidence.original_name, content_type=evidence.content_type
    )


@require_safe
def evidence_picture(request: HttpRequest, key) -> HttpResponse:
    """A small picture of a photo, for lists."""
    evidence = _readable(request, key)
    if not evidence.is_picture:
        raise Http404
    return small_picture(evidence.file)


def _readable(request: HttpRequest, key) -> Evidence:
    """The evidence. Raises Http404 for strangers, PermissionDenied for a draft of the host."""
    rows = Evidence.objects.filter(
        kind=EvidenceKind.FILE, item__secondment__in=Secondment.objects.visible_to(request.user)
    )
    evidence = get_object_or_404(rows.select_related("item__secondment__trainee"), key=key)
    require(
        request.user,
        "practicums.read_evidence",
        evidence,
        who=_("The appraisal can be read when the host has issued it."),
    )
    return evidence
