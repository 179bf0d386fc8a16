"""What is done with the rows of kept tables: each step is one transaction."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from ..errors import PortalError
from .table import MasterTable


class RowRefused(PortalError):
    """The row cannot be changed in this way; the text says why."""


@transaction.atomic
def save(*, table: MasterTable, form) -> models.Model:
    """Keep what the form says; a new row of an ordered table stands last.

    Raises ChangedMeanwhile, GoneMeanwhile.
    """
    form.refuse_if_changed()
    if table.ordered and form.instance.pk is None:
        last = table.model._default_manager.aggregate(last=Max("sort_order"))["last"]
        form.instance.sort_order = 0 if last is None else last + 1
    item = form.save()
    table.settle()
    return item


def _locked(table: MasterTable, item: models.Model) -> models.Model:
    rows = table.model._default_manager.select_for_update(of=("self",))
    return rows.order_by("pk").get(pk=item.pk)


@transaction.atomic
def retire(*, table: MasterTable, item: models.Model, day: date) -> models.Model:
    """Take the row out of use; what names it keeps it. A second time changes nothing."""
    item = _locked(table, item)
    if not table.is_retired(item):
        table.put_out_of_use(item, day)
        item.save(update_fields=[table.ends])
        table.settle()
    return item


@transaction.atomic
def bring_back(*, table: MasterTable, item: models.Model) -> models.Model:
    """Put the row into use again. Raises RowRefused where another one has taken its place."""
    item = _locked(table, item)
    if not table.is_retired(item):
        return item
    table.put_into_use(item)
    try:
        item.validate_constraints()
    except ValidationError as error:
        raise RowRefused(
            _(
                "“%(name)s” cannot come back: another one has taken its place. Take that one out of"
                " use first."
            )
            % {"name": table.name_of(item)}
        ) from error
    item.save(update_fields=[table.ends])
    table.settle()
    return item


@transaction.atomic
def move(*, table: MasterTable, item: models.Model, up: bool) -> None:
    """Let the row change places with the one before it or behind it; at the end nothing happens.

    All rows are numbered anew, since two may have had one number.
    """
    rows = list(table.model._default_manager.select_for_update(of=("self",)).order_by("pk"))
    rows.sort(key=lambda row: (row.sort_order, row.pk))
    at = [row.pk for row in rows].index(item.pk)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(rows):
        return
    rows[at], rows[to] = rows[to], rows[at]
    for number, row in enumerate(rows):
        row.sort_order = number
    table.model._default_manager.bulk_update(rows, ["sort_order"])
    table.settle()
