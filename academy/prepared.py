"""Queries whose SQL is written once and asked many times.

Django writes the text of a query anew whenever it is asked, and the database reads and plans it anew; for a short query on keys either
takes several times as long as the answer. Where somebody waits for a lock meanwhile, as in a booking, the text is kept and only its
values change; PostgreSQL keeps the plan as well, for as long as the connection lasts.
"""

import copy
import inspect
from collections.abc import Callable, Collection
from itertools import count
from weakref import WeakKeyDictionary

from django.db import connections, transaction
from django.db.models import QuerySet
from django.utils.functional import cached_property

FIRST_MARK = 2**62  # a key that no row has: where it stands in the parameters, an argument goes
NUMBERS = count(1)  # no two statements of a process have the same name
STATEMENTS: WeakKeyDictionary = WeakKeyDictionary()  # the driver's connection → names of the statements that its server knows


class Prepared:
    """A queryset of keys that are filled in later: `Prepared(lambda person: Enrolment.objects.filter(trainee=person))(person=7)`.

    The arguments are whole numbers, or texts where `texts` names them, that the queryset passes on as they are; everything else of
    the query is the same each time.
    """

    def __init__(self, build: Callable[..., QuerySet], *, texts: Collection[str] = ()) -> None:
        self.build = build
        names = inspect.signature(build).parameters
        self.marks = {name: str(mark) if name in texts else mark for mark, name in enumerate(names, start=FIRST_MARK)}
        self.name = f"{build.__module__.replace('.', '_')}_{next(NUMBERS)}"

    def __call__(self, **arguments: int | str) -> list:
        """The rows. Raises TransactionManagementError, as a queryset does, where rows are locked outside a transaction."""
        queryset, compiler, sql, marked = self._written
        connection = connections[queryset.db]
        if queryset.query.select_for_update and connection.get_autocommit():
            raise transaction.TransactionManagementError("select_for_update cannot be used outside of a transaction.")
        if connection.vendor == "postgresql":
            sql, parameters = self._kept_by(connection), tuple(arguments[name] for name in self._used)
        else:
            values = {mark: arguments[name] for name, mark in self.marks.items()}
            parameters = tuple(values.get(value, value) if isinstance(value, (int, str)) else value for value in marked)

        own = copy.copy(compiler)  # each call has its own: threads share the text, not the connection
        own.connection = connection
        own.as_sql = lambda *_args, **_kwargs: (sql, parameters)
        rows = queryset.all()
        rows.query.get_compiler = lambda *_args, **_kwargs: own
        return list(rows)

    @cached_property
    def _written(self) -> tuple:
        """The queryset, what compiled it, its SQL, and its parameters with marks where arguments go."""
        queryset = self.build(**self.marks)
        compiler = queryset.query.get_compiler(using=queryset.db)
        return queryset, compiler, *compiler.as_sql()

    @cached_property
    def _used(self) -> list[str]:
        """The names of the arguments that the SQL asks for."""
        *_rest, marked = self._written
        return [name for name, mark in self.marks.items() if mark in marked]

    def _kept_by(self, connection) -> str:
        """How PostgreSQL is asked for what it has read and planned; a new connection is told the statement first."""
        connection.close_if_health_check_failed()  # as before every statement: what follows goes to the connection that is asked
        connection.ensure_connection()
        known = STATEMENTS.setdefault(connection.connection, set())
        if self.name not in known:
            with connection.connection.cursor() as cursor:  # the driver's own: it is not among the statements that Django counts
                cursor.execute(f"PREPARE {self.name} AS {self._for_the_server(cursor)}")
            known.add(self.name)
        return f"EXECUTE {self.name}({', '.join(['%s'] * len(self._used))})"

    def _for_the_server(self, cursor) -> str:
        """The SQL with $1, $2 for the arguments; everything else is written out."""
        _queryset, _compiler, sql, marked = self._written
        places = {self.marks[name]: f"${number}" for number, name in enumerate(self._used, start=1)}
        places_or_none = (places.get(value) if isinstance(value, (int, str)) else None for value in marked)
        return sql % tuple(place or cursor.mogrify("%s", [value]).decode() for place, value in zip(places_or_none, marked, strict=True))
