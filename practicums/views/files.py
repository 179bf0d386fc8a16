"""Evidence files: every download asks who may see it, and no browser shows one inside the
portal.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from academy.access import require
from academy.uploads.keeping import attachment

from ..models import Evidence, EvidenceKind, Secondment


@require_safe
def evidence_file(request: HttpRequest, key) -> HttpResponse:
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
    return attachment(
        evidence.file, name=evidence.original_name, content_type=evidence.content_type
    )
