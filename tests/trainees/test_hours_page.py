"""我的学时: the year's number, its target or 暂无目标, and every line with its source."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from trainees.models import HourTarget
from trainees.record.attendance import mark_rest
from trainees.record.closing import close_class, reopen_class

from ..factories import UserFactory

pytestmark = pytest.mark.django_db

PAGE = reverse("trainees:my_hours")


@pytest.fixture
def page(client, cadre):
    client.force_login(cadre.user)
    return client


@pytest.fixture
def attended(bookable, seated):
    """Lets a trainee sit through a class that was held `days` days ago and closes it."""

    def attend(trainee, days=5, close=True):
        training_class = bookable(days=-days)
        seated(trainee, training_class)
        for lesson in training_class.lessons.all():
            mark_rest(lesson=lesson, status="present", by=trainee.user, now=lesson.ends_at)
        if close:
            close_class(training_class=training_class, by=trainee.user, now=training_class.ends_at)
        return training_class

    return attend


def year_of(training_class) -> int:
    return timezone.localdate(training_class.starts_at).year


def test_no_target_says_so_and_never_0(page):
    text = page.get(PAGE).text

    assert "暂无目标" in text


def test_the_target_is_shown_with_its_legal_basis(page, cadre):
    HourTarget.objects.create(
        position=cadre.position,
        hours=56,
        centralised_sessions=1,
        legal_basis="示例条例第三条",
        valid_from=date(2020, 1, 1),
    )

    text = page.get(PAGE).text

    assert "56" in text and "示例条例第三条" in text and "暂无目标" not in text


def test_every_line_has_its_source(page, cadre, attended):
    training_class = attended(cadre)

    response = page.get(f"{PAGE}?year={year_of(training_class)}")

    (line,) = response.context["page"]
    assert (line.hours, line.enrolment.training_class) == (3, training_class)
    assert training_class.title in response.text
    assert response.context["progress"].done == 3


def test_a_correction_is_shown_beside_what_it_takes_back(page, cadre, attended):
    training_class = attended(cadre)
    reopen_class(
        training_class=training_class, reason="签到表看错了", by=cadre.user, now=timezone.now()
    )

    response = page.get(f"{PAGE}?year={year_of(training_class)}")

    assert sorted(line.hours for line in response.context["page"]) == [-3, 3]
    assert response.context["progress"].done == 0
    assert "签到表看错了" in response.text


def test_the_hours_of_others_are_not_shown(page, outsider, attended):
    training_class = attended(outsider)

    response = page.get(f"{PAGE}?year={year_of(training_class)}")

    assert (list(response.context["page"]), response.context["progress"].done) == ([], 0)
    assert training_class.title not in response.text


def test_somebody_without_a_profile_is_told(client):
    client.force_login(UserFactory())

    assert client.get(PAGE).status_code == 200


@pytest.mark.parametrize(
    "year",
    [
        "0",
        "1",
        "9999",
        "-1",
        "2026.5",
        "x",
        "٢٠٢٦",
        "²",
        "02026000000",
        "2026000000000",
        "9" * 5000,
        "%00",
        "",
        "20 26",
    ],
)
def test_a_year_that_does_not_exist_shows_this_one(page, year):
    response = page.get(f"{PAGE}?year={year}")

    assert response.status_code == (400 if year == "%00" else 200)
    if response.status_code == 200:
        assert response.context["progress"].year == timezone.localdate().year


@pytest.mark.parametrize("query", ["page=9999", "page=x", "page=-1"])
def test_any_page_is_answered(page, query):
    assert page.get(f"{PAGE}?{query}").status_code == 200


def test_the_number_of_queries_is_that_of_one_row(page, cadre, attended):
    def queries(year) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert page.get(f"{PAGE}?year={year}").status_code == 200
        return len(asked)

    year = year_of(attended(cadre, days=5))
    page.get(PAGE)
    one = queries(year)
    for days in (7, 9):
        attended(cadre, days=days)

    assert len(page.get(f"{PAGE}?year={year}").context["page"]) >= 1
    assert queries(year) == one <= 15
