"""The usual words with which an office fills its empty vocabularies."""

import pytest

from academy.models import GrowthStage, Position
from courses.models import Programme, TeachingFormat, Track

from ..factories import PositionFactory
from ..page_forms import forms_of

pytestmark = pytest.mark.django_db
ADDRESS = "/manage/tables/usual-words/"
COUNTS = {Position: 11, GrowthStage: 3, Track: 4, TeachingFormat: 11, Programme: 6}


@pytest.fixture
def office(client, district_staff):
    client.force_login(district_staff)
    return client


def offered(client) -> dict:
    return forms_of(client.get(ADDRESS).content.decode())[-1].sent


def test_what_is_offered_is_kept_in_its_order_as_it_is(office):
    page = office.post(f"{ADDRESS}?next=/manage/start/", offered(office))
    assert page["Location"] == "/manage/start/"
    assert {model: model.objects.count() for model in COUNTS} == COUNTS
    assert list(Position.objects.values_list("name", flat=True))[:2] == ["居民区书记", "村书记"]
    assert list(Track.objects.values_list("prefix", "name", "css_class"))[2] == (
        "SW",
        "实务实训",
        "sw",
    )


def test_lines_are_changed_and_left_out(office):
    sent = {**offered(office), "positions": " 居民区书记 \n\n网格员\n网格员", "programmes": ""}
    office.post(ADDRESS, sent)
    assert list(Position.objects.values_list("name", flat=True)) == ["居民区书记", "网格员"]
    assert not Programme.objects.exists()


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("tracks", "ZZ", "ZZ"),
        ("tracks", "ZZ 政治理论\nZZ 政策法规", "ZZ 政策法规"),
        ("teaching-formats", "F 1课堂教学\nF 课堂教学\nF 课堂教学吧", "重复"),
        ("positions", "书" * 41, "书书书"),
        ("positions", "\n".join(f"第{number}岗" for number in range(61)), "最多 60 行"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_kept(office, field, text, said):
    page = office.post(ADDRESS, {**offered(office), field: text})
    assert page.status_code == 200
    assert said in str(page.context["form"].errors[field])
    assert not any(model.objects.exists() for model in COUNTS)


def test_a_vocabulary_with_words_is_left_alone(office):
    PositionFactory(name="网格员")
    assert "positions" not in offered(office)
    office.post(ADDRESS, {**offered(office), "positions": "居民区书记"})
    assert list(Position.objects.values_list("name", flat=True)) == ["网格员"]
    assert "用常用词填好" not in office.get("/manage/tables/").text


def test_the_tables_lead_to_the_usual_words_while_one_is_empty(office):
    assert "用常用词填好" in office.get("/manage/tables/").text
    office.post(ADDRESS, offered(office))
    assert "用常用词填好" not in office.get("/manage/tables/").text
    assert office.get(ADDRESS)["Location"] == "/manage/tables/"
