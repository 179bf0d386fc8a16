"""Nobody finds out who answered what: every way of joining that the stored tables offer is tried
on all of them, by keys, by equal values, by order and by time; beside each stands a naive table on
which it succeeds.

Source: docs/rules.md R82.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from uuid import uuid4

import pytest
from django.db import connection

from trainees.evaluation.windows import open_due
from trainees.models import Aspect, EvaluationAnswer, EvaluationAnswered, EvaluationRemark, Trainee

from ..shared_rows import rows_for_all
from .evaluated import held, people_of, say

pytestmark = pytest.mark.django_db
PEOPLE = 25
# of 25 in random order one falls into its place on average; thirteen do once in 10^10 tries
JOINED = 13
NAIVE = "naive_answers"
ANSWERED = EvaluationAnswered._meta.db_table
ANSWERS = EvaluationAnswer._meta.db_table
REMARKS = EvaluationRemark._meta.db_table
ON_DISK = {"sqlite": "rowid", "postgresql": "ctid"}
# grades, such that a pair of answers is never alike: 5 × 5 for 25 people
PATTERNS = [(one, two, one, two) for one in range(1, 6) for two in range(1, 6)]


# --- Reading everything that is stored ------------------------------------------------------------


@dataclass
class Stored:
    """Every table as it lies on disk, and what is known of the people."""

    tables: dict[str, list[dict]]
    keys: dict[str, dict]  # trainee, user, enrolment → key → trainee
    truth: dict[int, tuple]

    @cached_property
    def people_in_order(self) -> list[tuple[str, list[int]]]:
        """Of every table that names all 25, every order of it: the people in that order."""
        found = []
        for table in self.others:
            for order, rows in orders(self.tables[table]):
                for name in rows[0] if rows else ():
                    known = self.keys.get(leads_to(table, name), {})
                    named = dict.fromkeys(known.get(row[name]) for row in rows)
                    people = [person for person in named if person in self.truth]
                    if len(people) == PEOPLE:
                        found.append((f"{table}.{name} by {order}", people))
        return found

    @property
    def others(self) -> list[str]:
        return [table for table in self.tables if table not in (ANSWERS, REMARKS, NAIVE)]


def read_everything(truth: dict) -> Stored:
    """All tables of the database, whatever app they are of."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_table_list(cursor)
    names = [info.name for info in found if info.type == "t"]
    keys: dict[str, dict] = {"trainee": {}, "user": {}, "enrolment": {}}
    for trainee in Trainee.objects.prefetch_related("enrolments"):
        keys["trainee"][trainee.pk] = keys["user"][trainee.user_id] = trainee.pk
        keys["enrolment"] |= {item.pk: trainee.pk for item in trainee.enrolments.all()}
    return Stored({name: rows_on_disk(name) for name in names}, keys, truth)


def rows_on_disk(table: str) -> list[dict]:
    """The rows in the order in which they lie on disk."""
    quoted, place = connection.ops.quote_name(table), ON_DISK[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {quoted} ORDER BY {place}")
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def orders(rows: list[dict]) -> Iterator[tuple[str, list[dict]]]:
    """The rows in the order on disk, and by each column."""
    yield "disk", rows
    for name in rows[0] if rows else ():
        yield name, sorted(rows, key=lambda row: (row[name] is None, str(row[name])))


def leads_to(table: str, name: str) -> str:
    """Whose key a column of a table is."""
    if name == "id":
        own = {
            "trainees_trainee": "trainee",
            "academy_user": "user",
            "trainees_enrolment": "enrolment",
        }
        return own.get(table, "")
    field = name.removesuffix("_id")
    return "user" if field in ("person", "booked_by") else field


@pytest.fixture(scope="module", autouse=True)
def stored(django_db_setup, django_db_blocker) -> Iterator[Stored]:
    """A class of 25 who answer one after the other, each right after logging in, and the naive
    table of the same answers. The truth: trainee → (grades, text), in the order of answering.
    """
    chance = random.Random(16)
    with rows_for_all(django_db_blocker):
        training_class = held(people=PEOPLE)
        open_due(training_class.ends_at)
        people = people_of(training_class)
        chance.shuffle(people)
        with connection.cursor() as cursor:
            serial = "SERIAL" if connection.vendor == "postgresql" else "INTEGER"
            cursor.execute(
                f"CREATE TABLE {NAIVE} (id {serial} PRIMARY KEY, training_class_id BIGINT,"
                " trainee_id BIGINT, written_at TIMESTAMP, manner SMALLINT, content SMALLINT)"
            )
        truth = {}
        for number, (trainee, grades) in enumerate(zip(people, PATTERNS, strict=True)):
            text = f"意见{uuid4().hex}"
            at = training_class.ends_at + timedelta(minutes=7 * number)
            truth[trainee.pk] = (grades[:2], text)
            say(
                training_class,
                trainee,
                grades=dict(zip(Aspect.values, grades, strict=True)),
                useful=text,
                now=at,
            )
            type(trainee.user).objects.filter(pk=trainee.user.pk).update(last_login=at)
            with connection.cursor() as cursor:
                cursor.execute(
                    f"INSERT INTO {NAIVE} (training_class_id, trainee_id, written_at, manner,"
                    " content) VALUES (%s, %s, %s, %s, %s)",
                    [
                        training_class.pk,
                        trainee.pk,
                        at.astimezone(UTC).replace(tzinfo=None),
                        *grades[:2],
                    ],
                )
        yield read_everything(truth)
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {NAIVE}")


# --- The attacks ----------------------------------------------------------------------------------


def joined_by_order(stored: Stored, table: str, place: int, said) -> dict[str, int]:
    """For each order of the answers beside each order of the people, either way round: how many
    land beside their own. `place` is what of the truth the table holds, `said` reads it from a row.
    """
    hits = {}
    for order, rows in orders(stored.tables[table]):
        answers = [said(row) for row in rows if said(row) is not None]
        for name, people in stored.people_in_order:
            for way, sequence in (("", answers), (" backwards", answers[::-1])):
                hits[f"{order} | {name}{way}"] = sum(
                    stored.truth[person][place] == answer
                    for person, answer in zip(people, sequence, strict=True)
                )
    return hits


def joined_by_values(stored: Stored, table: str, place: int, said) -> dict[str, int]:
    """A value of an answer that stands in another table, in one row, which names a person."""
    hits = {}
    for other in stored.others:
        rows = stored.tables[other]
        for name in rows[0] if rows else ():
            standing: dict[str, list[dict]] = {}
            for row in rows:
                standing.setdefault(_same(row[name]), []).append(row)
            once = {value: found[0] for value, found in standing.items() if len(found) == 1}
            for naming in rows[0]:
                known = stored.keys.get(leads_to(other, naming))
                if not known:
                    continue
                for column in stored.tables[table][0]:
                    hits[f"{column} = {other}.{name} → {naming}"] = sum(
                        (found := once.get(_same(answer[column]))) is not None
                        and (person := known.get(found[naming])) in stored.truth
                        and stored.truth[person][place] == said(answer)
                        for answer in stored.tables[table]
                    )
    return hits


def _same(value) -> str:
    """Times to the minute, everything else as text."""
    return value.strftime("%Y-%m-%d %H:%M") if isinstance(value, datetime) else str(value)


def most(hits: dict[str, int]) -> int:
    assert hits  # something was tried
    return max(hits.values())


def grades_of(row: dict) -> tuple[int, int]:
    return row["manner"], row["content"]


# --- They fail on what the portal keeps -----------------------------------------------------------


def remark_of(row: dict) -> str | None:
    return row["text"] if row["kind"] == "useful" else None


def test_everybody_has_answered_and_everything_was_opened(stored):
    found = sorted(map(grades_of, stored.tables[ANSWERS]))

    assert found == sorted(grades for grades, _text in stored.truth.values())
    assert len(stored.tables[ANSWERED]) == PEOPLE


def test_no_column_of_an_answer_is_a_person_or_a_time(stored):
    columns = {table: set(stored.tables[table][0]) for table in (ANSWERS, REMARKS, ANSWERED)}

    assert columns == {
        ANSWERS: {"id", "training_class_id", *Aspect.values},
        REMARKS: {"id", "training_class_id", "kind", "text"},
        ANSWERED: {"id", "training_class_id", "trainee_id"},
    }


def test_no_order_of_any_table_joins_answers_to_people(stored):
    assert most(joined_by_order(stored, ANSWERS, 0, grades_of)) < JOINED
    assert most(joined_by_order(stored, REMARKS, 1, remark_of)) < JOINED


def test_no_equal_value_in_any_table_joins_answers_to_people(stored):
    assert most(joined_by_values(stored, ANSWERS, 0, grades_of)) < JOINED
    assert most(joined_by_values(stored, REMARKS, 1, remark_of)) < JOINED


def test_the_texts_do_not_stand_beside_their_grades(stored):
    text_of = dict(stored.truth.values())
    hits = {
        f"{one} | {other}": sum(
            text_of[grades_of(answer)] == remark_of(remark)
            for answer, remark in zip(answers, remarks, strict=True)
        )
        for one, answers in orders(stored.tables[ANSWERS])
        for other, remarks in orders(stored.tables[REMARKS])
    }

    assert most(hits) < JOINED


def test_who_has_answered_stands_in_no_order_of_answering(stored):
    in_time = list(stored.truth)
    for order, rows in orders(stored.tables[ANSWERED]):
        found = [row["trainee_id"] for row in rows]
        assert sum(a == b for a, b in zip(in_time, found, strict=True)) < JOINED, order


def test_what_is_sealed_stands_in_no_table_in_the_clear():
    """One who has answered beside one answer would be joined by being the only ones."""
    training_class = held(people=1)
    open_due(training_class.ends_at)
    (only,) = people_of(training_class)
    say(training_class, only, 1, useful="只有我这么写")

    tables = read_everything({}).tables
    assert not any(
        "只有我这么写" in str(cell)
        for rows in tables.values()
        for row in rows
        for cell in row.values()
    )
    assert not EvaluationAnswer.objects.filter(training_class=training_class).exists()


# --- They succeed on a naive table ----------------------------------------------------------------


def test_the_control_is_joined_by_key_by_time_and_by_order(stored):
    by_value = joined_by_values(stored, NAIVE, 0, grades_of)
    by_order = joined_by_order(stored, NAIVE, 0, grades_of)

    assert by_value["trainee_id = trainees_trainee.id → id"] == PEOPLE
    assert by_value["written_at = academy_user.last_login → id"] == PEOPLE
    assert by_order["disk | academy_user.id by last_login"] == PEOPLE
