"""What the office calls the five marks of a roll, on every page and in every file.

Source: docs/rules.md R70.
"""

import io
import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook

from trainees.classes.roster import people_of
from trainees.classes.roster_export import roster_workbook
from trainees.models import Attendance, AttendanceStatus, MarkLabel, forget_labels, mark_labels

from ..factories import NOW, TraineeFactory

pytestmark = pytest.mark.django_db
USUAL = ["到课", "迟到", "早退", "请假", "缺课"]


@pytest.fixture(autouse=True)
def _in_chinese():
    forget_labels()
    with translation.override("zh-hans"):
        yield


def address(status: str) -> str:
    row = MarkLabel.objects.get(status=status)
    return reverse("tables:row_edit", args=["mark-labels", row.pk])


def change(client, status: str, label: str):
    form = client.get(address(status)).context["form"]
    return client.post(address(status), {"label": label, "based_on": form.based_on})


@pytest.fixture
def office(client, district_staff):
    client.force_login(district_staff)
    return client


@pytest.fixture
def relabel(office, django_capture_on_commit_callbacks):
    def relabel(status: str, label: str) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            assert change(office, status, label).status_code == 302

    return relabel


@pytest.fixture
def lesson(bookable, seated, campus):
    """A class that was held yesterday, with somebody absent and somebody who came."""
    training_class = bookable(days=-1, seats=3, campus=campus)
    for _n in range(2):
        seated(TraineeFactory(), training_class)
    lesson = training_class.lessons.get()
    by = TraineeFactory().user
    for person, status in zip(
        training_class.enrolments.order_by("pk"), ("absent", "present"), strict=True
    ):
        Attendance.objects.create(
            enrolment=person, lesson=lesson, status=status, marked_by=by, marked_at=NOW
        )
    return lesson


def test_they_begin_as_the_field_calls_them():
    assert list(mark_labels().values()) == USUAL


def test_without_a_row_the_code_names_the_mark():
    MarkLabel.objects.filter(status="late").delete()
    assert mark_labels()["late"] == "迟到"


def test_english_translates_what_the_office_left_as_it_was_and_keeps_what_it_changed(relabel):
    relabel("absent", "未到")
    with translation.override("en"):
        assert list(mark_labels().values()) == ["Present", "Late", "Left early", "On leave", "未到"]


def test_a_new_label_stands_on_the_roll_the_closing_the_matrix_and_in_the_file(
    relabel, office, lesson
):
    relabel("absent", "没来")
    relabel("present", "出勤")
    training_class = lesson.training_class

    pages = {
        name: office.get(reverse(f"trainees:{name}", args=[key])).text
        for name, key in (
            ("attendance", lesson.pk),
            ("roll_history", lesson.pk),
            ("class_attendance", training_class.code),
            ("close_class", training_class.code),
        )
    }
    book = roster_workbook(
        training_class=training_class, people=list(people_of(training_class)), columns=["lessons"]
    )
    cells = [row[1].value for row in load_workbook(io.BytesIO(book)).active.iter_rows(min_row=3)]

    assert cells == ["没来", "出勤"]
    for name in ("attendance", "class_attendance", "close_class"):
        assert "没来" in pages[name], name
    for name, text in pages.items():  # the word is gone; 缺课记录 and 到课的人 are other words
        assert not re.search(r">\s*(到课|缺课)\s*<", text), name
    assert Attendance.objects.get(status="absent").get_status_display() == "没来"


def test_a_refusal_names_the_mark_as_the_office_does(relabel, office, lesson):
    relabel("absent", "没来")
    Attendance.objects.filter(status="present").delete()
    text = office.post(
        reverse("trainees:close_class", args=[lesson.training_class.code]), follow=True
    ).text
    assert "没来" in text


@pytest.mark.parametrize("label", ["", "  ", "一二三四五六七", "到课"])
def test_an_empty_long_or_equal_label_is_refused(office, label):
    response = change(office, "late", label)
    assert response.status_code == 200
    assert response.context["form"].errors["label"]
    assert MarkLabel.objects.get(status="late").label == "迟到"


def test_an_equal_label_is_refused_in_words(office):
    assert "另一种标记已用这个名称" in change(office, "late", "缺课").text


def test_the_database_keeps_labels_apart_and_codes_known():
    for row in ({"status": "late", "label": "别的"}, {"status": "gone", "label": "别的"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            MarkLabel.objects.create(**row)
    for label in ("到课", ""):
        with pytest.raises(IntegrityError), transaction.atomic():
            MarkLabel.objects.filter(status="late").update(label=label)


def test_no_mark_is_added_or_taken_out(office):
    table = reverse("tables:table_list", args=["mark-labels"])
    assert "到课" in office.get(table).text
    assert office.get(reverse("tables:row_add", args=["mark-labels"])).status_code == 404
    pk = MarkLabel.objects.get(status="late").pk
    assert office.post(reverse("tables:row_retire", args=["mark-labels", pk])).status_code == 404
    assert {row.status for row in MarkLabel.objects.all()} == set(AttendanceStatus.values)


def test_the_tables_lead_to_the_labels(office):
    assert reverse("tables:table_list", args=["mark-labels"]) in office.get("/manage/tables/").text


def test_who_only_runs_classes_does_not_change_them(client, branch_coordinator):
    client.force_login(branch_coordinator)
    assert client.post(address("late"), {"label": "晚到"}).status_code == 403


def test_a_page_asks_for_the_labels_once_at_most(office, lesson):
    forget_labels()
    roll = reverse("trainees:attendance", args=[lesson.pk])
    counts = []
    for _n in range(2):
        with CaptureQueriesContext(connection) as asked:
            assert office.get(roll).status_code == 200
        counts.append(sum("marklabel" in query["sql"] for query in asked.captured_queries))
    assert counts == [1, 0]
