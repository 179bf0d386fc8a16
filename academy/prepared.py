"""Queries whose SQL is written once and asked many times.

Django writes the text of a query anew whenever it is asked, and the database reads and plans it
anew; for a short query on keys either takes several times as long as the answer. Where somebody
waits for a lock meanwhile, as in a booking, the text is kept and only its values change; PostgreSQL
keeps the plan as well, for as long as the connection lasts. Where it lasts for one request, that
would not pay.
"""

import copy
import inspect
from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from itertools import count
from typing import NamedTuple
from weakref import WeakKeyDictionary

from django.db import connections, router, transaction
from django.db.models import Model, QuerySet
from django.db.models.sql import InsertQuery, UpdateQuery
from django.db.models.sql.compiler import SQLCompiler

FIRST_MARK = 2**62  # placeholder keys, replaced by arguments at execution


# --- Statements -----------------------------------------------------------------------------------


class Statement:
    """SQL as Django writes it, with marks in the parameters where arguments go."""

    numbers = count(1)  # no two statements of a process have the same name
    # the driver's connection → names of the statements that its server has read
    known: WeakKeyDictionary = WeakKeyDictionary()

    def __init__(
        self, module: str, sql: str, marked: Collection, marks: Mapping[str, int | str]
    ) -> None:
        self.name = f"{module.replace('.', '_')}_{next(self.numbers)}"
        self.sql, self.marked = sql, marked
        self.marks = {name: mark for name, mark in marks.items() if mark in marked}

    def filled_in(self, connection, arguments: Mapping[str, int | str]) -> tuple[str, tuple]:
        """The SQL and its parameters for this database."""
        if connection.vendor == "postgresql" and connection.settings_dict["CONN_MAX_AGE"] != 0:
            self._tell_the_server(connection)
            return f"EXECUTE {self.name}({', '.join(['%s'] * len(self.marks))})", tuple(
                arguments[name] for name in self.marks
            )
        return self.sql, self._with({mark: arguments[name] for name, mark in self.marks.items()})

    def _with(self, values: Mapping[int | str, object]) -> tuple:
        """The parameters with values in place of the marks."""
        return tuple(
            values.get(value, value) if isinstance(value, (int, str)) else value
            for value in self.marked
        )

    def _tell_the_server(self, connection) -> None:
        """Have PostgreSQL read the statement, once for each connection; an undone transaction does
        not undo that.
        """
        # as before every statement: what follows goes to the connection that is asked
        connection.close_if_health_check_failed()
        connection.ensure_connection()
        known = self.known.setdefault(connection.connection, set())
        if self.name in known:
            return
        places = {
            mark: Place(f"${number}") for number, mark in enumerate(self.marks.values(), start=1)
        }
        # the driver's own: it is not among the statements that Django counts
        with connection.wrap_database_errors, connection.connection.cursor() as cursor:
            values = (
                value if isinstance(value, Place) else cursor.mogrify("%s", [value]).decode()
                for value in self._with(places)
            )
            cursor.execute(f"PREPARE {self.name} AS {self.sql % tuple(values)}")
        known.add(self.name)


class Place(str):
    """$1, $2: where the server puts an argument."""


def marks_for(build: Callable[..., QuerySet], texts: Collection[str]) -> dict[str, int | str]:
    """Argument of the function → the mark that stands for it."""
    names = inspect.signature(build).parameters
    return {
        name: str(mark) if name in texts else mark
        for mark, name in enumerate(names, start=FIRST_MARK)
    }


# --- Queries --------------------------------------------------------------------------------------


class Written(NamedTuple):
    """A queryset and what Django makes of it: the compiler, the SQL, and what turns columns into
    values.
    """

    queryset: QuerySet
    compiler: SQLCompiler
    statement: Statement
    converters: Mapping


class Prepared:
    """A queryset of keys that are filled in later: `Prepared(lambda person:
    Enrolment.objects.filter(trainee=person))(person=7)`.

    The arguments are whole numbers, or texts where `texts` names them, that the queryset passes on
    as they are; everything else of the query is the same each time.
    """

    def __init__(self, build: Callable[..., QuerySet], *, texts: Collection[str] = ()) -> None:
        self.build = build
        self.marks = marks_for(build, texts)

    def __call__(self, **arguments: int | str) -> list:
        """The rows.

        Raises TransactionManagementError, as a queryset does, where rows are locked outside a
        transaction.
        """
        written = self.written
        connection = connections[written.queryset.db]
        if written.queryset.query.select_for_update and connection.get_autocommit():
            raise transaction.TransactionManagementError(
                "select_for_update cannot be used outside of a transaction."
            )
        filled_in = written.statement.filled_in(connection, arguments)

        # each call has its own: threads share the text, not the connection
        own = copy.copy(written.compiler)
        own.connection = connection
        own.as_sql = lambda *_args, **_kwargs: filled_in
        own.get_converters = lambda _columns: written.converters
        rows = written.queryset.all()
        rows.query.get_compiler = lambda *_args, **_kwargs: own
        return list(rows)

    @cached_property
    def written(self) -> Written:
        queryset = self.build(**self.marks)
        compiler = queryset.query.get_compiler(using=queryset.db)
        statement = Statement(self.build.__module__, *compiler.as_sql(), self.marks)
        columns = [column for column, *_names in compiler.select[: compiler.col_count]]
        return Written(queryset, compiler, statement, compiler.get_converters(columns))


class PreparedUpdate:
    """A change of the rows that a queryset of one table finds, written once.

    `PreparedUpdate(lambda key: SeatPool.objects.filter(pk=key), seats=F("seats") + 1)(key=7)`.
    """

    def __init__(self, build: Callable[..., QuerySet], **changes) -> None:
        self.build, self.changes = build, changes
        self.marks = marks_for(build, texts=())

    def __call__(self, **arguments: int) -> int:
        """How many rows were changed."""
        using, statement = self._written
        with (
            transaction.mark_for_rollback_on_error(using=using),
            connections[using].cursor() as cursor,
        ):
            cursor.execute(*statement.filled_in(connections[using], arguments))
            return cursor.rowcount

    @cached_property
    def _written(self) -> tuple[str, Statement]:
        queryset = self.build(**self.marks)
        query = queryset.query.chain(UpdateQuery)
        query.add_update_values(self.changes)
        return queryset.db, Statement(
            self.build.__module__, *query.get_compiler(using=queryset.db).as_sql(), self.marks
        )


class PreparedInsert:
    """A new row, written once: `PreparedInsert(EnrolmentEvent)(event)` does what
    `event.save(force_insert=True)` does, but for its signals.

    The model has no parent and no field whose value is made by the database, except its key.
    """

    def __init__(self, model: type[Model]) -> None:
        self.model = model
        self.fields = [
            field for field in model._meta.local_concrete_fields if not field.primary_key
        ]

    def __call__(self, row: Model) -> None:
        """Write the row; it has its key then."""
        using, compiler, statement = self._written
        connection = connections[using]
        row._prepare_related_fields_for_save(operation_name="save")
        values = {
            field.attname: field.get_db_prep_save(field.pre_save(row, add=True), connection)
            for field in self.fields
        }

        own = copy.copy(compiler)
        own.connection = connection
        own.as_sql = lambda: [statement.filled_in(connection, values)]
        with transaction.mark_for_rollback_on_error(using=using):
            ((row.pk,),) = own.execute_sql([self.model._meta.pk])
        row._state.adding, row._state.db = False, using

    @cached_property
    def _written(self) -> tuple[str, SQLCompiler, Statement]:
        using = router.db_for_write(self.model)
        query = InsertQuery(self.model)
        query.insert_values(self.fields, [self.model()])
        compiler = query.get_compiler(using=using)
        compiler.returning_fields = [self.model._meta.pk]
        ((sql, _values),) = compiler.as_sql()
        marks = {field.attname: mark for mark, field in enumerate(self.fields, start=FIRST_MARK)}
        return using, compiler, Statement(self.model.__module__, sql, list(marks.values()), marks)
