"""Versions and their differences: frozen, compared field by field, kept by the lessons that were
planned with them.
"""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.catalogue import publishing
from courses.catalogue.drafts import LINK_LISTS, LINKS, PLAIN_FIELDS, save_draft
from courses.catalogue.versions import (
    GONE,
    MOST_WORDS,
    NEW,
    SAME,
    Piece,
    content_of,
    differences,
    readable,
    text_pieces,
)
from courses.models import ClassStatus, Course, CourseStatus

from ..factories import NOW, CourseFactory, LessonFactory, ServiceItemFactory, class_with


@pytest.fixture
def course(db):
    """A course with two versions; the second says more and teaches another item."""
    course = CourseFactory(
        code="QZ-001", title="楼道清零", summary="一起动手。", status=CourseStatus.DRAFT
    )
    old, new = (
        ServiceItemFactory(code="FX-01", name="加装电梯"),
        ServiceItemFactory(code="FX-02", name="楼道堆物"),
    )
    course.service_items.add(old)
    publishing.approve(course=course, by=None, now=NOW, note="第一版")
    course.refresh_from_db()
    fields = {name: getattr(course, name) for name in (*PLAIN_FIELDS, *LINKS)}
    links = {name: list(getattr(course, name).all()) for name in LINK_LISTS}
    save_draft(
        course=course,
        values=fields | links | {"summary": "大家一起动手清。", "service_items": [new]},
        by=None,
        now=NOW,
        note="换了事项",
    )
    publishing.approve(course=course, by=None, now=NOW)
    return Course.objects.get(pk=course.pk)


def test_a_text_is_compared_word_by_word():
    assert text_pieces("一起动手。", "大家一起动手清。") == [
        Piece(NEW, "大家"),
        Piece(SAME, "一起动手"),
        Piece(NEW, "清"),
        Piece(SAME, "。"),
    ]
    assert text_pieces("上 12 课时", "上 16 课时") == [
        Piece(SAME, "上 "),
        Piece(GONE, "12"),
        Piece(NEW, "16"),
        Piece(SAME, " 课时"),
    ]
    assert text_pieces("", "新") == [Piece(NEW, "新")]
    assert text_pieces("同", "同") == [Piece(SAME, "同")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("甲乙丙丁", "甲丙乙丁"),
        ("", ""),
        ("线\n线二", "线二\n线三"),
        ("a b c", "a  c"),
        ("字" * 50, "词" * 50),
    ],
)
def test_the_pieces_hold_both_texts_whole(old, new):
    pieces = text_pieces(old, new)

    assert "".join(piece.text for piece in pieces if piece.kind != NEW) == old
    assert "".join(piece.text for piece in pieces if piece.kind != GONE) == new


def test_very_long_texts_are_compared_line_by_line():
    old = "\n".join(f"第{number}行" for number in range(MOST_WORDS))

    assert text_pieces(old, old + "\n末行")[-2:] == [
        Piece(GONE, f"第{MOST_WORDS - 1}行"),
        Piece(NEW, f"第{MOST_WORDS - 1}行\n末行"),
    ]


def test_a_list_says_what_stays_what_is_new_and_what_is_gone():
    difference = differences({"audiences": ["书记", "主任"]}, {"audiences": ["主任", "社工"]})[0]

    assert (difference.name, difference.is_list) == ("audiences", True)
    assert difference.pieces == [Piece(SAME, "主任"), Piece(NEW, "社工"), Piece(GONE, "书记")]


def test_contents_of_older_portals_are_compared_as_far_as_they_go():
    assert [
        change.name
        for change in differences({"title": "甲"}, {"title": "甲", "motto": "新", "hours": "3.00"})
    ] == ["hours", "motto"]
    assert differences({"hours": "3.0"}, {"hours": "3.00"}) == []


def test_a_field_that_did_not_change_is_not_named(course):
    newest, first = course.versions.all()

    assert [
        (change.name, change.label) for change in differences(first.content, newest.content)
    ] == [("summary", "简介"), ("service_items", "服务事项")]
    assert [piece.text for piece in differences(first.content, newest.content)[1].pieces] == [
        "FX-02 楼道堆物",
        "FX-01 加装电梯",
    ]


def test_a_published_version_never_changes(course):
    first = course.versions.last().content
    publishing.publish(course=course, by=None, now=NOW)

    assert course.versions.last().content == first
    assert course.versions.first().content == content_of(course)
    assert {name for name, _label, _words in readable(first)} >= {
        "summary",
        "hours",
        "track",
        "service_items",
    }


# --- Pages ----------------------------------------------------------------------------------------


def test_colleagues_see_the_versions_and_the_difference(client, town_staff, course):
    client.force_login(town_staff)

    text = client.get("/courses/QZ-001/versions/").text

    assert "第一版" in text and "换了事项" in text
    assert "大家</ins>" in text and "FX-01 加装电梯</del>" in text


@pytest.mark.parametrize("query", ["old=1&new=2", "old=2&new=1", "new=1", "old=2", "old=1&new=1"])
def test_any_two_versions_are_compared_in_their_order(client, town_staff, course, query):
    client.force_login(town_staff)

    context = client.get(f"/courses/QZ-001/versions/?{query}").context

    assert context["old"].number <= context["new"].number


@pytest.mark.parametrize("query", ["old=9", "new=x", "old=1&new=" + "9" * 5000, "old=-1", "new=²"])
def test_a_version_that_does_not_exist_is_said(client, town_staff, course, query):
    client.force_login(town_staff)

    response = client.get(f"/courses/QZ-001/versions/?{query}")

    assert response.status_code == 200
    assert "没有这一版" in response.text


def test_everybody_may_read_what_was_taught(client, course):
    text = client.get("/courses/QZ-001/versions/1/").text

    assert "一起动手。" in text and "大家一起" not in text
    assert "第一版" not in text  # change notes are for colleagues
    assert client.get("/courses/QZ-001/versions/3/").status_code == 404


def test_a_closed_class_leads_to_what_was_taught_and_an_open_one_to_the_course(client, course):
    newest, first = course.versions.all()
    closed, coming = class_with(seats=3, status=ClassStatus.CLOSED), class_with(seats=3)
    for training_class, version in ((closed, first), (coming, newest)):
        LessonFactory(training_class=training_class, course_version=version, number=9)

    assert "/courses/QZ-001/versions/1/" in client.get(f"/classes/{closed.code}/").text
    assert "/courses/QZ-001/versions/" not in client.get(f"/classes/{coming.code}/").text


def test_the_page_of_versions_costs_the_same_for_two_and_for_many(client, town_staff, course):
    client.force_login(town_staff)

    def queries() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/courses/QZ-001/versions/").status_code == 200
        return len(captured)

    few = queries()
    for number in range(5):
        Course.objects.update(summary=f"改{number}")
        publishing.publish(course=Course.objects.get(pk=course.pk), by=town_staff, now=NOW)

    assert queries() == few
