"""Rows that should never have come in: every list stays open and shows them as text; the database
refuses them.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
import time_machine
from django.apps import apps
from django.core.cache import cache
from django.db import IntegrityError, connection, models, transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils.html import escape

from academy.lists.registry import lists as office_lists
from academy.search import index
from academy.text.codes import CodeField
from portal.models import Feedback
from trainees.models import Follow

from ..factories import (
    NOW,
    LearnerGroupFactory,
    LightTraineeFactory,
    TeachingFormatFactory,
    VenueFactory,
)
from ..unguarded import unguarded
from .conftest import APPS, ROWS
from .table import ACTORS

# What stands in every text of every row; `{}` is the name of the table, so that a page shows whose
# rows it lists.
HOSTILE = {
    "slash": "A/春-3?x#%2f%00",
    "dots": "..",
    "nothing": "",
    "longest": "\u202e\u2066" + "长" * 5_000,  # written from right to left
    "markup": "<u>{}</u>\"'",
}
# texts that a page selects by, so that the row would be in no list
# a session ends with the number; a code by chance, which a constraint holds to its digits, is the
# address of its certificate
KEPT = {"season", "password", "kind", "academy.User.phone", "trainees.Certificate.check_code"}
SEASON = ["2027Q1"]

# The tables whose rows an actor finds in a list, by the address of the list.
SHOWN = {
    "/": ("visitor", "Campus PracticeCase Town Track TrainingClass"),
    "/network/": ("visitor", "Campus Town"),
    "/courses/": ("visitor", "Course Department Track TrainingClass"),
    "/classes/": ("visitor", "Campus Town TrainingClass"),
    "/services/": ("visitor", "Department ServiceItem"),
    "/services/cards/": ("visitor", "ServiceItem"),
    "/cases/": ("visitor", "PracticeCase"),
    "/join/": ("visitor", "LearnerGroup Town Village"),
    "/search/?q=<u>": ("visitor", "Course"),
    "/me/": ("trainee", "Campus Course Notice Secondment TrainingClass Venue Village"),
    "/me/notices/": ("trainee", "Notice"),
    "/me/follows/": ("trainee", "Campus Course Track"),
    "/me/secondment/": ("trainee", "Secondment SecondmentBatch"),
    "/requests/": ("trainee", "TopicRequest"),
    "/manage/": ("administrator", "Course PracticeCase TrainingClass"),
    "/manage/courses/": ("administrator", "Course Department"),
    "/manage/classes/": ("administrator", "Campus TrainingClass"),
    "/manage/season/2027Q1/": ("administrator", "Campus TrainingClass"),
    "/manage/season/2027Q1/open/": ("administrator", "TrainingClass"),
    "/manage/rooms/?day=2027-03-02&starts=09:00&minutes=90": ("administrator", "Campus Venue"),
    "/manage/experts/": ("administrator", "Expert"),
    "/manage/services/gaps/": ("administrator", "ServiceItem"),
    "/manage/requests/": ("administrator", "TopicRequest"),
    "/manage/groups/": ("administrator", "LearnerGroup"),
    "/manage/petitions/": (
        "administrator",
        "LateWithdrawal NoShowAppeal Town TrainingClass Village",
    ),
    "/manage/approvals/": ("administrator", "TrainingClass User Village"),
    "/manage/deputies/": ("administrator", "Deputy User"),
    "/manage/load/": ("administrator", "Town TrainingClass Village"),
    "/manage/cases/": ("administrator", "PracticeCase"),
    "/manage/secondments/": ("administrator", "Secondment SecondmentBatch Village"),
    "/manage/plans/": ("administrator", "AnnualPlan Department Town"),
    "/manage/imports/": ("district_staff", "ImportRun"),
    "/manage/feedback/": ("administrator", "Feedback"),
}


@pytest.fixture
def full_world(world, db, settings):
    """The world with rows for those lists that would be empty in it."""
    settings.MEDIA_ROOT = world.media
    group, trainee = LearnerGroupFactory(), world.cadre
    LightTraineeFactory(account__group=group)
    VenueFactory(campus=world.campus)
    for followed in (
        {"course": world.course},
        {"track": world.course.track},
        {"campus": world.campus},
    ):
        Follow.objects.create(trainee=trainee, since=NOW, **followed)
    Feedback.objects.create(text="灯坏了", contact="示例", page="/")
    return world


def tables() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in APPS]


def texts(model) -> list[models.Field]:
    """Columns that hold what somebody wrote, and no word of a fixed list."""
    return [
        field
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not field.choices
        and not KEPT & {field.name, str(field)}
    ]


@contextmanager
def without_checks(changed) -> Iterator[None]:
    """Take the constraints away that stand in the way.

    The transaction of the test brings those of PostgreSQL back.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            yield
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
        return
    connection.check_constraints()  # no trigger may wait where a table is changed
    with connection.schema_editor(atomic=False) as editor:
        for model in changed:
            for constraint in model._meta.constraints:
                if isinstance(constraint, models.CheckConstraint):
                    editor.remove_constraint(model, constraint)
    yield


def plant(hostile: str, *, codes: bool = True) -> None:
    """Write the text into every row of every table, by SQL."""
    quoted = connection.ops.quote_name
    with unguarded(), without_checks(tables()), connection.cursor() as cursor:
        for model in tables():
            fields = [field for field in texts(model) if codes or not isinstance(field, CodeField)]
            alone = {
                name
                for rule in model._meta.constraints
                if isinstance(rule, models.UniqueConstraint)
                for name in rule.fields
            }
            for row, pk in enumerate(
                model._base_manager.order_by("pk").values_list("pk", flat=True)
            ):
                for field in fields:
                    number = f"~{row}" if row and (field.unique or field.name in alone) else ""
                    text = (
                        hostile.format(model.__name__)[: (field.max_length or 5_000) - len(number)]
                        + number
                    )
                    cursor.execute(
                        f"UPDATE {quoted(model._meta.db_table)} SET {quoted(field.column)} = %s"
                        f" WHERE {quoted(model._meta.pk.column)} = %s",
                        [text, model._meta.pk.get_db_prep_value(pk, connection)],
                    )
    cache.clear()
    index.rebuild()


def page_for(actor: str, address: str, world) -> str:
    """What the actor sees; an error of the portal is raised here."""
    client = Client()
    client.cookies.update(world.cookies[actor])
    with transaction.atomic():
        response = client.get(address)
        transaction.set_rollback(True)
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return (
        content.decode(errors="replace") if response["Content-Type"].startswith("text/html") else ""
    )


def reader_of(row) -> str | None:
    """Who opens the page: the administrator where they may, else whoever may."""
    readers = [actor for actor in reversed(ACTORS) if row.outcomes()[actor] == 200]
    return "administrator" if "administrator" in readers else readers[0] if readers else None


def lists(world) -> Iterator[tuple[str, str]]:
    """(actor, address) of every page that needs no object, and of the boards of a season."""
    for row in ROWS:
        if row.method == "get" and row.args(world) in ([], SEASON) and (reader := reader_of(row)):
            yield reader, reverse(row.name, args=row.args(world))


def of_the_office() -> dict[str, str]:
    """Slug → address of every list in the registry that stands without a row; a new list is looked
    at by being in it.
    """
    found = {}
    for slug, the_list in office_lists().items():
        with suppress(NoReverseMatch):
            found[slug] = reverse(the_list.address)
    return found


def test_every_list_of_the_registry_is_looked_at(full_world):
    looked_at = {address for _reader, address in lists(full_world)}

    assert {slug for slug, address in of_the_office().items() if address not in looked_at} == set()
    assert len(of_the_office()) > 20


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_no_paper_and_no_workbook_of_a_list_falls_because_of_a_row(hostile, full_world):
    readers = {address: reader for reader, address in lists(full_world)}
    with time_machine.travel(NOW):
        plant(hostile)
        pages = {
            address + query: page_for(readers[address], address + query, full_world)
            for address in of_the_office().values()
            for query in ("?print=1", "?export=xlsx", "?columns=usual&q=%3Cu%3E")
        }

    assert [address for address, page in pages.items() if "<u>" in page] == []


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_no_list_falls_because_of_a_row(hostile, full_world):
    with time_machine.travel(NOW):
        plant(hostile)
        wanted = [(actor, address) for address, (actor, _tables) in SHOWN.items()] + list(
            lists(full_world)
        )
        pages = {
            (actor, address): page_for(actor, address, full_world) for actor, address in wanted
        }

    assert [address for (_actor, address), page in pages.items() if "<u>" in page] == []
    if "{}" in hostile:
        hidden = {
            address: missing
            for address, (actor, names) in SHOWN.items()
            if (
                missing := [
                    name
                    for name in names.split()
                    if escape(f"<u>{name}") not in pages[actor, address]
                ]
            )
        }
        assert hidden == {}


def test_no_page_takes_a_text_for_markup(full_world):
    """Pages of single objects; their codes stay, so that they are found."""
    with time_machine.travel(NOW):
        plant(HOSTILE["markup"], codes=False)
        read = [
            (reader, reverse(row.name, args=row.args(full_world)))
            for row in ROWS
            if row.method == "get" and row.args(full_world) and (reader := reader_of(row))
        ]
        taken = [
            address for actor, address in read if "<u>" in page_for(actor, address, full_world)
        ]

    assert taken == []


def is_taken(row: models.Model, field: models.Field, text: str) -> bool:
    """Whether the database lets it stand in the row."""
    try:
        with transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(**{field.name: text[: field.max_length]})
    except IntegrityError:
        return False
    return True


def test_the_database_refuses_such_a_code(full_world):
    codes = [
        (model, field)
        for model in tables()
        for field in texts(model)
        if isinstance(field, CodeField)
    ]
    taken = [
        (str(field), name)
        for model, field in codes
        for name, hostile in HOSTILE.items()
        if is_taken(model.objects.first() or TeachingFormatFactory(), field, hostile)
    ]

    assert taken == []
    assert len(codes) > 10
