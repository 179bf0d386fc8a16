"""Whatever is sent as a course table: a preview or a sentence, never a 500 and never half of it;
and text survives the round trip.
"""

import contextlib
import itertools
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from academy.imports import runs
from academy.imports.errors import RowsRejected
from academy.models import ImportStatus
from courses.catalogue.rows import whole_courses
from courses.catalogue_file import export_courses
from courses.models import Course

from ..factories import NOW, CourseFactory
from ..generated import examples
from .course_tables import HEADINGS, dump, row, table

GOOD = table(row())
BOUNDED = settings(
    max_examples=examples(40),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def office(client, district_staff):
    client.force_login(district_staff)
    return client


def send_and_import(client, content: bytes, name: str) -> None:
    """Through the page, as far as it goes; what the page shows never fails."""
    response = client.post(
        reverse("imports:import_list"),
        {"kind": "courses", "file": SimpleUploadedFile(name, content)},
    )
    assert response.status_code in (200, 302)
    if response.status_code == 302:
        address = response["Location"]
        assert client.get(address).status_code == 200
        assert client.post(f"{address}confirm/").status_code == 302
        assert client.get(address).status_code == 200
        assert client.get(f"{address}rejected/").status_code == 200
        assert client.post(f"{address}undo/").status_code == 302


@BOUNDED
@given(
    st.binary(max_size=2_000),
    st.sampled_from(["a.xlsx", "a.csv", "a.xls", "a", "\0.csv", "课" * 300 + ".xlsx"]),
)
def test_any_bytes(office, content, name):
    send_and_import(office, content, name)


@BOUNDED
@given(st.data())
def test_a_workbook_with_bytes_changed(office, data):
    content = bytearray(GOOD)
    for position in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=8)):
        content[position] = data.draw(st.integers(0, 255))
    send_and_import(office, bytes(content), "a.xlsx")


@BOUNDED
@given(st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_text_as_csv(office, content):
    send_and_import(office, (",".join(HEADINGS) + "\n").encode() + content, "a.csv")


# What openpyxl can write: XML refuses other control characters; the escapes stand for the rest.
texts = st.one_of(
    st.text(
        st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"),
        max_size=60,
    ),
    st.sampled_from(
        ["_x0000_", "_xD800_", "甲_x0000_乙", "_x000D_", "9" * 5000, "甲" * 300, "²", "1e5"]
    ),
)
numbers = st.one_of(
    st.integers(-(10**18), 10**18), st.floats(allow_nan=False, allow_infinity=False)
)
dates = st.datetimes(datetime(1901, 1, 1), datetime(9998, 12, 31))
cells = st.one_of(
    st.none(),
    texts,
    numbers,
    st.booleans(),
    dates,
    st.sampled_from(["=1+1", "合计", "SW-001", "zz-002", "课堂教学、现场教学", "６学时", "是"]),
)
good_or_any = st.tuples(*(st.one_of(st.just(value), cells) for value in row())).map(list)


@BOUNDED
@given(
    st.lists(
        st.one_of(good_or_any, st.lists(cells, min_size=len(HEADINGS), max_size=len(HEADINGS))),
        min_size=1,
        max_size=4,
    )
)
def test_any_cells_below_the_headings(office, rows):
    send_and_import(office, table(*rows), "a.xlsx")


@BOUNDED
@given(good_or_any)
def test_whatever_is_imported_is_undone_row_for_row(db, values):
    before = dump()
    run = runs.preview(
        kind="courses",
        content=table(values, row(**{"课程编号": "ZZ-900"})),
        name="a.xlsx",
        by=None,
        now=NOW,
    )
    with contextlib.suppress(RowsRejected):
        run = runs.confirm(run=run, now=NOW)
    if run.status == ImportStatus.IMPORTED:
        runs.undo(run=run, by=None, now=NOW)

    assert dump() == before


storable = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)


@BOUNDED
@given(
    storable.filter(
        lambda text: (
            runs.clean_lines(text) not in ("", "-", "--", "—", "——", "/", "\\", "无", "待定")
        )
    ),
    storable,
)
def test_whatever_text_a_course_has_its_export_comes_back_as_the_same(db, title, text):
    course = CourseFactory(
        title=title,
        summary=text,
        objectives=text,
        outline=text,
        origin=text,
        lecturer_type=text[:40],
    )

    run = runs.preview(
        kind="courses",
        content=export_courses(whole_courses().filter(pk=course.pk)),
        name="a.xlsx",
        by=None,
        now=NOW,
    )

    assert [(line.outcome, line.changes, line.reasons) for line in run.rows.all()] == [
        ("same", [], [])
    ]
    course.delete()


# --- killed on the way ----------------------------------------------------------------------------


class Killed(Exception):
    """Stands for a process that ends in the middle."""


@pytest.mark.parametrize("action", ["confirm", "undo"])
def test_a_stop_at_any_statement_leaves_nothing_written(transactional_db, action):
    runs.confirm(
        run=runs.preview(kind="courses", content=table(row()), name="a.xlsx", by=None, now=NOW),
        now=NOW,
    )
    content = table(
        row(**{"学时": 6, "教学形式": "现场教学"}),
        row(**{"课程编号": "SW-002", "先修课程": "SW-001", "教学形式": "现场教学"}),
    )
    run = runs.preview(kind="courses", content=content, name="b.xlsx", by=None, now=NOW)
    if action == "undo":
        run = runs.confirm(run=run, now=NOW)
    step = (
        (lambda: runs.confirm(run=run, now=NOW))
        if action == "confirm"
        else (lambda: runs.undo(run=run, by=None, now=NOW))
    )
    before, stops = dump(), 0

    for last in itertools.count(1):
        statements = itertools.count(1)

        def stop(execute, sql, params, many, context, statements=statements, last=last):
            if sql.startswith(("INSERT", "UPDATE", "DELETE")) and next(statements) == last:
                raise Killed
            return execute(sql, params, many, context)

        with connection.execute_wrapper(stop):
            try:
                step()
                break
            except Killed:
                stops += 1
        assert dump() == before

    assert stops >= 10
    assert dump() != before
    assert Course.objects.count() == (2 if action == "confirm" else 1)
