"""学时单: what a year's statement lists adds up to what the year counts. docs/rules.md R5."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from trainees.models import HourKind
from trainees.record.closing import reopen_class
from trainees.record.hour_statements import statement_of, year_asked, years_of
from trainees.record.hours import balance, post

from ..factories import NOW, UserFactory
from .certified import closed_class

pytestmark = pytest.mark.django_db


def outside(trainee, day: date, hours="2"):
    return post(
        trainee=trainee,
        kind=HourKind.CLAIM,
        hours=Decimal(hours),
        earned_on=day,
        rule="claim",
        by=UserFactory(),
        now=NOW,
        reason="社区矛盾调解网络课",
    )


def test_every_line_of_the_year_stands_there_and_the_sum_is_the_balance(cadre):
    training_class = closed_class([cadre], UserFactory())
    year = timezone.localdate(training_class.starts_at).year
    outside(cadre, date(year, 1, 2))
    outside(cadre, date(year - 1, 12, 31))

    statement = statement_of(cadre, year, NOW)

    assert [line.kind for line in statement.lines] == ["claim", "lesson", "lesson"]
    assert sum(line.hours for line in statement.lines) == statement.progress.done
    assert statement.progress.done == balance(cadre, year) > 2
    assert years_of(cadre, 2020) == [year, year - 1, 2020]


def test_what_was_taken_back_stands_nowhere(cadre):
    by = UserFactory()
    training_class = closed_class([cadre], by)
    reopen_class(training_class=training_class, reason="签到表看错了", by=by, now=NOW)

    statement = statement_of(cadre, timezone.localdate(training_class.starts_at).year, NOW)

    assert (statement.lines, statement.progress.done) == ([], 0)


def test_the_hours_of_others_stand_nowhere(cadre, colleague):
    outside(colleague, date(2026, 3, 1))

    assert statement_of(cadre, 2026, NOW).lines == []


@pytest.mark.parametrize(
    ("asked", "year"),
    [("", 2027), ("2026", 2026), ("2028", 2028), ("2029", None), ("2019", None), ("٢٠٢٦", None)],
)
def test_a_year_that_does_not_exist_is_none(asked, year):
    assert year_asked(asked, 2027) == year
