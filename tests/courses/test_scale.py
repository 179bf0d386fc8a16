"""With 1,000 courses and 1,000 classes the lists ask as many queries as with 10, and the search
asks one.

Source: docs/rules.md R44.
"""

import time
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from academy.search import index
from courses.models import Course, CourseStatus, CourseVersion, Lesson, SeatPool, TrainingClass

from ..factories import (
    CampusFactory,
    PositionFactory,
    TeachingFormatFactory,
    TrackFactory,
    VenueFactory,
)

FEW, MANY = 10, 1_000
MOST_QUERIES_OF_A_LIST = 16
SECONDS_OF_A_SEARCH = 0.5  # about 0.01 on a quiet machine; this only catches what grows by a power


@pytest.fixture
def grow(db):
    """Adds courses and as many coming classes, one lesson each, up to a number."""
    track, form, position, campus = (
        TrackFactory(prefix="SW"),
        TeachingFormatFactory(code="F01"),
        PositionFactory(name="书记"),
        CampusFactory(code="B77"),
    )
    venue, later = VenueFactory(campus=campus), timezone.now() + timedelta(days=20)
    topics = (
        "电梯加装",
        "业委会换届",
        "垃圾分类",
        "楼道清零",
        "反诈劝阻",
        "停车难题",
        "文明养宠",
        "社区花园",
    )

    def up_to(number: int) -> None:
        numbers = range(Course.objects.count(), number)
        courses = Course.objects.bulk_create(
            Course(
                code=f"SW-{n:04}",
                title=f"{topics[n % 8]}实训第{n}讲",
                track=track,
                hours=Decimal(3),
                status=CourseStatus.PUBLISHED,
            )
            for n in numbers
        )
        for through, column, value in (
            (Course.formats, "teachingformat", form),
            (Course.audiences, "position", position),
        ):
            through.through.objects.bulk_create(
                through.through(course=course, **{column: value}) for course in courses
            )
        versions = CourseVersion.objects.bulk_create(
            CourseVersion(course=course, number=1, title=course.title, hours=3)
            for course in courses
        )
        classes = TrainingClass.objects.bulk_create(
            TrainingClass(
                code=f"PX-{n:04}",
                title=f"{topics[n % 8]}班（第{n}期）",
                campus=campus,
                season="2027Q1",
                capacity=9,
                status="open",
                lesson_count=1,
                booking_opens_at=later - timedelta(days=30),
                booking_closes_at=later - timedelta(days=1),
                starts_at=later,
                ends_at=later + timedelta(hours=2),
            )
            for n in numbers
        )
        SeatPool.objects.bulk_create(SeatPool(training_class=item, seats=9) for item in classes)
        Lesson.objects.bulk_create(
            Lesson(
                training_class=item,
                number=1,
                course_version=version,
                venue=venue,
                starts_at=later,
                ends_at=later + timedelta(hours=2),
                hours=3,
            )
            for item, version in zip(classes, versions, strict=True)
        )
        index.rebuild()

    return up_to


ADDRESSES = [
    "/courses/?per_page=100",
    "/courses/?track=SW&format=F01&audience=书记",
    "/courses/?q=jzdt",
    "/classes/",
    "/classes/?campus=B77&season=2027Q1&track=SW",
    "/classes/?q=jzdt",
    "/search/?q=电梯",
    "/search/?q=电踢加装",
    "/search/suggest/?q=dianti",
]


def test_pages_ask_the_same_queries_for_ten_and_for_a_thousand(client, grow):
    def queries(address: str) -> int:
        cache.clear()
        client.get(address)  # reads the search index into memory
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    grow(FEW)
    few = {address: queries(address) for address in ADDRESSES}
    grow(MANY)

    assert {address: queries(address) for address in ADDRESSES} == few
    assert max(few.values()) <= MOST_QUERIES_OF_A_LIST


def test_a_thousand_classes_are_searched_in_no_time(grow, django_assert_num_queries):
    grow(MANY)
    index.search("x")

    for query in (
        "jzdt",
        "dianti",
        "电梯加装",
        "加装电梯",
        "垃圾fl",
        "电踢加装",
        "dianitjiazhuang",
        "没有这个词的",
    ):
        began = time.process_time()
        with django_assert_num_queries(1):
            index.ask(query)
        assert time.process_time() - began < SECONDS_OF_A_SEARCH, query
