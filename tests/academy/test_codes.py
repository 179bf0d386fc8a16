import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import CheckConstraint, Q
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from academy.text.codes import (
    NO_CODE,
    RESERVED,
    CodeConverter,
    CodeField,
    CodeFormField,
    as_code,
    check_code,
    is_code,
    next_in_series,
)
from courses.forms.courses import next_code
from courses.models import Course, TrainingClass
from courses.schedule.scheduling import suggested_code

from ..factories import NOW, CourseFactory, ExpertFactory, TrackFactory, TrainingClassFactory

GOOD = ["SW-031", "310113003001", "PX-2027Q1-03", "C00", "2027-3", "NEWS", "ADD-1", "X"]
ODD = [
    "",
    "2027/春-3",
    "A/B",
    "/",
    "..",
    ".",
    "A.B",
    "#",
    "A#B",
    "?x",
    "A?",
    "%2f",
    "A%2FB",
    "A B",
    "A\n",
    "\nA",
    "A\x00",
    "-",
    "-A",
    "_A",
    "sw-031",
    "ＳＷ",
    "Ａ-1",
    "\u202eSW-1",
    "SW\u200b-1",
    "<b>",
    "春",
    "Ä1",
    "new",
    "NEW",
    "EXPORT",
    "CARDS",
    "TOGETHER",
    "GAPS",
]
CODED = [
    (model, field.name)
    for model in apps.get_models()
    for field in model._meta.fields
    if isinstance(field, CodeField)
]


def routes(patterns=None, begin=""):
    """Every address as it is written, and its name with the namespace."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = f"{begin}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern


@pytest.mark.parametrize("code", GOOD)
def test_a_code_of_capital_letters_digits_and_hyphens_is_taken(code):
    check_code(code)

    assert is_code(code) and CodeFormField().clean(code) == code
    assert CodeConverter().to_url(code) == code


@pytest.mark.parametrize("code", ODD)
def test_anything_else_is_no_code(code):
    with pytest.raises(ValidationError) as refused:
        check_code(code)

    assert not is_code(code)
    assert any("\u4e00" <= character <= "\u9fff" for character in refused.value.messages[0])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("sw-031", "SW-031"),
        ("ｓｗ－０３１", "SW-031"),
        (" SW - 031 ", "SW-031"),
        ("sw—031", "SW-031"),
        ("SW–031", "SW-031"),
        ("2027/春-3", "2027/春-3"),  # for the check to refuse
        ("ＺＪ／９", "ZJ/9"),
    ],
)
def test_what_a_person_types_is_read_kindly(typed, meant):
    assert as_code(typed) == meant


def test_every_code_in_an_address_is_taken_by_the_converter_of_codes():
    plain = [
        route
        for route, pattern in routes()
        if "<str:" in route and pattern.name != "calendar_feed"  # ends with a token
    ]

    assert plain == []


def test_words_that_stand_beside_a_code_in_an_address_are_reserved():
    beginnings = {route.split("<code:")[0] for route, _pattern in routes() if "<code:" in route}
    words = {
        route.removeprefix(begin).split("/")[0]
        for route, _pattern in routes()
        for begin in beginnings
        if route.startswith(begin)
        and route != begin
        and not route.removeprefix(begin).startswith("<")
    }

    assert {"new", "cards", "together", "export"} <= words
    assert {word.upper() for word in words} - set(RESERVED) == set()


@pytest.mark.parametrize("code", [*ODD, 7, None])
def test_an_odd_code_gives_an_address_that_leads_nowhere(code):
    assert reverse("trainees:class_page", args=[code]) in (f"/classes/{NO_CODE}/", "/classes/7/")
    assert resolve(f"/manage/classes/{NO_CODE}/").kwargs == {"code": NO_CODE}
    assert not is_code(NO_CODE)


def pairs(condition: Q) -> list[tuple]:
    """What a condition asks of a field by itself, without what is nested."""
    return [child for child in condition.children if isinstance(child, tuple)]


def test_every_table_with_a_code_has_its_constraint():
    named = [
        model
        for model in apps.get_models()
        for field in model._meta.fields
        if field.name == "code" and field.unique
    ]
    unguarded = [
        model
        for model, name in CODED
        if not any(
            isinstance(rule, CheckConstraint)
            and any(child[0] == f"{name}__regex" for child in pairs(rule.condition))
            for rule in model._meta.constraints
        )
    ]

    assert set(named) <= {model for model, _name in CODED}
    assert len(CODED) == 14 and unguarded == []


@pytest.mark.parametrize("rows", [TrainingClassFactory, CourseFactory, ExpertFactory])
def test_the_database_takes_what_is_a_code_and_nothing_else(rows, db):
    row = rows()
    longest = row._meta.get_field("code").max_length

    for code in GOOD:
        type(row).objects.filter(pk=row.pk).update(code=code[:longest])
    for code in ODD:
        if "\x00" in code and connection.vendor == "postgresql":
            continue  # refused by the driver
        with pytest.raises(IntegrityError), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(code=code)


@pytest.mark.parametrize(
    ("codes", "following"),
    [
        ([], "SW-001"),
        (["SW-007", "SW-X", "SW-٣", "ZZ-009", "SW-"], "SW-008"),
        (["SW-99999999"], "SW-001"),  # no number of the series
        (["SW-001", "SW-999999"], "SW-002"),
    ],
)
def test_the_next_of_a_series_is_free_and_short(codes, following):
    assert next_in_series("SW-", codes, digits=3) == following


def test_a_code_as_long_as_can_be_does_not_stop_the_series(db):
    """The number after the highest would not fit into the column."""
    TrainingClassFactory(code="PX-2027Q1-9999999999")
    track = TrackFactory(prefix="SWSW")
    CourseFactory(track=track, code="SWSW-9999999")

    assert len(suggested_code(NOW)) < TrainingClass._meta.get_field("code").max_length
    assert next_code(track) == "SWSW-001"
    assert Course.objects.filter(code__startswith="SWSW-").count() == 1
