"""The front door's pages: full, empty and wrong."""

from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.urls import reverse

from academy.search.index import Findable, entry_of, write
from portal.models import Feedback

from ..factories import NOW, CampusFactory, TrackFactory, VillageFactory, class_with


@pytest.fixture
def visitor(client):
    return client


def test_home_works_with_no_data_at_all(db, visitor):
    assert visitor.get("/").status_code == 200


def test_home_shows_the_next_classes_with_seats_left(db, visitor, time_machine):
    time_machine.move_to(NOW)
    training_class = class_with(seats=7)

    page = visitor.get("/").content.decode()

    assert training_class.title in page
    assert "7" in page


def test_home_costs_the_same_whatever_the_rows(
    db, visitor, time_machine, django_assert_max_num_queries
):
    time_machine.move_to(NOW)
    for _number in range(6):
        class_with(seats=5)
        TrackFactory()

    with django_assert_max_num_queries(11):
        visitor.get("/")
    with django_assert_max_num_queries(8):
        visitor.get("/")  # the picture is kept for a while


@pytest.mark.parametrize(
    "path", ["/network/", "/help/", "/privacy/", "/accessibility/", "/search/", "/feedback/"]
)
def test_public_pages_open_on_an_empty_database(db, visitor, path):
    cache.clear()

    assert visitor.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/campuses/none/", "/towns/none/", "/nothing/here/"])
def test_unknown_places_are_404_with_a_way_on(db, visitor, path):
    response = visitor.get(path)

    assert response.status_code == 404
    assert 'href="/"' in response.content.decode()


def test_a_campus_says_when_it_has_closed(db, visitor):
    campus = CampusFactory(ended_on="2027-01-01")

    assert "2027年1月1日" in visitor.get(campus.get_absolute_url()).content.decode()


def test_a_town_lists_its_villages_and_not_those_that_ended(db, visitor):
    village = VillageFactory()
    gone = VillageFactory(town=village.town, valid_to="2020-01-01")

    page = visitor.get(village.town.get_absolute_url()).content.decode()

    assert village.name in page and gone.name not in page


@pytest.mark.parametrize("query", ["jzdt", "没有这样的词", "<script>", "%", "x" * 3000, "𠮷"])
def test_search_answers_anything(db, visitor, query):
    response = visitor.get("/search/", {"q": query, "page": "9999"})

    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


@pytest.fixture
def lift(db):
    write(
        [
            entry_of("course", Findable("SW-001", "电梯加装协商实训", "/courses/SW-001/")),
            entry_of("village", Findable("310113003001", "宝钢一村居委会", "/towns/310113003/")),
        ]
    )


def test_a_search_without_a_hit_offers_what_is_nearest_and_asking_for_the_topic(lift, visitor):
    response = visitor.get("/search/", {"q": "电梯安装协议书"})

    assert response.context["hits"] == []
    assert [hit["code"] for hit in response.context["nearest"]] == ["SW-001"]
    assert f'href="/requests/?topic={quote("电梯安装协议书")}"' in response.text


def test_a_search_with_a_hit_does_not_offer_the_nearest(lift, visitor):
    response = visitor.get("/search/", {"q": "dtjz"})

    assert [hit["code"] for hit in response.context["hits"]] == ["SW-001"]
    assert response.context["nearest"] == []


def test_suggestions_are_a_list_without_a_page(lift, visitor, django_assert_num_queries):
    visitor.get("/search/suggest/", {"q": "x"})
    with django_assert_num_queries(1):
        text = visitor.get("/search/suggest/", {"q": "dian"}).text

    assert text.count('role="option"') == 1 and 'data-url="/courses/SW-001/"' in text
    assert "<html" not in text


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"q": ""},
        {"q": "没有这样的词"},
        {"q": "电", "kind": "village"},
        {"q": "电", "kind": "<b>"},
        {"q": "9" * 5000},
        {"q": "'\u202e"},
    ],
)
def test_suggestions_answer_anything_with_an_empty_list(lift, visitor, query):
    response = visitor.get("/search/suggest/", query)

    assert response.status_code == 200
    assert 'role="option"' not in response.text


def test_feedback_is_kept_with_the_page_it_came_from(db, visitor):
    response = visitor.post("/feedback/", {"text": "点名页字太小", "page": "/classes/"})

    assert response.status_code == 302
    assert list(Feedback.objects.values_list("text", "page", "sent_by")) == [
        ("点名页字太小", "/classes/", None)
    ]


def test_empty_feedback_is_refused_beside_the_field(db, visitor):
    response = visitor.post("/feedback/", {"text": "  "})

    assert response.status_code == 200
    assert Feedback.objects.count() == 0


def test_a_script_cannot_flood_the_feedback(db, visitor):
    for _number in range(12):
        visitor.post("/feedback/", {"text": "又一条"})

    assert Feedback.objects.count() == 10


def test_behind_a_proxy_one_visitor_does_not_shut_the_feedback_for_all(db, visitor, settings):
    settings.TRUSTED_PROXY_COUNT = 1
    for _number in range(12):
        visitor.post("/feedback/", {"text": "又一条"}, headers={"x-forwarded-for": "198.51.100.7"})

    visitor.post("/feedback/", {"text": "另一位"}, headers={"x-forwarded-for": "198.51.100.8"})

    assert Feedback.objects.filter(text="另一位").exists()
    assert Feedback.objects.count() == 11


def test_feedback_is_marked_as_dealt_with_once(district_staff, administrator, client):
    feedback = Feedback.objects.create(text="建议")
    client.force_login(district_staff)
    client.post(reverse("portal:feedback_inbox"), {"feedback": feedback.pk})
    client.force_login(administrator)
    client.post(reverse("portal:feedback_inbox"), {"feedback": feedback.pk})

    feedback.refresh_from_db()
    assert feedback.handled_by == district_staff


@pytest.mark.parametrize("number", ["", "abc", "-1", "9" * 40, "²"])
def test_a_wrong_feedback_number_is_404(district_staff, client, number):
    client.force_login(district_staff)

    assert client.post(reverse("portal:feedback_inbox"), {"feedback": number}).status_code == 404
