"""The table of what people type and what they expect to see first, on the academy's own
catalogue.
"""

import csv
import json
from collections import Counter
from contextlib import suppress
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from academy.models import TopicWords
from academy.network import load_network
from academy.search import index
from academy.search.sentences import in_common_words
from courses.loading.catalogue import load_catalogue
from courses.models import ServiceItem

from ..factories import NOW, CourseFactory, ExpertFactory
from ..shared_rows import rows_for_all

TABLE = list(
    csv.DictReader(
        (Path(__file__).parent / "search_queries.csv").read_text(encoding="utf-8").splitlines()
    )
)
QUESTIONS = list(
    csv.DictReader(
        (Path(__file__).parent / "search_questions.csv").read_text(encoding="utf-8").splitlines()
    )
)
# Written by somebody who had not seen the words that the office keeps.
FRESH = list(
    csv.DictReader(
        (Path(__file__).parent / "search_questions_fresh.csv")
        .read_text(encoding="utf-8")
        .splitlines()
    )
)
DEMO = Path(settings.BASE_DIR) / "demo"
NAMES_READ_IN_TWO_WAYS = ("曾国强", "单丽华", "乐嘉明", "仇文斌", "解晓东", "区健雄", "翟秀英")
TITLES_READ_IN_TWO_WAYS = ("重阳敬老活动策划", "重点人群走访", "音乐进社区", "乐龄讲堂")


@pytest.fixture(scope="module")
def catalogue_for_all(django_db_setup, django_db_blocker):
    """567 villages, 17 campuses, 100 courses, 45 service items, 111 experts, 60 classes, and names
    with two readings.

    Loaded once, in a transaction that the last test takes back.
    """
    with rows_for_all(django_db_blocker):
        load_network(DEMO / "network", today=date(2026, 1, 1))
        load_catalogue(DEMO / "catalogue", now=NOW)
        for number, name in enumerate(NAMES_READ_IN_TWO_WAYS, start=901):
            ExpertFactory(code=f"JS-{number}", name=name)
        for number, title in enumerate(TITLES_READ_IN_TWO_WAYS, start=901):
            CourseFactory(code=f"WH-{number}", title=title)
        index.rebuild(["course", "expert"])
        yield


@pytest.fixture
def catalogue(catalogue_for_all, db):
    pass


def test_the_table_is_as_large_as_it_says():
    groups = Counter(row["group"] for row in TABLE)

    assert len(TABLE) == len({row["query"] for row in TABLE}) >= 200
    assert groups["pinyin"] + groups["initials"] >= 40
    assert groups["typo"] >= 20
    assert groups["polyphone"] >= 20
    assert groups["page"] + groups["department"] + groups["room"] + groups["code"] >= 60


def test_every_query_finds_first_what_people_expect(catalogue):
    expected = {row["query"]: (row["kind"], row["code"]) for row in TABLE}

    found = {
        query: next(((hit.kind, hit.code) for hit in index.search(query)), None)
        for query in expected
    }

    assert found == expected


def test_the_command_prints_the_same_order_as_the_page(catalogue, client):
    for query in ("jzdt", "业委会", "宝钢一寸", "social nothing", "顾村", "学时", "居民"):
        said = StringIO()
        with suppress(SystemExit):  # how it says that nothing was found
            call_command("search", query, "--json", stdout=said)
        page = client.get("/search/", {"q": query})
        assert [(row["kind"], row["code"]) for row in json.loads(said.getvalue())][:20] == [
            (row["key"], row["code"]) for row in page.context["hits"]
        ]


def test_the_order_is_the_same_however_often_it_is_asked(catalogue):
    once = [(hit.kind, hit.code) for hit in index.search("社区", limit=500)]
    index.rebuild()

    assert [(hit.kind, hit.code) for hit in index.search("社区", limit=500)] == once


@pytest.mark.parametrize("word", ["请教", "学士", "挂只", "布课", "排班"])
def test_a_short_word_that_only_sounds_alike_is_no_hit(catalogue, word):
    answer = index.ask(word)

    assert (answer.hits, answer.nearest) == ([], [])


# --- Questions in whole sentences -----------------------------------------------------------------


def test_the_questions_are_of_every_kind():
    groups = Counter(row["group"] for row in QUESTIONS)

    assert len(QUESTIONS) == len({row["question"] for row in QUESTIONS}) >= 150
    assert all(groups[kind] >= 15 for kind in ("sentence", "dialect", "english", "homophone"))
    assert groups["none"] >= 15


def test_questions_find_what_speaks_of_them(catalogue):
    first, among_three = shares_answered(QUESTIONS)

    assert among_three >= 0.9
    assert first >= 0.75


def test_fresh_questions_do_not_find_less_than_they_did(catalogue):
    """They find less than is asked of the search; what they find is not to be lost."""
    first, among_three = shares_answered(FRESH)

    assert among_three >= 0.77
    assert first >= 0.74


def shares_answered(questions: list[dict[str, str]]) -> tuple[float, float]:
    """Shares of the questions whose first hit is acceptable, and one of whose first three is."""
    first = among_three = 0
    for row in questions:
        found = [hit.code for hit in index.search(row["question"])]
        wanted = set(filter(None, row["acceptable"].split("、")))
        first += found[:1] == [] if not wanted else bool(wanted & set(found[:1]))
        among_three += not found if not wanted else bool(wanted & set(found[:3]))
    return first / len(questions), among_three / len(questions)


@pytest.mark.parametrize(
    ("question", "page"),
    [
        ("怎么请假", "4-help-absence"),
        ("请问学时怎么办", "4-help-hours"),
        ("候补怎么弄", "4-help-booking"),
    ],
)
def test_a_word_of_the_house_is_found_between_words_that_only_ask(catalogue, question, page):
    assert index.search(question)[0].code == page


def test_what_shanghai_says_is_asked_in_the_words_of_everybody(catalogue):
    assert in_common_words("屋里向漏水，物业勿管") == "家里漏水，物业不管"
    assert index.search("我家里的小毛驴不见了") == []

    TopicWords.objects.create(means="电动自行车", said="家里的小毛驴")
    index.words_have_changed()

    assert "FW-41" in [hit.code for hit in index.search("阿拉屋里的小毛驴")][:3]


def test_a_thing_that_meets_a_small_part_of_the_question_is_no_answer(catalogue):
    assert index.search("孕妇能喝咖啡吗") == []


def test_what_the_academy_does_not_know_finds_nothing(catalogue):
    found = {
        row["question"]: [hit.title for hit in index.search(row["question"])]
        for row in QUESTIONS
        if row["group"] == "none"
    }

    assert {question: hits for question, hits in found.items() if hits} == {}


def test_a_word_of_the_office_is_understood_at_once(catalogue):
    assert index.search("阿弟的飞毯停哪里") == []

    TopicWords.objects.filter(means="SW-005").update(said="飞毯、魔毯")
    index.words_have_changed()

    assert index.search("阿弟的飞毯停哪里")[0].code == "SW-005"


def test_a_word_for_another_word_is_understood(catalogue):
    TopicWords.objects.create(means="电动自行车", said="小毛驴")
    index.words_have_changed()

    assert "FW-41" in [hit.code for hit in index.search("我家小毛驴停哪里")][:3]


def test_every_question_of_a_service_item_is_found_with_please_before_it(catalogue):
    missed = [
        item.code
        for item in ServiceItem.objects.all()
        if item.code not in [hit.code for hit in index.search(f"请问{item.question}")][:3]
    ]

    assert missed == []
