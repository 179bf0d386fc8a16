"""Many rows at once are those that `bulk_create` writes, and the database guards them as well."""

import pytest
from django.db import IntegrityError, connection, transaction

from academy.models import User
from portal.demonstration.bulk_rows import references_checked_at_the_end, write_rows
from trainees.models import EnrolmentEvent, Posting

from ..factories import TraineeFactory

pytestmark = pytest.mark.django_db

NAMES = ['与"引号"', "逗号,和\t制表", "两\n行", "", r"反斜杠\N", "示例"]


def test_rows_are_written_with_the_defaults_of_a_new_object():
    rows = [(f"1990000{number:04}", name) for number, name in enumerate(NAMES)]

    assert write_rows(User, ("phone", "name"), iter(rows)) == len(NAMES)

    written = User.objects.filter(phone__in=[phone for phone, _name in rows]).order_by("phone")
    assert list(written.values_list("phone", "name")) == rows
    fresh = User(phone="19900009999")
    for name in ("password", "last_login", "is_active", "is_staff", "is_superuser", "is_sample"):
        assert set(written.values_list(name, flat=True)) == {getattr(fresh, name)}, name


def test_no_value_is_not_an_empty_text(cadre):
    columns = ("trainee_id", "village_id", "position_id", "valid_from", "valid_to")
    keys = (cadre.pk, cadre.village_id, cadre.position_id)
    Posting.objects.filter(trainee=cadre).delete()

    write_rows(Posting, columns, [(*keys, "2027-01-01", None), (*keys, "2027-02-01", "2027-03-01")])

    ends = Posting.objects.order_by("valid_from").values_list("valid_to", flat=True)
    assert [end and end.isoformat() for end in ends] == [None, "2027-03-01"]


def test_constraints_hold(cadre):
    with pytest.raises(IntegrityError), transaction.atomic():
        write_rows(User, ("phone", "name"), [(cadre.user.phone, "示例")])


def references() -> list[tuple]:
    with connection.cursor() as cursor:
        names = connection.introspection.get_constraints(cursor, Posting._meta.db_table)
    keys = [found for found in names.values() if found["foreign_key"]]
    return sorted((tuple(found["columns"]), found["foreign_key"]) for found in keys)


def test_references_are_checked_at_the_end_and_stand_as_before(cadre):
    before = references()
    posting = (cadre.pk, cadre.village_id, cadre.position_id, "2027-01-01")
    columns = ("trainee_id", "village_id", "position_id", "valid_from")

    with transaction.atomic(), references_checked_at_the_end(Posting, EnrolmentEvent):
        TraineeFactory()
        write_rows(Posting, columns, [posting])

    assert len(before) == 3
    assert references() == before


@pytest.mark.django_db(transaction=True)
def test_a_reference_to_nobody_undoes_the_whole(cadre):
    before, held = references(), Posting.objects.count()
    row = (cadre.village_id, cadre.position_id, "2027-01-01")
    columns = ("trainee_id", "village_id", "position_id", "valid_from")

    checked = references_checked_at_the_end(Posting)
    with pytest.raises(IntegrityError), transaction.atomic(), checked:
        write_rows(Posting, columns, [(cadre.pk, *row), (10**9, *row)])

    assert (references(), Posting.objects.count()) == (before, held)
