"""Importing an annual plan: previewed first, all or nothing, each row's fate told, and undone as long as nothing else was changed.

A row is matched with an item of the plan by its training name (the second of one name with the second). Items that the file
does not name stay, after those it names. Source: DESIGN.md 5.10.
"""

from collections import defaultdict
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from academy.cells import spelled
from academy.errors import PortalError
from academy.sheets import FileRefused

from .filing import create_plan, lock_editable, record_step, replace_items
from .items import MOST_ITEMS, OUT_OF_THE_WAY
from .models import (
    ITEM_FIELDS,
    AnnualPlan,
    Decision,
    Owner,
    PlanItem,
    PlanUpload,
    UploadStatus,
    content_of,
    digest,
    items_from,
)
from .plan_file import CHANGED, NEW, REJECTED, SAME, Reading, read_plan


class NothingToUndo(PortalError):
    """The import cannot be taken back any more."""


class RowsRejected(PortalError):
    """Some rows cannot be taken over, so nothing is."""

    @classmethod
    def of(cls, reading: Reading) -> "RowsRejected":
        return cls(ngettext(
            "%(count)d row cannot be taken over, so nothing was. Mend it in the file and send it again.",
            "%(count)d rows cannot be taken over, so nothing was. Mend them in the file and send it again.", len(reading.rejected),
        ) % {"count": len(reading.rejected)})  # fmt: skip


class UploadGone(PortalError):
    """The upload was used already."""


# --- Comparing and writing --------------------------------------------------------------------------------------------


def compare(reading: Reading, plan: AnnualPlan | None) -> Reading:
    """Give every row its fate against the items the plan has now."""
    existing: dict[str, list[PlanItem]] = defaultdict(list)
    for item in plan.items.order_by("number") if plan else []:
        existing[spelled(item.name)].append(item)
    for row in reading.rows:
        if row.reason:
            row.fate = REJECTED
            continue
        same_name = existing[spelled(row.item.name)]
        if not same_name:
            row.fate = NEW
            continue
        item = same_name.pop(0)
        row.changes = [name for name in ITEM_FIELDS if getattr(item, name) != getattr(row.item, name)]
        row.fate = CHANGED if row.changes else SAME
        row.item.pk = item.pk
    reading.staying = sorted((item for items in existing.values() for item in items), key=lambda item: item.number)
    if reading.staying:
        reading.warnings.append({"row": 0, "reason": ngettext(
            "%(count)d item of the plan is not in the file; it stays.", "%(count)d items of the plan are not in the file; they stay.", len(reading.staying),
        ) % {"count": len(reading.staying)}})  # fmt: skip
    return reading


def preview(*, content: bytes, name: str, owner: Owner, year: int) -> Reading:
    """What importing the file would do. Writes nothing. Raises FileRefused."""
    plan = AnnualPlan.objects.of_owner(owner).of_year(year).first()
    return compare(read_plan(content, name, owner=owner, year=year), plan)


def import_plan(*, content: bytes, name: str, owner: Owner, year: int, by, now: datetime) -> tuple[AnnualPlan, Reading]:
    """Read the file and write its items into the owner's plan of the year, made if there is none: all rows or nothing.

    Raises FileRefused, RowsRejected, PlanNotEditable and what `create_plan` raises.
    """
    reading = read_plan(content, name, owner=owner, year=year)  # slow, so before the transaction
    with transaction.atomic():
        plan = _lock_or_create(owner, year, by, now)
        _write(reading, plan, name=name, by=by, now=now)
    return plan, reading


def _lock_or_create(owner: Owner, year: int, by, now: datetime) -> AnnualPlan:
    return lock_editable(AnnualPlan.objects.of_owner(owner).of_year(year).first() or create_plan(owner=owner, year=year, by=by, now=now))


def _write(reading: Reading, plan: AnnualPlan, *, name: str, by, now: datetime) -> None:
    """Write what was read into the plan. Call with the plan locked."""
    compare(reading, plan)
    if reading.rejected:
        raise RowsRejected.of(reading)
    items = [row.item for row in reading.accepted]
    last = max((item.number for item in items), default=0)
    for offset, item in enumerate(reading.staying, start=1):
        item.number = last + offset
    items += reading.staying
    if len(items) > MOST_ITEMS:
        raise FileRefused(_("A plan holds at most %(most)d items.") % {"most": MOST_ITEMS})
    plan.items.update(number=F("number") + OUT_OF_THE_WAY)
    PlanItem.objects.bulk_update([item for item in items if item.pk], [*ITEM_FIELDS, "quarter"])
    for item in items:
        item.plan = plan
    PlanItem.objects.bulk_create([item for item in items if not item.pk])
    plan.save(update_fields=["updated_at"])
    with translation.override(settings.LANGUAGE_CODE):  # it is kept
        words = _("%(file)s: %(new)d new, %(changed)d changed, %(same)d as before") % {
            "file": name[:80], "new": reading.count(NEW), "changed": reading.count(CHANGED), "same": reading.count(SAME),
        }  # fmt: skip
    record_step(plan, Decision.IMPORTED, by, now, words)


# --- Uploads: preview, confirm, undo ----------------------------------------------------------------------------------


def confirm(*, upload: PlanUpload, by, now: datetime) -> AnnualPlan:
    """Import the stored file, read anew. Raises UploadGone and what `import_plan` raises."""
    reading = read_plan(bytes(upload.content), upload.file_name, owner=upload.owner, year=upload.year)
    with transaction.atomic():
        upload = PlanUpload.objects.select_for_update().get(pk=upload.pk)
        if upload.status != UploadStatus.UPLOADED:
            raise UploadGone(_("This file has been imported already."))
        plan = _lock_or_create(upload.owner, upload.year, by, now)
        upload.plan, upload.before = plan, content_of(plan, list(plan.items.all()))
        _write(reading, plan, name=upload.file_name, by=by, now=now)
        upload.after = _state_of(plan)
        upload.status, upload.content = UploadStatus.IMPORTED, b""
        upload.save()
    return plan


@transaction.atomic
def undo(*, upload: PlanUpload, by, now: datetime) -> AnnualPlan:
    """Put back the items as they were before the import. Raises NothingToUndo when they changed since, PlanNotEditable."""
    upload = PlanUpload.objects.select_for_update().get(pk=upload.pk)
    if upload.status != UploadStatus.IMPORTED:
        raise NothingToUndo(_("There is no import to undo."))
    plan = lock_editable(upload.plan)
    if _state_of(plan) != upload.after:
        raise NothingToUndo(_("The plan was changed after the import, so it cannot be undone as a whole. Change the items one by one."))
    replace_items(plan, items_from(upload.before) if upload.before else [])
    plan.save(update_fields=["updated_at"])
    upload.status = UploadStatus.UNDONE
    upload.save(update_fields=["status"])
    record_step(plan, Decision.IMPORT_UNDONE, by, now, upload.file_name[:80])
    return plan


def undoable(plan: AnnualPlan) -> PlanUpload | None:
    """The last import, while nothing has been changed since."""
    if not plan.is_editable:
        return None
    upload = plan.uploads.filter(status=UploadStatus.IMPORTED).defer("content", "before").order_by("-pk").first()
    return upload if upload and upload.after == _state_of(plan) else None


def _state_of(plan: AnnualPlan) -> str:
    return digest(content_of(plan, list(plan.items.all())))
