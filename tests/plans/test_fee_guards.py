"""The database refuses to change an approved list of lecture fees. Source: docs/rules.md R67."""

import pytest
from django.db import IntegrityError, connection, transaction

from plans.invariants import breaches
from plans.lecture_fees import steps
from plans.lecture_fees.guards import GUARDS, LIST_GUARD, ROW_GUARD
from plans.models import LectureFeeList, LectureFeeRow
from tests.factories import NOW, DepartmentFactory, ExpertFactory, RoleGrantFactory, UserFactory
from tests.unguarded import unguarded

from .fees import approved, checked, taught_class

pytestmark = pytest.mark.django_db
LISTS, ROWS = "plans_lecturefeelist", "plans_lecturefeerow"


@pytest.fixture
def department():
    department = DepartmentFactory()
    taught_class(lessons=2, owner_department=department)
    return department


@pytest.fixture
def fee_list(department):
    people = [UserFactory() for _n in range(2)]
    approver = RoleGrantFactory(role="district_staff").user
    return approved(department, by=people[0], checker=people[1], approver=approver)


def run(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def as_they_stand() -> list:
    return [*LectureFeeList.objects.values(), *LectureFeeRow.objects.order_by("pk").values()]


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        (f"UPDATE {ROWS} SET yuan = 1", ROW_GUARD.said),
        (f"UPDATE {ROWS} SET yuan = yuan, received_on = NULL", ROW_GUARD.said),
        (f"UPDATE {ROWS} SET lecturer = 'x'", ROW_GUARD.said),
        (f"UPDATE {ROWS} SET lesson_id = (SELECT MAX(lesson_id) FROM {ROWS})", ROW_GUARD.said),
        (f"UPDATE {ROWS} SET lesson_id = NULL, lecturer = 'x'", ROW_GUARD.said),
        (f"DELETE FROM {ROWS}", ROW_GUARD.said),
        (f"UPDATE {LISTS} SET status = 'draft', approved_by_id = NULL", LIST_GUARD.said),
        (f"UPDATE {LISTS} SET year = year", LIST_GUARD.said),
        (f"DELETE FROM {LISTS}", ""),  # its rows or the list itself refuse
    ],
)
def test_sql_changes_and_deletes_nothing_of_an_approved_list(fee_list, sql, said):
    before = as_they_stand()
    assert LectureFeeRow.objects.count() == 2

    with pytest.raises(IntegrityError, match=said):
        run(sql)

    assert as_they_stand() == before


def test_no_row_comes_onto_an_approved_list(fee_list):
    row = LectureFeeRow.objects.first()
    row.pk, row.lesson_id, row.expert = None, None, ExpertFactory()
    with pytest.raises(IntegrityError, match=ROW_GUARD.said), transaction.atomic():
        row.save(force_insert=True)


def test_a_row_of_another_list_does_not_move_onto_it(department, fee_list):
    free = LectureFeeList.objects.create(
        department=department, year=2027, quarter=2, number=1, status="draft"
    )
    row = LectureFeeRow.objects.first()
    row.pk, row.fee_list, row.lesson_id = None, free, None
    row.save(force_insert=True)
    with pytest.raises(IntegrityError, match=ROW_GUARD.said):
        run(f"UPDATE {ROWS} SET fee_list_id = {fee_list.pk} WHERE id = {row.pk}")
    run(f"UPDATE {ROWS} SET yuan = 5 WHERE id = {row.pk}")  # a list that is being made out is free
    run(f"DELETE FROM {ROWS} WHERE id = {row.pk}")


@pytest.mark.parametrize("table", [LISTS, ROWS])
def test_nothing_is_replaced(fee_list, table):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL replaces by UPDATE, which is refused")
    before = as_they_stand()
    with pytest.raises(IntegrityError, match="approved list"):
        run(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
    assert as_they_stand() == before


def test_signatures_are_noted_and_taken_back_all_the_same(fee_list):
    by, keys = UserFactory(), [row.pk for row in fee_list.rows.all()]
    day = fee_list.approved_on
    assert steps.note_received(fee_list=fee_list, rows=keys, day=day, by=by, now=NOW) == 2
    assert (
        steps.take_signatures_back(fee_list=fee_list, rows=keys, reason="记错", by=by, now=NOW) == 2
    )


def test_a_lesson_that_goes_leaves_its_row(fee_list):
    LectureFeeRow.objects.update(lesson=None)
    assert list(LectureFeeRow.objects.values_list("lesson", "yuan")) == [(None, 900), (None, 900)]


def test_before_approval_everything_moves(department):
    found = checked(department, by=UserFactory(), checker=UserFactory())
    run(f"UPDATE {ROWS} SET yuan = 1")
    run(f"DELETE FROM {ROWS}")
    assert found.rows.count() == 0


def test_a_lost_guard_is_a_breach(fee_list):
    assert list(breaches()) == []
    with unguarded():
        run(f"UPDATE {ROWS} SET yuan = 1")  # nothing holds it now
        lost = [name for guard in GUARDS for name in guard.missing(connection)]
        found = [breach.key for breach in breaches() if breach.model == "plans.LectureFeeList"]
    assert lost and found == lost
    assert not any(guard.missing(connection) for guard in GUARDS)
