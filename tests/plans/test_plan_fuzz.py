"""Whatever is in a file, it is read or refused with a sentence: never another exception."""

from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from academy.models import Town
from academy.spreadsheets.opening import FileRefused
from plans.timing import first_quarter

from ..generated import examples
from .reading import read_plan
from .sheets import HEADINGS, row, workbook

pytestmark = pytest.mark.django_db
GOOD = workbook([row()])
BOUNDED = settings(
    max_examples=examples(60),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def read_or_refused(town: Town, content: bytes, name: str):
    try:
        return read_plan(content, name, owner=town)
    except FileRefused as refusal:
        assert str(refusal)
        return None


@BOUNDED
@given(
    st.binary(max_size=2_000), st.sampled_from(["plan.xlsx", "plan.csv", "plan.xls", "plan", ""])
)
def test_any_bytes(town, content, name):
    read_or_refused(town, content, name)


@BOUNDED
@given(st.data())
def test_a_workbook_with_bytes_changed(town, data):
    content = bytearray(GOOD)
    for position in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=8)):
        content[position] = data.draw(st.integers(0, 255))
    read_or_refused(town, bytes(content), "plan.xlsx")


@BOUNDED
@given(st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_text_as_csv(town, content):
    read_or_refused(town, (",".join(HEADINGS) + "\n").encode() + content, "plan.csv")


# What openpyxl can write: XML refuses other control characters.
texts = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), max_size=60
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
    st.sampled_from(["=1+1", "合计", "第二季度", "1.5万", "６０人", "-", "审核意见："]),
)


@BOUNDED
@given(
    st.lists(
        st.lists(cells, min_size=len(HEADINGS), max_size=len(HEADINGS)), min_size=1, max_size=4
    )
)
def test_any_cells_below_the_headings_give_rows_that_fit_the_model(town, rows):
    reading = read_or_refused(town, workbook(rows), "plan.xlsx")

    for line in reading.rows if reading else []:
        assert bool(line.reason) != bool(line.item)
        if line.item:
            line.item.clean_fields(exclude=["plan"])


@BOUNDED
@given(texts)
def test_any_text_as_planned_time(text):
    assert first_quarter(text) in (None, 1, 2, 3, 4)
