"""A query whose text is kept answers as the queryset it was made of, whatever the values."""

import threading

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Exists, F, OuterRef
from django.test.utils import CaptureQueriesContext

from academy.models import Town, Village
from academy.prepared import Prepared, PreparedInsert, PreparedUpdate
from courses.models import TrainingClass
from tests.factories import TownFactory, VillageFactory, class_with

QUERIES = [
    lambda town, other: Village.objects.filter(town__in=[town, other]).order_by("pk"),
    lambda town, other: (
        Village.objects.filter(town=town).exclude(town=other).select_related("town").order_by("-pk")
    ),
    lambda town, other: (
        Village.objects.filter(town=town)
        .values_list("name", "town__name", "valid_from")
        .order_by("pk")
    ),
    lambda town, other: (
        Village.objects.order_by()
        .filter(town=town)
        .values_list("pk")
        .union(Village.objects.order_by().filter(town=other).values_list("pk"))
        .order_by("id")
    ),
    lambda town, other: Town.objects.filter(pk=town).annotate(
        is_other=Exists(Town.objects.filter(pk=other, pk__gt=OuterRef("pk"))),
        twice=F("pk") + F("pk"),
    ),
]


def told(rows) -> list:
    """All that a row holds, annotations included."""
    return [
        (
            {name: value for name, value in vars(row).items() if name != "_state"}
            if hasattr(row, "_state")
            else row
        )
        for row in rows
    ]


@pytest.mark.parametrize("build", QUERIES)
def test_it_answers_as_its_queryset(db, build):
    towns = [VillageFactory().town for _ in range(3)]
    VillageFactory(town=towns[0])
    prepared = Prepared(build)

    for town in towns:
        for other in towns:
            assert told(prepared(other=other.pk, town=town.pk)) == told(build(town.pk, other.pk))


def test_what_is_joined_is_at_hand(db, django_assert_num_queries):
    village = VillageFactory()
    prepared = Prepared(lambda key: Village.objects.filter(pk=key).select_related("town"))

    with django_assert_num_queries(1):
        assert prepared(key=village.pk)[0].town == village.town


def test_times_are_times_on_every_database(db):
    training_class = class_with(seats=1)

    assert Prepared(
        lambda code: TrainingClass.objects.filter(code=code).values_list("starts_at"),
        texts=["code"],
    )(code=training_class.code) == [(training_class.starts_at,)]


def test_a_change_says_how_many_rows_it_made(db):
    town, other = TownFactory(name="甲"), TownFactory(name="乙")
    prepared = PreparedUpdate(lambda key: Town.objects.filter(pk=key, name="甲"), name="甲%镇")

    assert [prepared(key=town.pk), prepared(key=town.pk), prepared(key=other.pk)] == [1, 0, 0]
    assert sorted(Town.objects.values_list("name", flat=True)) == ["乙", "甲%镇"]


def test_a_new_row_is_as_django_writes_it(db):
    written, saved = (
        VillageFactory.build(town=TownFactory(), name="100%村", valid_to=None),
        VillageFactory(name="甲村"),
    )
    PreparedInsert(Village)(written)

    assert written.pk > saved.pk and not written._state.adding
    assert told([Village.objects.get(pk=written.pk)]) == [
        {name: value for name, value in vars(written).items() if name != "_state"}
    ]
    written.name = "乙村"
    written.save()
    assert set(Village.objects.values_list("name", flat=True)) == {"甲村", "乙村"}


def test_a_row_that_breaks_a_constraint_is_refused_as_by_django(db):
    town = TownFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        PreparedInsert(Town)(TownFactory.build(code=town.code))

    assert Town.objects.get() == town


def test_a_row_without_its_parent_is_refused(db):
    with pytest.raises(ValueError, match="unsaved related object"):
        PreparedInsert(Village)(VillageFactory.build(town=TownFactory.build()))


def test_texts_are_values_and_never_part_of_the_query(db):
    TownFactory(name="甲镇")
    prepared = Prepared(lambda name: Town.objects.filter(name=name), texts=["name"])

    assert [town.name for town in prepared(name="甲镇")] == ["甲镇"]
    assert prepared(name="' OR 1=1 --") == []


def test_the_text_is_written_once(db):
    written = []
    prepared = Prepared(lambda key: written.append(key) or Town.objects.filter(pk=key))

    for key in range(3):
        prepared(key=key)

    assert len(written) == 1


@pytest.mark.django_db(transaction=True)
def test_rows_are_locked_in_a_transaction_only():
    town = TownFactory()
    prepared = Prepared(lambda key: Town.objects.select_for_update().filter(pk=key))
    with transaction.atomic():
        assert prepared(key=town.pk) == [town]

    if connection.features.has_select_for_update:
        with pytest.raises(transaction.TransactionManagementError):
            prepared(key=town.pk)


@pytest.mark.django_db(transaction=True)
def test_threads_ask_over_their_own_connection():
    """Django refuses a connection that another thread has opened."""
    town, found = TownFactory(), []
    prepared = Prepared(lambda key: Town.objects.filter(pk=key))
    prepared(key=town.pk)

    def ask() -> None:
        found.extend(prepared(key=town.pk))
        connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()

    assert found == [town]


@pytest.mark.parametrize("text", ["100%", "%s", "$1", "甲'镇\\", '"'])
def test_what_is_always_the_same_is_a_value_too(db, text):
    TownFactory(name=text)
    prepared = Prepared(
        lambda code: Town.objects.filter(name=text).exclude(code=code), texts=["code"]
    )

    assert [town.name for town in prepared(code=text)] == [text]


@pytest.mark.django_db(transaction=True)
def test_what_a_transaction_took_back_is_still_known():
    town = TownFactory()
    prepared = Prepared(lambda key: Town.objects.filter(pk=key))
    with transaction.atomic():
        prepared(key=town.pk)
        transaction.set_rollback(True)

    assert prepared(key=town.pk) == [town]


def test_nothing_is_kept_on_a_connection_that_does_not_last(db, monkeypatch):
    town = TownFactory()
    prepared = Prepared(lambda key: Town.objects.filter(pk=key))
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)

    with CaptureQueriesContext(connection) as asked:
        assert prepared(key=town.pk) == [town]

    assert [query["sql"].split()[0] for query in asked] == ["SELECT"]


if connection.vendor == "postgresql":  # only there the server keeps plans

    @pytest.mark.django_db(transaction=True)
    def test_postgresql_is_told_once_for_a_connection(django_assert_num_queries):
        town = TownFactory()
        prepared = Prepared(lambda key: Town.objects.filter(pk=key))

        def known() -> list[str]:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT name FROM pg_prepared_statements WHERE name = %s",
                    [prepared.written.statement.name],
                )
                return [name for (name,) in cursor.fetchall()]

        assert known() == []
        for _time in range(2):
            with django_assert_num_queries(2):
                assert prepared(key=town.pk) == [town]
                assert known() == [prepared.written.statement.name]
            connection.close()
            assert known() == []

    @pytest.mark.django_db(transaction=True)
    def test_a_connection_that_broke_between_two_requests_is_told_again():
        town = TownFactory()
        prepared = Prepared(lambda key: Town.objects.filter(pk=key))
        prepared(key=town.pk)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (process,) = cursor.fetchone()
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [process])
        other.close()
        # as at the beginning of a request
        connection.health_check_enabled, connection.health_check_done = True, False

        assert prepared(key=town.pk) == [town]

    def test_what_the_server_cannot_read_is_an_error_of_django(db):
        prepared = Prepared(lambda key: Town.objects.filter(pk=key))
        prepared.written.statement.sql = "SELECT from nowhere %s"

        with pytest.raises(DatabaseError), transaction.atomic():
            prepared(key=1)
