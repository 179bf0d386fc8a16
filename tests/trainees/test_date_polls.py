"""Which date suits, asked before a class is scheduled; voters are interested, and so book first:
docs/rules.md R89.
"""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from courses.models import ClassStatus, TrainingClass
from notices.models import Notice
from trainees.classes.changes import cancel_class
from trainees.eligibility.date_polls import (
    Span,
    choose_date,
    dates_that_suit,
    end_poll,
    latest_poll,
    open_poll,
    polls_to_answer,
    vote,
    voters_of,
)
from trainees.eligibility.interest import (
    open_to_the_interested,
    show_interest,
    take_back_interest,
)
from trainees.errors import PollRefused
from trainees.models import DatePoll, Interest, PollDate, PollVote
from trainees.people.light_accounts import join, leave

from ..factories import (
    NOW,
    LearnerGroupFactory,
    PositionFactory,
    TrainingClassFactory,
    ask,
    class_with,
)

pytestmark = pytest.mark.django_db

CLOSES = NOW + timedelta(days=5)


def span(days: int, hour: int = 9) -> Span:
    starts_at = timezone.localtime(NOW + timedelta(days=days)).replace(hour=hour, minute=0)
    return Span(starts_at, starts_at + timedelta(hours=2))


@pytest.fixture
def announced():
    """A draft that everybody sees, with its lessons set, so that it could open."""
    return class_with(seats=5, status=ClassStatus.DRAFT, gauges_interest=True, title="待定的班")


def asked(training_class, by, *, dates=None, closes_at=CLOSES, now=NOW):
    return open_poll(
        training_class=training_class,
        dates=dates or [span(30), span(20), span(25, hour=13)],
        closes_at=closes_at,
        by=by,
        now=now,
    )


@pytest.fixture
def poll(announced, district_staff):
    return asked(announced, district_staff)


def first_of(poll) -> PollDate:
    return poll.dates.order_by("starts_at").first()


def tap(trainee, date, suits=True, now=NOW):
    vote(trainee=trainee, date=date, suits=suits, now=now)


# --- Asking ---------------------------------------------------------------------------------------


def test_dates_stand_in_the_order_of_time_however_many_tap_them(poll, cadre, colleague, announced):
    last = list(poll.dates.order_by("starts_at"))[-1]
    for trainee in (cadre, colleague):
        tap(trainee, last)

    dates = latest_poll(announced).dates.all()

    assert [(date.starts_at, date.votes_count) for date in dates] == [
        (span(20).starts_at, 0),
        (span(25, hour=13).starts_at, 0),
        (span(30).starts_at, 2),
    ]
    assert voters_of(poll) == 2


def test_whoever_is_interested_is_invited_once(announced, district_staff, cadre, outsider):
    show_interest(trainee=cadre, training_class=announced, now=NOW)

    asked(announced, district_staff)
    show_interest(trainee=outsider, training_class=announced, now=NOW)

    notice = Notice.objects.get(kind="date_poll")
    assert (notice.person, notice.title, notice.link) == (
        cadre.user,
        "哪天您能来：待定的班",
        f"/classes/{announced.code}/dates/",
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"dates": [span(20)]}, "请填 2 至 8 个日期"),
        ({"dates": [span(20 + n) for n in range(9)]}, "请填 2 至 8 个日期"),
        ({"dates": [span(20), span(20)]}, "有两个日期相同"),
        ({"closes_at": NOW}, "这个截止时间已经过了"),
        ({"closes_at": span(20).starts_at}, "截止时间要早于最早的备选日期"),
        (
            {"dates": [span(20), Span(span(21).ends_at, span(21).starts_at)]},
            "结束时间要晚于开始时间",
        ),
    ],
)
def test_dates_that_cannot_be_asked_about(announced, district_staff, changes, sentence):
    with pytest.raises(PollRefused, match=sentence):
        asked(announced, district_staff, **changes)

    assert not DatePoll.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [{"status": ClassStatus.OPEN}, {"status": ClassStatus.DRAFT}],
    ids=["open", "not announced"],
)
def test_only_a_class_without_a_date_asks(district_staff, fields):
    with pytest.raises(PollRefused, match="只有还是草稿"):
        asked(class_with(seats=5, **fields), district_staff)


def test_one_poll_of_a_class_is_current(poll, announced, district_staff):
    with pytest.raises(PollRefused, match="已经在征求日期"):
        asked(announced, district_staff)
    with pytest.raises(IntegrityError), transaction.atomic():
        DatePoll.objects.create(
            training_class=announced, opened_at=NOW, closes_at=CLOSES, by=district_staff
        )

    end_poll(poll=poll, now=NOW)

    assert asked(announced, district_staff) == latest_poll(announced)


# --- Tapping --------------------------------------------------------------------------------------


def test_the_first_tap_makes_interested_and_the_same_again_changes_nothing(poll, cadre, announced):
    first, second, _third = poll.dates.order_by("starts_at")

    for date in (first, first, second):
        tap(cadre, date)
    tap(cadre, second, suits=False)
    tap(cadre, second, suits=False)

    assert Interest.objects.get().trainee == cadre
    assert dates_that_suit(cadre, poll) == {first.pk}


def test_taking_the_interest_back_takes_the_taps_along(poll, cadre, colleague, announced):
    for trainee in (cadre, colleague):
        tap(trainee, first_of(poll))

    take_back_interest(trainee=cadre, training_class=announced)

    assert PollVote.objects.get().trainee == colleague
    assert Interest.objects.get().trainee == colleague


def test_voters_book_first_and_are_told_the_date(poll, cadre, announced, district_staff):
    tap(cadre, first_of(poll))

    opened = open_to_the_interested(training_class=announced, by=district_staff, now=NOW)

    assert opened.first_refusal_until > NOW
    assert Notice.objects.get(kind="class_dated").person == cadre.user
    assert latest_poll(announced).ended_at == NOW


@pytest.mark.parametrize(
    ("ends", "sentence"),
    [
        (lambda poll, by: end_poll(poll=poll, now=NOW), "选日期已经结束"),
        (
            lambda poll, by: DatePoll.objects.update(closes_at=NOW, opened_at=NOW - CLOSES_AFTER),
            "选日期已经结束",
        ),
        (
            lambda poll, by: open_to_the_interested(
                training_class=poll.training_class, by=by, now=NOW
            ),
            "日期已经定了",
        ),
        (
            lambda poll, by: TrainingClass.objects.update(gauges_interest=False),
            "日期已经定了",
        ),
        (
            lambda poll, by: cancel_class(
                training_class=poll.training_class, reason="老师调走了", by=by, now=NOW
            ),
            "日期已经定了",
        ),
    ],
    ids=["ended", "closed", "opened", "not announced any more", "cancelled"],
)
def test_no_tap_counts_after_the_end(poll, cadre, district_staff, ends, sentence):
    ends(poll, district_staff)

    with pytest.raises(PollRefused, match=sentence):
        tap(cadre, first_of(poll))

    assert not PollVote.objects.exists() and not Interest.objects.exists()


CLOSES_AFTER = timedelta(days=1)


def test_whom_the_class_is_not_for_is_told_why(poll, cadre, announced):
    position = PositionFactory(name="网格员")
    ask(announced, audiences=[position])

    with pytest.raises(PollRefused, match="网格员"):
        tap(cadre, first_of(poll))

    assert not Interest.objects.exists()


def test_a_closed_light_account_leaves_no_taps(announced, district_staff, village):
    group = LearnerGroupFactory()
    ask(announced, open_to_groups=[group])
    resident = join(phone="19900000001", name="示例居民", village=village, group=group, now=NOW)
    poll = asked(announced, district_staff)
    tap(resident, first_of(poll))

    leave(trainee=resident, now=NOW)

    assert not PollVote.objects.exists()


# --- Choosing -------------------------------------------------------------------------------------


def test_the_chosen_date_ends_the_poll_and_another_can_be_taken(poll, announced):
    first, second, _third = poll.dates.order_by("starts_at")

    choose_date(date=first, now=NOW)
    choose_date(date=second, now=NOW + CLOSES_AFTER)

    assert list(poll.dates.filter(is_chosen=True)) == [second]
    assert latest_poll(announced).ended_at == NOW


def test_my_polls_are_the_open_ones_of_my_interests(poll, cadre, colleague, district_staff):
    tap(cadre, first_of(poll))
    other = TrainingClassFactory(status=ClassStatus.DRAFT, gauges_interest=True)
    asked(other, district_staff)

    mine = polls_to_answer(cadre, NOW)

    assert [(item, item.votes_count) for item in mine] == [(poll, 1)]
    assert polls_to_answer(colleague, NOW) == polls_to_answer(cadre, CLOSES) == []
    end_poll(poll=poll, now=NOW)
    assert polls_to_answer(cadre, NOW) == []


# --- Pages ----------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(NOW, tick=False)


def test_from_the_class_to_the_dates_and_back(client, poll, cadre, announced):
    client.force_login(cadre.user)
    page = reverse("trainees:date_poll", args=[announced.code])
    assert page in client.get(announced.get_absolute_url()).text
    date = first_of(poll)

    before = client.get(page).text
    response = client.post(page, {"date": date.pk, "suits": "1"})
    after = client.get(page).text

    assert response.url == f"{page}#date-{date.pk}"
    assert before.count('aria-pressed="false"') == 3 and "登记为有兴趣" in before
    assert after.count('aria-pressed="true"') == 1 and "已为您登记有兴趣" in after
    assert page in client.get("/me/").text

    client.post(page, {"date": date.pk, "suits": "0"})
    assert not PollVote.objects.exists()


@pytest.mark.parametrize("date", ["", "x", "999999999999999999999", "１"])
def test_a_date_that_is_not_asked_about_is_answered(client, poll, cadre, announced, date):
    client.force_login(cadre.user)

    response = client.post(
        reverse("trainees:date_poll", args=[announced.code]), {"date": date}, follow=True
    )

    assert "这个日期已不在备选之列" in response.text and not PollVote.objects.exists()


def test_a_class_without_a_poll_leads_to_its_page(client, cadre, announced):
    client.force_login(cadre.user)

    response = client.get(reverse("trainees:date_poll", args=[announced.code]))

    assert response.url == announced.get_absolute_url()


def test_what_is_over_and_what_is_not_for_me_has_no_buttons(client, poll, cadre, announced):
    client.force_login(cadre.user)
    page = reverse("trainees:date_poll", args=[announced.code])
    ask(announced, audiences=[PositionFactory(name="网格员")])
    not_for_me = client.get(page).text
    choose_date(date=first_of(poll), now=NOW)
    chosen = client.get(page).text

    assert "网格员" in not_for_me and "aria-pressed" not in not_for_me
    assert "排课，可以报名时会通知您" in chosen and "aria-pressed" not in chosen


def sent(dates, closes_at=CLOSES):
    rows = {
        "dates-TOTAL_FORMS": "8",
        "dates-INITIAL_FORMS": "0",
        "closes_at": timezone.localtime(closes_at).strftime("%Y-%m-%dT%H:%M"),
        "step": "open",
    }
    for number, (day, starts, ends) in enumerate(dates):
        rows |= {
            f"dates-{number}-day": day,
            f"dates-{number}-starts": starts,
            f"dates-{number}-ends": ends,
        }
    return rows


def test_the_office_asks_sees_numbers_and_takes_a_date_to_the_schedule(
    client, announced, district_staff, cadre
):
    client.force_login(district_staff)
    page = reverse("trainees:class_dates", args=[announced.code])
    assert page in client.get(reverse("trainees:class_overview", args=[announced.code])).text

    client.post(page, sent([("2027-03-25", "13:30", "16:00"), ("2027-03-22", "09:00", "11:30")]))
    _first, second = DatePoll.objects.get().dates.order_by("starts_at")
    tap(cadre, second)
    shown = client.get(page).text
    response = client.post(page, {"step": "choose", "date": second.pk})

    assert "1 人选过" in shown and cadre.user.name not in shown
    assert shown.index("0 人能来") < shown.index("1 人能来"), "in the order of time"
    address = urlsplit(response.url)
    assert address.path == reverse("trainees:class_edit", args=[announced.code])
    assert parse_qs(address.query) == {
        "day": ["2027-03-25"],
        "starts": ["13:30"],
        "ends": ["16:00"],
    }
    edit = client.get(response.url).text
    assert 'value="2027-03-25"' in edit and 'value="13:30"' in edit
    assert "已选定" in client.get(page).text


def test_what_is_wrong_with_the_dates_stands_on_the_page(client, announced, district_staff):
    client.force_login(district_staff)
    page = reverse("trainees:class_dates", args=[announced.code])

    for rows, sentence in (
        (sent([("2027-03-25", "16:00", "13:30")]), "结束时间要晚于开始时间"),
        (sent([("2027-03-25", "13:30", "16:00")]), "请填 2 至 8 个日期"),
        (sent([("2027-03-25", "", "16:00")]), "请填写"),
        ({"step": "open"}, "请填写"),
    ):
        response = client.post(page, rows)
        assert response.status_code == 200 and sentence in response.text

    assert not DatePoll.objects.exists()


def test_the_office_ends_a_poll_and_strange_steps_change_nothing(
    client, poll, announced, district_staff
):
    client.force_login(district_staff)
    page = reverse("trainees:class_dates", args=[announced.code])

    for strange in ({"step": "x"}, {"step": "choose", "date": "x"}):
        assert "没有改动" in client.post(page, strange, follow=True).text
    assert DatePoll.objects.get().ended_at is None

    client.post(page, {"step": "end"})
    assert DatePoll.objects.get().ended_at == NOW
