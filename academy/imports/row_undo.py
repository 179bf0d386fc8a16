"""Undoing an import row by row: what still stands as it was written goes back, the rest is left."""

from django.apps import apps
from django.utils.translation import gettext as _

from ..models import ImportRow, ImportRun
from .errors import NothingToUndo
from .importer import Importer
from .snapshots import Snapshot, digest, put_back, relations_to

LENGTH_OF_A_MARK = 16  # digits of a digest; enough to tell one state of a row from another


def marks_of(parts: dict[str, Snapshot]) -> dict[str, str]:
    """Key of a row → a mark that changes with anything that was written for it."""
    return {key: digest(part)[:LENGTH_OF_A_MARK] for key, part in parts.items()}


def restore_untouched(
    importer: Importer, run: ImportRun, rows: list[ImportRow], present: Snapshot
) -> None:
    """Put back each row that nobody has changed or used since; a warning of the run names each of
    the others. Call inside a transaction.

    Raises NothingToUndo when not one row can be put back.
    """
    parts, before = importer.parts_of(present, rows), importer.parts_of(run.before, rows)
    marks = marks_of(parts)
    changed = {row.key for row in rows if marks.get(row.key) != run.marks.get(row.key)}
    used = _used(parts, before)
    untouched = [row.key for row in rows if row.key not in changed | used]
    if rows and not untouched:
        raise NothingToUndo(
            _(
                "Every person of this import has been changed or has booked since, so none can be"
                " put back. Change them one by one."
            )
        )
    put_back(
        before=_joined(before, untouched, run.before), present=_joined(parts, untouched, present)
    )
    left = [row for row in rows if row.key in changed | used]
    for row in left:
        reason = (
            _("%(name)s was left: changed or logged in since the import.")
            if row.key in changed
            else _("%(name)s was left: already used, such as by a booking.")
        )
        sentence = reason % {"name": row.title}
        run.warnings.append({"sheet": row.sheet, "row": row.row, "reason": sentence})
        row.remarks.append(sentence)
    ImportRow.objects.bulk_update(left, ["remarks"], batch_size=500)
    run.left_alone = len(left)


def _used(parts: dict[str, Snapshot], before: dict[str, Snapshot]) -> set[str]:
    """Keys of rows whose new records something else points at.

    An import makes its records in one transaction, so their keys lie together: whatever points
    between the first and the last of them is asked for, which takes no list of 10,000 keys.
    """
    owners: dict[str, dict[int, str]] = {}  # label → key of a new record → key of its row
    for key, part in parts.items():
        for label, records in part.items():
            kept = {record["id"] for record in before.get(key, {}).get(label, [])}
            owners.setdefault(label, {}).update(
                {record["id"]: key for record in records if record["id"] not in kept}
            )
    spans = {label: (min(new), max(new)) for label, new in owners.items() if new}
    used: set[str] = set()
    for label, (first, last) in spans.items():
        for other, name in relations_to(apps.get_model(label)):
            pointing = other._base_manager.filter(**{f"{name}__gte": first, f"{name}__lte": last})
            if other._meta.label in spans:
                pointing = pointing.exclude(pk__range=spans[other._meta.label])
            found = pointing.order_by().values_list(name, flat=True).distinct()
            used |= {owners[label][record] for record in found if record in owners[label]}
    return used


def _joined(parts: dict[str, Snapshot], keys: list[str], whole: Snapshot) -> Snapshot:
    """The parts of some rows as one snapshot, its tables in the order of the whole one."""
    joined: Snapshot = {label: [] for label in whole}
    for key in keys:
        for label, records in parts.get(key, {}).items():
            joined[label].extend(records)
    return joined
