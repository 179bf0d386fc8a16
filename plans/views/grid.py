"""Saving rows of a plan's table: JSON in, JSON out; the script of the page calls it."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from academy.errors import PortalError

from ..checklist import checks_of, is_complete
from ..drafting.course_matching import match_courses
from ..grid.cells import shown, values_of
from ..grid.rows import RowAnswer, RowsRefused, SentRow, Written, write_rows
from ..grid.sent import NotRead, rows_in
from ..models import AnnualPlan, PlanItem
from .items import plan_to_edit

JSON = "application/json"


@require_POST
def plan_rows(request: HttpRequest, pk: int) -> HttpResponse:
    plan = plan_to_edit(request, pk)
    try:
        rows, again = rows_in(request.body if request.content_type == JSON else b"")
        written = write_rows(plan=plan, rows=rows, again=again)
        match_courses(plan, only=written.items.values())
    except NotRead as error:
        return JsonResponse({"said": str(error)}, status=400)
    except RowsRefused as refused:
        return JsonResponse(
            {"said": str(refused), "rows": [_answer(answer) for answer in refused.answers]},
            status=422,
        )
    except PortalError as error:
        return JsonResponse({"said": str(error)}, status=409)
    return JsonResponse(_saved(request, plan, rows, written))


def _answer(answer: RowAnswer) -> dict:
    return {
        "key": answer.key,
        "cells": answer.cells,
        "now": {name: [value, shown(name, value)] for name, value in answer.now.items()},
        "said": answer.said,
        "gone": answer.is_gone,
    }


def _saved(request: HttpRequest, plan: AnnualPlan, rows: list[SentRow], written: Written) -> dict:
    items = list(plan.items.all())
    checks = checks_of(plan, items)
    return {
        "said": _said(rows),
        "rows": {key: _cells(item) for key, item in _by_key(items, written.items).items()},
        "taken_out": written.taken_out,
        "checks": render_to_string(
            "plans/_checks.html",
            {"checks": checks, "is_complete": is_complete(checks), "plan": plan},
            request=request,
        ),
    }


def _by_key(items: list[PlanItem], written: dict[str, int]) -> dict[str, PlanItem]:
    by_pk = {item.pk: item for item in items}
    return {key: by_pk[pk] for key, pk in written.items() if pk in by_pk}


def _cells(item: PlanItem) -> dict:
    return {
        "pk": item.pk,
        "cells": {name: [value, shown(name, value)] for name, value in values_of(item).items()},
    }


def _said(rows: list[SentRow]) -> str:
    if any(row.is_removed for row in rows):
        return _("Taken out.")
    count = len(rows)
    return ngettext("%(count)d row saved", "%(count)d rows saved", count) % {"count": count}
