"""The index finds by words, pinyin, first letters, mixed, in any order, the best first."""

import pytest

from academy.models import SearchEntry
from academy.search.index import Findable, entry_of, rebuild, search, write

from ..factories import CampusFactory, CourseFactory, TownFactory


@pytest.fixture
def index(db):
    """A handful of courses with the words that find them."""
    things = {
        "SW-001": Findable(
            "SW-001",
            "电梯加装协商实训",
            "/a",
            ["加装电梯", "既有多层住宅加装电梯", "加梯、老房、签字"],
        ),
        "ZC-018": Findable("ZC-018", "既有住宅改造政策", "/b", ["既有多层住宅加装电梯"]),
        "SW-002": Findable("SW-002", "业委会换届实训", "/c", ["业主大会成立与业委会换届选举"]),
        "WH-001": Findable("WH-001", "重阳节活动策划", "/d", []),
    }
    write([entry_of("course", thing) for thing in things.values()])
    write([entry_of("village", Findable("310113003001", "宝钢一村居委会", "/e", ["友谊路街道"]))])


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("加装", "SW-001"),
        ("jiazhuang", "SW-001"),
        ("jia zhuang", "SW-001"),
        ("jzdt", "SW-001"),
        ("dtjz", "SW-001"),
        ("JZDT", "SW-001"),
        ("ＪＺＤＴ", "SW-001"),
        ("加装电梯", "SW-001"),
        ("电梯 加装", "SW-001"),
        ("加梯", "SW-001"),
        ("jz电梯", "SW-001"),
        ("SW-002", "SW-002"),
        ("sw002", "SW-002"),
        ("ywhhj", "SW-002"),
        ("chongyang", "WH-001"),
        ("宝钢一村", "310113003001"),
        ("友谊路 宝钢", "310113003001"),
    ],
)
def test_finds_first(index, query, first):
    assert search(query)[0].code == first


def test_every_word_must_match(index):
    assert search("电梯 换届") == []


@pytest.mark.parametrize(
    "query", ["", "   ", "、。", "不存在的词", "%", "_", "x" * 500, "𠮷", "(", "\\"]
)
def test_odd_queries_find_nothing_and_do_not_fail(index, query):
    assert search(query) == []


def test_kinds_narrow_the_search(index):
    assert [entry.kind for entry in search("宝", kinds=["course"])] == []


def test_one_query_of_the_index(index, django_assert_num_queries):
    search("jzdt")  # reads the index into memory

    with django_assert_num_queries(1):
        search("jzdt")
    with django_assert_num_queries(1):
        search("没有这个词")


def test_what_another_process_writes_is_found_at_once(index):
    """A process keeps the index only as long as the version stands."""
    assert search("楼道") == []
    write([entry_of("course", Findable("SW-009", "楼道清零", "/f"))])
    assert [hit.code for hit in search("楼道")] == ["SW-009"]

    rebuild(["course"])  # the sources have none of it

    assert search("楼道") == []


def test_rebuilding_replaces_what_was_there(index):
    rebuild(["village"])

    assert not SearchEntry.objects.filter(kind="village").exists()
    assert SearchEntry.objects.filter(kind="course").count() == 4


def test_an_index_that_is_renewed_says_what_an_index_written_anew_says(index):
    """Only differences are written: what vanished goes, what changed its words is spelt again, what
    is the same keeps its row.
    """
    course = CourseFactory(code="SW-001", title="电梯加装协商实训")
    kept = CourseFactory(code="SW-002", title="业委会换届实训")
    rebuild(["course"])
    row_kept = SearchEntry.objects.get(kind="course", code=kept.code).pk
    type(course).objects.filter(pk=course.pk).update(title="楼道清零")
    rebuild(["course"])

    fields = ("kind", "code", "title", "url", "words", "pinyin")
    renewed = list(SearchEntry.objects.filter(kind="course").order_by("code").values_list(*fields))
    assert [entry.code for entry in search("ldql")] == ["SW-001"]
    assert SearchEntry.objects.get(kind="course", code=kept.code).pk == row_kept
    assert SearchEntry.objects.filter(kind="village").exists(), "other kinds are left alone"
    rebuild()
    assert (
        list(SearchEntry.objects.filter(kind="course").order_by("code").values_list(*fields))
        == renewed
    )


def test_a_place_of_teaching_is_found_by_its_street_and_a_branch_by_its_town(db):
    town = TownFactory(name="罗泾镇")
    CampusFactory(
        code="S80", kind="salon", name="新镇治理会客厅", address="上海市宝山区共康路9921号"
    )
    CampusFactory(code="B80", kind="branch", name="乡村振兴分校", town=town, address="陈镇路3号")
    rebuild(["campus"])

    assert search("共康路")[0].code == "S80"
    assert search("陈镇路")[0].code == "B80"
    assert search("罗泾分校")[0].code == "B80"
