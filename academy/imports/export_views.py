"""What is there, as a workbook that can be imported again, and samples that can be sent."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.views.decorators.http import require_GET

from ..web.downloads import download
from .by_code import TableByCode, workbook_of
from .importer import Importer
from .registry import importers_for
from .samples import sample
from .views import require_imports


@require_GET
def import_export(request: HttpRequest, kind: str) -> HttpResponse:
    """The rows of a table by code; numbers of people are masked, docs/rules.md R12."""
    importer = _importer(request, kind)
    if not issubclass(importer, TableByCode):
        raise Http404
    with translation.override("zh-hans"):
        name = f"{importer.title}-{timezone.localdate().isoformat()}.xlsx"
    return download(workbook_of(importer(request.user, timezone.now())), name)


@require_GET
def import_sample(request: HttpRequest, kind: str) -> HttpResponse:
    """A file with rows that can be imported as it is."""
    importer = _importer(request, kind)
    if not importer.sample:
        raise Http404
    with translation.override("zh-hans"):
        return download(sample(importer), f"{importer.title}样表.xlsx")


def _importer(request: HttpRequest, kind: str) -> type[Importer]:
    """Raises Http404 for a kind that the person may not import."""
    require_imports(request.user)
    for importer in importers_for(request.user):
        if importer.kind == kind:
            return importer
    raise Http404
