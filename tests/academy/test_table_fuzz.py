"""Whatever stands in the cells of a workbook, what is read is plain data: no formula, no error
value, no object of a library.
"""

from datetime import datetime
from xml.sax.saxutils import escape

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from academy.spreadsheets.data_rows import read_rows
from academy.spreadsheets.sheet import FileRefused
from academy.spreadsheets.table import Taken
from tests.plans.sheets import with_part

from ..generated import examples
from .test_table_rows import COLUMNS, MAIN, WORDS, sheet_xml

BOUNDED = settings(
    max_examples=examples(50), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts><font/><font><strike/></font></fonts><cellXfs><xf/><xf'
    ' numFmtId="14"/><xf fontId="1"/><xf numFmtId="9"/></cellXfs></styleSheet>'
)
FONTS = ["<strike/>", "<b/>", ""]
ERRORS = (
    "#REF!",
    "#N/A",
    "#VALUE!",
    "#DIV/0!",
    "#NAME?",
    "#NUM!",
    "#NULL!",
    "#SPILL!",
    "#CALC!",
    "#GETTING_DATA",
)

texts = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), max_size=12
).filter(lambda text: not text.strip().startswith("="))
numbers = st.one_of(
    st.integers(-(10**18), 10**18), st.floats(allow_nan=False, allow_infinity=False)
).map(repr)
formulas = st.sampled_from(
    [
        "<f>1+1</f>",
        '<f t="array" ref="B2:B4">A1:A3</f>',
        '<f t="shared" si="0"/>',
        '<f t="dataTable" ref="C2:D3"/>',
        "",
    ]
)
styles = st.integers(0, 5)


@st.composite
def cells(draw) -> str:
    """A cell as it stands in the file, without its address."""
    formula, style = draw(formulas), draw(styles)
    kind, value = draw(
        st.one_of(
            st.tuples(st.just("n"), numbers),
            st.tuples(st.just("str"), texts),
            st.tuples(st.just("e"), st.sampled_from(ERRORS)),
            st.tuples(st.just("b"), st.sampled_from("01")),
            st.tuples(st.just("str"), st.sampled_from(ERRORS)),
            st.tuples(st.just("n"), st.just("")),
        )
    )
    if draw(st.booleans()) and kind == "str":
        runs = "".join(
            f"<r><rPr>{draw(st.sampled_from(FONTS))}</rPr><t>{escape(text)}</t></r>"
            for text in (value, "二")
        )
        return f's="{style}" t="inlineStr"><is>{runs}</is>'
    return f's="{style}" t="{kind}">{formula}<v>{escape(value)}</v>'


@BOUNDED
@given(
    st.lists(
        st.lists(cells(), min_size=len(COLUMNS), max_size=len(COLUMNS)), min_size=1, max_size=4
    ),
    st.builds(Taken, st.booleans(), st.booleans()),
)
def test_what_is_read_is_plain_data(rows, taken):
    xml = "".join(
        f'<row r="{number}">' + "".join(f"<c {cell}</c>" for cell in row) + "</row>"
        for number, row in enumerate(rows, start=2)
    )
    content = with_part(sheet_xml(xml), "xl/styles.xml", STYLES)
    try:
        found = read_rows(content, "a.xlsx", WORDS, taken=taken)
    except FileRefused as refused:
        assert str(refused)
        return

    for row in (*found.rows, *found.totals):
        for name, value in row.cells.items():
            assert value is None or type(value) in (str, int, float, bool, datetime)
            assert (
                not str(value).startswith("=")
                and str(value) not in ERRORS
                and "object at 0x" not in str(value)
            )
            if name in row.formulas and value is None:
                assert row.reasons or row.remarks
