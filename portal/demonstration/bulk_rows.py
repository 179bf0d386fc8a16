"""Writing a great many rows of a table: on PostgreSQL by COPY, references checked at the end.

A million bookings with their marks and hours are 5.8 million rows and 21 million references. Model
objects for all of them took 15 minutes of processor time, checking each reference by itself four
more. This is what PostgreSQL advises for filling a database (its manual, "Populating a Database").
Elsewhere `bulk_create` writes the same rows.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import StringIO
from itertools import islice
from typing import Any

from django.db import connection, models

ROWS_AT_ONCE = 10_000
NULL = r"\N"  # what stands for no value between the commas; an empty text stays one


def write_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[tuple]) -> int:
    """Write rows whose values stand in the order of `columns`; return their number.

    A foreign key is named with its `_id`. Columns not named have the default of their field. What
    the database guards it guards here too; `save` and signals do not run.
    """
    write = _copy if connection.vendor == "postgresql" else _create
    rows, written = iter(rows), 0
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        write(model, columns, batch)
        written += len(batch)
    return written


def _create(model: type[models.Model], columns: Sequence[str], rows: Iterable[tuple]) -> None:
    model.objects.bulk_create(model(**dict(zip(columns, row, strict=True))) for row in rows)


def _copy(model: type[models.Model], columns: Sequence[str], rows: Iterable[tuple]) -> None:
    others = _defaults(model, columns)
    rest = tuple(others.values())
    text = StringIO()
    csv.writer(text).writerows(
        [NULL if value is None else value for value in row + rest] for row in rows
    )
    text.seek(0)
    quoted = connection.ops.quote_name
    names = {field.attname: quoted(field.column) for field in model._meta.concrete_fields}
    table = quoted(model._meta.db_table)
    into = ", ".join(names[name] for name in (*columns, *others))
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(f"COPY {table} ({into}) FROM STDIN (FORMAT csv, NULL '{NULL}')", text)


def _defaults(model: type[models.Model], columns: Sequence[str]) -> dict[str, Any]:
    """The columns that are not named, but for the key, with the values that a new object has."""
    others = [field for field in model._meta.concrete_fields if field.attname not in columns]
    return {field.attname: field.get_default() for field in others if not field.primary_key}


@contextmanager
def references_checked_at_the_end(*tables: type[models.Model]) -> Iterator[None]:
    """Within a transaction: check the foreign keys of the tables once, after all rows are written.

    The tables stay locked for others until the transaction ends, and with a reference to nothing
    it fails as a whole.
    """
    if connection.vendor != "postgresql":
        yield
        return
    quoted = connection.ops.quote_name
    with connection.cursor() as cursor:
        _check_what_waits(cursor)
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'f' AND conrelid = ANY(%s::regclass[]) ORDER BY conname",
            [[quoted(table._meta.db_table) for table in tables]],
        )
        references = cursor.fetchall()
        for table, name, _definition in references:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {quoted(name)}")
        yield
        _check_what_waits(cursor)
        for table, name, definition in references:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {quoted(name)} {definition}")


def _check_what_waits(cursor) -> None:
    """Check rows already written: a table with checks to come cannot be altered."""
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
