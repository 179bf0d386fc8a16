"""What is there, as a workbook that can be imported again."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.views.decorators.http import require_GET

from ..web.downloads import download
from .by_code import TableByCode, workbook_of
from .registry import importers_for
from .views import require_imports


@require_GET
def import_export(request: HttpRequest, kind: str) -> HttpResponse:
    """The rows of a table by code; numbers of people are masked, docs/rules.md R12."""
    require_imports(request.user)
    importer = next((found for found in importers_for(request.user) if found.kind == kind), None)
    if importer is None or not issubclass(importer, TableByCode):
        raise Http404
    with translation.override("zh-hans"):
        name = f"{importer.title}-{timezone.localdate().isoformat()}.xlsx"
    return download(workbook_of(importer(request.user, timezone.now())), name)
