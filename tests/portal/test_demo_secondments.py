"""The sample secondments run on whatever day the demonstration is loaded."""

from datetime import date, timedelta

import pytest

from portal.demonstration.secondments import BEGINS, shift_for


def test_the_list_stays_as_it_is_while_its_second_batch_runs():
    assert shift_for(date(2026, 11, 28)) == timedelta()


@pytest.mark.parametrize("year", range(2026, 2031))
def test_the_second_batch_is_under_way_on_any_day(year):
    for number in range(0, 365, 3):
        today = date(year, 1, 1) + timedelta(days=number)
        days = (today - BEGINS - shift_for(today)).days
        assert 30 <= days <= 150, today
