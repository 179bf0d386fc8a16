"""From a service item to a class: what its page offers, honest gaps, cards, and who rewords it."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from academy.search import index
from academy.web.qr import QUIET, qr_picture
from courses.catalogue.service_items import Gap, experts_for, offers
from courses.models import ClassStatus, CourseStatus, ServiceItem

from ..factories import (
    CourseFactory,
    ExpertFactory,
    LessonFactory,
    SeatPoolFactory,
    ServiceItemFactory,
    class_with,
    taught_by,
)

MOST_QUERIES_OF_AN_ITEM = 17  # five know who is logged in, one what the office has set


@pytest.fixture
def lift(department):
    item = ServiceItemFactory(
        code="FX-01",
        department=department,
        name="既有多层住宅加装电梯",
        question="老楼想装电梯要走什么程序",
        keywords="加梯、电梯",
    )
    CourseFactory(
        code="QZ-001", title="电梯加装协商实训", summary="现场走一遍。"
    ).service_items.add(item)
    index.rebuild(["service", "course"])
    return item


@pytest.fixture
def gap(db):
    item = ServiceItemFactory(
        code="FX-16", name="社区矫正对象帮教", question="小区里有社区矫正人员，居委要做什么"
    )
    index.rebuild(["service"])
    return item


def open_class(item: ServiceItem, *, days: int = 20, seats: int = 5, **fields):
    now = timezone.now()
    made = class_with(
        seats=seats,
        starts_at=now + timedelta(days=days),
        booking_opens_at=now - timedelta(days=1),
        booking_closes_at=now + timedelta(days=days - 3),
        **fields,
    )
    LessonFactory(
        training_class=made,
        course_version__course=item.courses.get(),
        number=9,
        starts_at=made.starts_at + timedelta(hours=3),
    )
    return made


def offer_of(item: ServiceItem):
    return offers([item], now=timezone.now())[0]


def test_the_next_class_is_the_first_with_a_seat(lift):
    full = open_class(lift, days=10, title="满员班")
    full.pools.update(seats_taken=5)
    free = open_class(lift, days=20, title="有席班")

    offer = offer_of(lift)

    assert ([row.code for row in offer.classes], offer.next_class.code, offer.gap) == (
        [full.code, free.code],
        free.code,
        "",
    )


def test_a_full_class_is_offered_when_there_is_no_other(lift):
    open_class(lift).pools.update(seats_taken=5)

    assert offer_of(lift).next_class is not None


@pytest.mark.parametrize(
    "status", [ClassStatus.DRAFT, ClassStatus.CANCELLED, ClassStatus.CLOSED, ClassStatus.RUNNING]
)
def test_a_class_that_cannot_be_joined_is_not_offered(lift, status):
    open_class(lift, status=status)

    assert (offer_of(lift).classes, offer_of(lift).gap) == ([], Gap.NO_CLASS)


@pytest.mark.parametrize(
    "status", [CourseStatus.DRAFT, CourseStatus.IN_REVIEW, CourseStatus.RETIRED]
)
def test_a_course_that_is_not_published_fills_no_gap(lift, status):
    lift.courses.update(status=status)

    assert offer_of(lift).gap == Gap.NO_COURSE


def test_who_taught_it_last_is_named_first_then_who_knows_the_words(lift):
    made = open_class(lift)
    teaches, hidden, knows, other = (
        ExpertFactory(name="甲师"),
        ExpertFactory(name="隐师", published=False, specialities="电梯"),
        ExpertFactory(name="乙师", specialities="调解、加梯"),
        ExpertFactory(name="丙师", specialities="垃圾分类"),
    )
    taught_by(made.lessons.get(number=9), teaches)

    assert experts_for(offer_of(lift)) == [teaches, knows]
    assert hidden.name != other.name


def test_the_page_answers_the_question_and_leads_to_the_class(client, lift):
    made = open_class(lift, title="协商班")

    text = client.get("/services/FX-01/").text

    assert '<h1 class="song">老楼想装电梯要走什么程序</h1>' in text
    assert (
        f'href="/classes/{made.code}/"' in text
        and "余 5 席" in text
        and 'href="/courses/QZ-001/"' in text
    )
    assert "点单" not in text


def test_a_gap_is_said_and_the_topic_can_be_asked_for(client, gap):
    text = client.get("/services/FX-16/").text

    assert "还没有课" in text and 'href="/requests/?item=FX-16"' in text


def test_without_a_class_the_topic_can_be_asked_for_too(client, lift):
    text = client.get("/services/FX-01/").text

    assert (
        "还没有排班" in text
        and 'href="/requests/?item=FX-01"' in text
        and 'href="/courses/QZ-001/"' in text
    )


def listed(response) -> list[str]:
    return [offer.item.code for offer in response.context["offers"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["FX-01", "FX-16"]),
        ("q=jzdt", ["FX-01"]),
        ("q=矫正", ["FX-16"]),
        ("q=fx-16", ["FX-16"]),
        ("q=没有这个词", []),
        ("department=NONE", []),
        ("q=" + "长" * 3000, []),
        ("q=%25", []),
    ],
)
def test_the_list_is_searched(client, lift, gap, query, found):
    response = client.get(f"/services/?{query}")

    assert (response.status_code, listed(response)) == (200, found)


def test_the_list_is_narrowed_by_department(client, lift, gap, department):
    assert listed(client.get(f"/services/?department={department.code}")) == ["FX-01"]


def test_staff_see_the_gaps_by_kind(client, district_staff, lift, gap):
    client.force_login(district_staff)

    def gaps(query: str) -> list[str]:
        return [
            offer.item.code
            for offer in client.get(f"/manage/services/gaps/?{query}").context["list"].page_rows
        ]

    assert [
        gaps(query)
        for query in ("gap=", "gap=no_course", "gap=no_class", "gap=x", "department=NONE")
    ] == [["FX-01", "FX-16"], ["FX-16"], ["FX-01"], [], []]
    open_class(lift)
    assert gaps("gap=") == ["FX-16"]


def test_a_course_begun_from_a_gap_has_the_item_ticked(client, district_staff, gap):
    client.force_login(district_staff)

    assert client.get("/manage/courses/new/?item=FX-16").context["form"][
        "service_items"
    ].value() == [gap.pk]
    assert client.get("/manage/courses/new/?item=NONE").status_code == 200


def test_a_department_rewords_its_item_and_it_is_found_by_the_new_words(
    client, department_staff, department, lift
):
    client.force_login(department_staff)
    data = {
        "question": " 装电梯\n先找谁 ",
        "name": "加装电梯",
        "keywords": "爬楼，加梯 加梯;电梯",
        "department": "999",
    }

    response = client.post("/manage/services/FX-01/edit/", data)

    lift.refresh_from_db()
    assert response.url == "/services/FX-01/"
    assert (lift.question, lift.name, lift.keywords, lift.department) == (
        "装电梯 先找谁",
        "加装电梯",
        "爬楼、加梯、电梯",
        department,
    )
    assert [entry.code for entry in index.search("爬楼", kinds=["service"])] == ["FX-01"]


@pytest.mark.parametrize(
    "wrong", [{"question": ""}, {"question": "长" * 121}, {"name": ""}, {"keywords": "词" * 201}]
)
def test_a_wrong_item_is_shown_again(client, district_staff, lift, wrong):
    client.force_login(district_staff)
    data = {
        "question": "问",
        "name": "名",
        "keywords": "",
        "department": lift.department.pk,
    } | wrong

    response = client.post("/manage/services/FX-01/edit/", data)

    assert response.status_code == 200
    assert response.context["form"].errors
    assert ServiceItem.objects.get().name == "既有多层住宅加装电梯"


# --- Cards ----------------------------------------------------------------------------------------


def drawn(picture) -> list[str]:
    """The modules back from the path, a row a line."""
    rows = [[" "] * picture.size for _row in range(picture.size)]
    for run in picture.path.split("M")[1:]:
        place, length = run.split("h")
        x, y = place.split(" ")
        for column in range(int(x), int(x) + int(length)):
            rows[int(float(y) - 0.5)][column] = "#"
    return ["".join(row) for row in rows]


def test_the_picture_is_the_code_with_its_quiet_zone():
    import segno

    picture = qr_picture("http://testserver/services/FX-01/")
    wanted = segno.make("http://testserver/services/FX-01/", error="m", micro=False)

    rows = drawn(picture)
    assert [row[QUIET:-QUIET] for row in rows[QUIET:-QUIET]] == [
        "".join("#" if dark else " " for dark in row) for row in wanted.matrix
    ]
    assert all(not row.strip() for row in rows[:QUIET] + rows[-QUIET:])


def test_a_card_leads_to_the_page_of_its_item(client, lift, gap):
    response = client.get("/services/FX-01/card/")

    assert [card["qr"].text for card in response.context["cards"]] == [
        "http://testserver/services/FX-01/"
    ]
    assert "style=" not in response.text
    assert len(client.get("/services/cards/").context["cards"]) == 2
    assert client.get("/services/cards/?department=NONE").context["cards"] == []
    assert client.get("/services/NONE/card/").status_code == 404


# --- What a page costs ----------------------------------------------------------------------------


def queries(client, address: str) -> int:
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    "address", ["/services/", "/services/FX-01/", "/services/cards/", "/manage/services/gaps/"]
)
def test_a_page_costs_the_same_for_one_and_for_many(client, district_staff, lift, address):
    client.force_login(district_staff)
    open_class(lift)
    one = queries(client, address)
    for number in range(4):
        item = ServiceItemFactory()
        CourseFactory().service_items.add(item)
        for place in (lift, item):
            made = open_class(place, days=21 + number)
            SeatPoolFactory(training_class=made, town=made.campus.town, seats=0)

    assert queries(client, address) == one <= MOST_QUERIES_OF_AN_ITEM
