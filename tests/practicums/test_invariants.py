"""Each breach is planted behind the functions' back."""

from pathlib import Path

import pytest
from django.db import connection

from academy.uploads.kinds import examine
from practicums.invariants import breaches
from practicums.models import (
    Evidence,
    ItemKind,
    ItemStatus,
    Secondment,
    SecondmentStatus,
    SevenItem,
    SignOff,
)
from practicums.seven_items.closing import close
from practicums.seven_items.evidence_steps import add_evidence
from tests.factories import NOW

from .factories import all_signed, handed_in, item_of, office_clerk, signed, upload, with_evidence

pytestmark = pytest.mark.django_db


def found() -> list[tuple]:
    return [(breach.rule, breach.model, breach.key) for breach in breaches()]


def overwrite(row, **values) -> None:
    """What a person with a database client could do."""
    with connection.cursor() as cursor:
        for column, value in values.items():
            cursor.execute(
                f"UPDATE {row._meta.db_table} SET {column} = %s WHERE id = %s", [value, row.pk]
            )


def test_a_sound_database_has_none(secondment):
    close(secondment=all_signed(), by=office_clerk(), now=NOW)
    handed_in(secondment, ItemKind.WORK_CASE)
    add_evidence(
        item=item_of(secondment, ItemKind.TASK_LIST),
        by=secondment.trainee.user,
        now=NOW,
        declared_open=True,
        file=examine(upload()),
    )

    assert found() == []


def test_closed_with_something_open(secondment):
    Secondment.objects.update(status=SecondmentStatus.CLOSED, ended_at=NOW)

    assert found() == [(7, "practicums.Secondment", secondment.pk)]


def test_signed_without_the_signatures(secondment):
    item = handed_in(secondment, ItemKind.WORK_CASE)
    SevenItem.objects.filter(pk=item.pk).update(status=ItemStatus.SIGNED)

    assert found() == [(7, "practicums.SevenItem", item.pk)]


def test_the_secondee_as_author_of_the_appraisal(secondment, secondee):
    item = signed(secondment, ItemKind.APPRAISAL)
    overwrite(item.evidence.get(), uploaded_by_id=secondee.pk)

    assert found() == [(7, "practicums.Evidence", item.evidence.get().pk)]


def test_the_secondee_as_signer(secondment, secondee):
    signed(secondment, ItemKind.WORK_CASE)
    row = SignOff.objects.get()
    overwrite(row, user_id=secondee.pk)

    assert found() == [(7, "practicums.SignOff", row.pk)]


def test_an_altered_text(secondment):
    with_evidence(secondment, ItemKind.WORK_CASE)
    row = Evidence.objects.get()
    overwrite(row, text="换了")

    assert found() == [(7, "practicums.Evidence", row.pk)]


def test_an_altered_and_a_lost_file(secondment, secondee):
    (row,) = add_evidence(
        item=item_of(secondment, ItemKind.WORK_CASE),
        by=secondee,
        now=NOW,
        declared_open=True,
        file=examine(upload()),
    )
    Path(row.file.path).write_bytes(b"x")
    assert found() == [(7, "practicums.Evidence", row.pk)]

    Path(row.file.path).unlink()

    assert [breach.text for breach in breaches()] == ["the file of the evidence is gone"]
