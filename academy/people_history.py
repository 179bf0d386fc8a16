"""Who changed what of a person: one line for each change, written by whoever makes it, in the same
transaction. Source: docs/rules.md R12.
"""

from collections.abc import Iterable
from datetime import datetime

from .models import ImportRun, PersonChange, User


def detail(name: str, old: object, new: object) -> dict[str, str]:
    """One changed value in words; a telephone number is masked by whoever passes it."""
    return {"name": str(name), "old": str(old or ""), "new": str(new or "")}


def unsaved(
    *,
    person: User,
    kind: str,
    by: User | None,
    now: datetime,
    details: Iterable[dict[str, str]] = (),
    reason: str = "",
    import_run: ImportRun | None = None,
) -> PersonChange:
    """A line that is written together with many others, by `record_all`."""
    return PersonChange(
        person=person,
        kind=kind,
        by=by,
        at=now,
        details=list(details),
        reason=reason,
        import_run=import_run,
    )


def record(**change) -> PersonChange:
    """Keep that a person was changed; the arguments are those of `unsaved`."""
    line = unsaved(**change)
    line.save()
    return line


def record_all(lines: Iterable[PersonChange]) -> None:
    """Keep what an import changed, in few statements."""
    PersonChange.objects.bulk_create(lines, batch_size=500)
