"""Queries whose SQL is written once and asked many times.

Django writes the text of a query anew whenever it is asked; for a short query on keys that takes several times as long as the answer of
the database. Where somebody waits for a lock meanwhile, as in a booking, the text is kept and only its values change.
"""

import copy
import inspect
from collections.abc import Callable, Collection

from django.db import connections, transaction
from django.db.models import QuerySet
from django.utils.functional import cached_property

FIRST_MARK = 2**62  # a key that no row has: where it stands in the parameters, an argument goes


class Prepared:
    """A queryset of keys that are filled in later: `Prepared(lambda person: Enrolment.objects.filter(trainee=person))(person=7)`.

    The arguments are whole numbers, or texts where `texts` names them, that the queryset passes on as they are; everything else of
    the query is the same each time.
    """

    def __init__(self, build: Callable[..., QuerySet], *, texts: Collection[str] = ()) -> None:
        self.build = build
        names = inspect.signature(build).parameters
        self.marks = {name: str(mark) if name in texts else mark for mark, name in enumerate(names, start=FIRST_MARK)}

    def __call__(self, **arguments: int | str) -> list:
        """The rows. Raises TransactionManagementError, as a queryset does, where rows are locked outside a transaction."""
        queryset, compiler, sql, marked = self._written
        connection = connections[queryset.db]
        if queryset.query.select_for_update and connection.get_autocommit():
            raise transaction.TransactionManagementError("select_for_update cannot be used outside of a transaction.")
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
