"""The database refuses what code never asks for. Source: docs/rules.md R49."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from plans.invariants import breaches
from plans.models import PlanVersion
from plans.version_guard import GUARD
from tests.unguarded import unguarded

from .factories import filed

pytestmark = pytest.mark.django_db


def run(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


FORBIDDEN = [
    "UPDATE plans_planversion SET reason = 'x'",
    "UPDATE plans_planversion SET number = number",
    "UPDATE plans_planversion SET content = '{}'",
    "DELETE FROM plans_planversion",
    "DELETE FROM plans_planversion WHERE number = 1",
]


@pytest.mark.parametrize("sql", FORBIDDEN)
def test_sql_changes_and_deletes_no_filed_version(sql):
    filed()
    before = list(PlanVersion.objects.values())

    with pytest.raises(IntegrityError, match=GUARD.said):
        run(sql)

    assert list(PlanVersion.objects.values()) == before


def test_a_version_is_not_replaced_by_another():
    filed()
    before = list(PlanVersion.objects.values())
    row = "id, plan_id, number, '{}', '', 'x', filed_at, filed_by_id FROM plans_planversion"
    names = "id, plan_id, number, content, sha256, reason, filed_at, filed_by_id"
    replace = {
        "sqlite": f"INSERT OR REPLACE INTO plans_planversion ({names}) SELECT {row}",
        "postgresql": f"INSERT INTO plans_planversion ({names}) SELECT {row}"
        " ON CONFLICT (id) DO UPDATE SET reason = 'x'",
    }

    with pytest.raises(IntegrityError):
        run(replace[connection.vendor])

    assert list(PlanVersion.objects.values()) == before


def test_the_table_is_not_emptied_either():
    filed()
    sql = {"sqlite": "DELETE FROM plans_planversion", "postgresql": "TRUNCATE plans_planversion"}
    connection.check_constraints()

    with pytest.raises(DatabaseError, match=GUARD.said):
        run(sql[connection.vendor])


def test_a_lost_guard_is_a_breach():
    filed()
    assert (GUARD.missing(connection), list(breaches())) == ([], [])

    with unguarded():
        run("UPDATE plans_planversion SET number = number")  # nothing holds it now
        lost = GUARD.missing(connection)
        found = [breach.key for breach in breaches()]

    assert lost
    assert found == lost
    assert GUARD.missing(connection) == []
