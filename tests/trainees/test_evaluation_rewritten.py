"""Each answer in a transaction of its own: PostgreSQL writes on every row which one it was. SQLite
keeps no such marks.

Source: docs/rules.md R82.
"""

import pytest
from django.db import OperationalError, connection

from trainees.evaluation.windows import open_due
from trainees.models import EvaluationAnswer, EvaluationAnswered

from .evaluated import held, people_of, say

PEOPLE = 11


def marks(table: str) -> int:
    """How many transactions the rows tell of."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(DISTINCT CAST(xmin AS text)) FROM {table}")
        return cursor.fetchone()[0]


def test_the_marks_of_transactions_are_the_same_for_all_rows_of_a_class(transactional_db):
    training_class = held(people=PEOPLE)
    open_due(training_class.ends_at)
    for trainee in people_of(training_class):
        say(training_class, trainee)

    assert EvaluationAnswer.objects.count() == 10
    if connection.vendor == "sqlite":
        with pytest.raises(OperationalError, match="no such column: xmin"):
            marks(EvaluationAnswer._meta.db_table)
        return
    assert marks(EvaluationAnswer._meta.db_table) == 1
    assert marks(EvaluationAnswered._meta.db_table) == 1
    # the control: rows that were written one by one and not anew
    assert marks("trainees_enrolment") == PEOPLE
