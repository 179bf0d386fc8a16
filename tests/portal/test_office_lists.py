"""Every list of the office is the one table: sorted, narrowed, remembered, exported, printed."""

import re
from datetime import datetime
from io import BytesIO

import openpyxl
import pytest
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from academy.lists.registry import lists
from academy.models import ImportRun, Venue
from courses.models import Course, Expert, TopicRequest, TrainingClass
from courses.topic_requests import ask
from portal.models import Feedback
from practicums.models import PracticeCase

from ..factories import CampusFactory, TrackFactory, UserFactory, class_with

EVERY = sorted(lists())
# the order of some lists is that of the codes, and no other
SORTED = [slug for slug in EVERY if any(column.sort for column in lists()[slug].columns.values())]


@pytest.fixture
def office(client, administrator):
    client.force_login(administrator)
    return client


@pytest.fixture
def address():
    def of(slug: str) -> str:
        from django.test import RequestFactory

        request = RequestFactory().get("/")
        request.user = None
        return lists()[slug](request).url

    return of


@pytest.fixture
def classes(db):
    return [class_with(seats=3 + number) for number in range(3)]


def body(response) -> bytes:
    return b"".join(response.streaming_content)


@pytest.mark.parametrize("slug", EVERY)
def test_every_list_is_sorted_by_each_column_that_says_so(office, address, slug):
    here = address(slug)
    for name, column in lists()[slug].columns.items():
        if column.sort:
            for sort in (name, f"-{name}"):
                assert office.get(f"{here}?sort={sort}").status_code == 200, sort


@pytest.mark.parametrize("slug", EVERY)
def test_a_column_that_is_not_there_leaves_the_usual_order_and_says_so(office, address, slug):
    text = office.get(f"{address(slug)}?sort=-nothing").text

    assert "不能按这一栏排序" in text


@pytest.mark.parametrize("slug", EVERY)
def test_every_list_is_a_workbook_and_a_sheet_of_paper(office, address, slug):
    here = address(slug)
    answer = office.get(f"{here}?export=xlsx")
    sheet = openpyxl.load_workbook(BytesIO(body(answer))).active
    paper = office.get(f"{here}?print=1")

    assert "filename*=utf-8''" in answer["Content-Disposition"]
    assert sheet.cell(1, 1).value and sheet.freeze_panes
    assert "data-print" in paper.text


@pytest.mark.parametrize("slug", SORTED)
def test_every_list_comes_back_as_it_was_left(office, address, slug):
    here = address(slug)
    sort = next(name for name, column in lists()[slug].columns.items() if column.sort)
    office.get(f"{here}?sort=-{sort}")

    assert office.get(here).url == f"{here}?sort=-{sort}"
    assert office.get(f"{here}?clear=1").url == here
    assert office.get(here).status_code == 200


@pytest.mark.parametrize("slug", EVERY)
def test_the_chosen_columns_stay(office, address, slug):
    here = address(slug)
    first, *others = lists()[slug].columns.values()
    more = next((column for column in others if not column.on), others[0])

    office.get(f"{here}?columns=&columns={more.name}&columns=nothing")
    shown = office.get(here).context["list"].shown
    assert [column.name for column in shown] == [first.name, more.name]

    office.get(f"{here}?columns=usual")
    usual = office.get(here).context["list"]
    assert usual.shown == [column for column in usual.columns.values() if column.on]


@pytest.mark.parametrize("slug", EVERY)
@pytest.mark.parametrize("query", ["page=x&size=7", "size=-5&page=99", "q=<b>&sort=", "export=pdf"])
def test_a_strange_address_is_answered(office, address, slug, query):
    assert office.get(f"{address(slug)}?{query}").status_code == 200


@pytest.mark.parametrize("slug", [slug for slug in EVERY if lists()[slug].files])
def test_the_files_of_a_list_are_there(office, address, slug):
    page = office.get(address(slug)).text
    found = set(re.findall(r'href="(/manage/imports/[a-z]+/[a-z-]+/)"', page))

    assert any(f"/{lists()[slug].files}/" in here for here in found)
    for here in found:
        assert office.get(here).status_code == 200, here


# --- Ticked rows, by the list of classes ----------------------------------------------------------


def test_the_workbook_holds_real_dates_and_numbers(office, classes):
    office.get("/manage/classes/?columns=&columns=next&columns=lessons")
    sheet = openpyxl.load_workbook(
        BytesIO(body(office.get("/manage/classes/?export=xlsx&sort=title")))
    ).active
    headings = [cell.value for cell in sheet[1]]

    assert sheet.max_row == 4
    assert isinstance(sheet.cell(2, headings.index("下一次课") + 1).value, datetime)
    assert isinstance(sheet.cell(2, headings.index("课次") + 1).value, int)
    assert "修改" not in headings


def test_ticked_rows_become_a_workbook_and_one_that_changed_meanwhile_is_left_out(office, classes):
    stamp = classes[0].updated_at.isoformat()
    TrainingClass.objects.filter(pk=classes[1].pk).update(updated_at=timezone.now())
    ticked = [f"{row.pk}@{row.updated_at.isoformat()}" for row in classes[:2]]

    answer = office.post("/manage/classes/", {"action": "export", "row": ticked})

    assert stamp in ticked[0]
    assert openpyxl.load_workbook(BytesIO(body(answer))).active.max_row == 2


def test_all_of_the_filter_are_taken_at_once(office, classes):
    answer = office.post(f"/manage/classes/?q={classes[0].code}", {"action": "export", "all": "1"})

    assert openpyxl.load_workbook(BytesIO(body(answer))).active.max_row == 2


def test_without_a_tick_the_list_says_so(office, classes):
    answer = office.post("/manage/classes/?sort=title", {"action": "export"})

    assert answer.url == "/manage/classes/?sort=title"
    assert [str(line) for line in get_messages(answer.wsgi_request)] == ["请先勾选。"]


def test_an_unknown_step_is_not_found(office, classes):
    assert office.post("/manage/classes/", {"action": "x", "row": "1"}).status_code == 404


def test_rows_of_others_are_not_taken(client, branch_coordinator, campus, classes):
    client.force_login(branch_coordinator)
    answer = client.post("/manage/classes/", {"action": "export", "row": [classes[0].pk]})

    assert openpyxl.load_workbook(BytesIO(body(answer))).active.max_row == 1


# --- What a list costs ----------------------------------------------------------------------------


def queries(client, here: str) -> int:
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(here).status_code == 200
    return len(captured)


def test_the_list_of_classes_costs_the_same_for_ten_and_a_thousand(office):
    first = class_with(seats=3)
    few = queries(office, "/manage/classes/")
    TrainingClass.objects.bulk_create(
        TrainingClass(
            code=f"VIEL-{number}",
            title=f"班{number}",
            campus=first.campus,
            capacity=20,
            booking_opens_at=first.booking_opens_at,
            booking_closes_at=first.booking_closes_at,
            status="open",
            starts_at=first.starts_at,
            ends_at=first.ends_at,
        )
        for number in range(1000)
    )

    assert queries(office, "/manage/classes/") == few
    # and the session is written, between savepoints
    assert queries(office, "/manage/classes/?size=200") <= few + 3


def _more_feedback(count: int) -> None:
    Feedback.objects.bulk_create(Feedback(text=f"建议{number}") for number in range(count))


def _more_experts(count: int) -> None:
    first = Expert.objects.count()
    Expert.objects.bulk_create(
        Expert(code=f"ZJ-{first + number}", category="书记", name=f"师资{first + number}")
        for number in range(count)
    )


def _more_files(count: int) -> None:
    ImportRun.objects.bulk_create(
        ImportRun(kind="courses", file_name=f"{number}.xlsx", previewed_at=timezone.now())
        for number in range(count)
    )


def _more_courses(count: int) -> None:
    track = TrackFactory()
    first = Course.objects.count()
    Course.objects.bulk_create(
        Course(code=f"KC-{first + number}", title=f"课{first + number}", track=track, hours=4)
        for number in range(count)
    )


def _more_rooms(count: int) -> None:
    campus = CampusFactory()
    first = Venue.objects.count()
    Venue.objects.bulk_create(
        Venue(code=f"JS-{first + number}", name=f"教室{number}", campus=campus, capacity=30)
        for number in range(count)
    )


def _more_cases(count: int) -> None:
    first = PracticeCase.objects.count()
    author, now = UserFactory(), timezone.now()
    PracticeCase.objects.bulk_create(
        PracticeCase(
            code=f"AL-{first + number}", title=f"案例{number}", author=author, updated_at=now
        )
        for number in range(count)
    )


@pytest.mark.parametrize(
    ("slug", "more"),
    [
        ("feedback", _more_feedback),
        ("experts", _more_experts),
        ("imports", _more_files),
        ("courses", _more_courses),
        ("rooms", _more_rooms),
        ("cases", _more_cases),
    ],
)
def test_a_list_costs_the_same_for_ten_and_a_thousand(office, address, slug, more):
    here = address(slug)
    more(10)
    few = queries(office, here)
    more(990)

    assert queries(office, here) <= few <= 16


# --- Steps with many ------------------------------------------------------------------------------


def test_feedback_is_marked_together_and_what_is_done_already_stays(office, administrator):
    _more_feedback(3)
    first = Feedback.objects.first()
    first.deal_with(by=administrator, now=timezone.now())
    kept = Feedback.objects.get(pk=first.pk).handled_at

    office.post("/manage/feedback/", {"action": "handled", "all": "1"})

    assert Feedback.objects.filter(handled_at__isnull=True).count() == 0
    assert Feedback.objects.get(pk=first.pk).handled_at == kept


def test_requests_are_answered_together_and_without_an_answer_none(office, cadre):
    now = timezone.now()
    asked = [
        ask(topic=topic, situation="", by=cadre.user, village=None, now=now)
        for topic in ("电梯加装", "加装电梯")
    ]
    sent = {"action": "answer", "row": [row.pk for row in asked]}

    office.post("/manage/requests/", sent)
    assert TopicRequest.objects.open().count() == 2

    office.post("/manage/requests/", sent | {"answer": "下季度开班，届时通知。"})
    assert TopicRequest.objects.open().count() == 0
    assert set(TopicRequest.objects.values_list("answer", flat=True)) == {"下季度开班，届时通知。"}
