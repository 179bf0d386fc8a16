"""The imports of a plan."""

from datetime import datetime

from academy.imports import runs as importing
from academy.models import ImportRun, ImportStatus

from .importers import PlanImporter
from .models import AnnualPlan, kind_of


def last_import(plan: AnnualPlan, user, now: datetime) -> ImportRun | None:
    """The last import of the plan, while the person may undo it and nothing has been changed
    since.
    """
    if not plan.is_editable:
        return None
    runs = ImportRun.objects.filter(
        kind=PlanImporter.kind,
        status=ImportStatus.IMPORTED,
        context__kind=kind_of(plan.owner),
        context__code=plan.owner.code,
        context__year=plan.year,
    )
    run = runs.defer("before").select_related("user").order_by("-imported_at", "-pk").first()
    return (
        run
        if run and user.has_perm("academy.undo_import", run) and importing.is_undoable(run, now)
        else None
    )
