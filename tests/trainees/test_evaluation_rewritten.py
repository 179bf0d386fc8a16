"""Each answer in a transaction of its own: PostgreSQL writes on every row which one it was.

Source: docs/rules.md R82.
"""

from django.db import connection

from trainees.evaluation.windows import open_due
from trainees.models import EvaluationAnswer, EvaluationAnswered

from .evaluated import held, people_of, say

PEOPLE = 11


def marks(table: str) -> int:
    """How many transactions the rows tell of."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(DISTINCT xmin::text) FROM {table}")
        return cursor.fetchone()[0]


def test_the_marks_of_transactions_are_the_same_for_all_rows_of_a_class(transactional_db):
    if connection.vendor != "postgresql":  # SQLite keeps no such marks
        return
    training_class = held(people=PEOPLE)
    open_due(training_class.ends_at)
    for trainee in people_of(training_class):
        say(training_class, trainee)

    assert EvaluationAnswer.objects.count() == 10
    assert marks(EvaluationAnswer._meta.db_table) == 1
    assert marks(EvaluationAnswered._meta.db_table) == 1
    # the control: rows that were written one by one and not anew
    assert marks("trainees_enrolment") == PEOPLE
