"""Certificates: who gets one, when one counts no more, what the check says. docs/rules.md R84."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from academy.accounts import lockout
from notices.models import Notice
from trainees.certificates import checking
from trainees.certificates.checking import as_check_code, find
from trainees.certificates.issuing import (
    CertificateRefused,
    issue_anew,
    issue_for_class,
    issue_for_year,
    revoke,
    to_issue_for_class,
)
from trainees.models import CODE_DIGITS, Certificate
from trainees.record.attendance import mark
from trainees.record.closing import close_class, reopen_class

from ..factories import NOW, CampusFactory, UserFactory, class_with
from .certified import certificate_of, closed_class

pytestmark = pytest.mark.django_db
HERE = "203.0.113.9"


@pytest.fixture
def coordinator(db):
    return UserFactory()


@pytest.fixture
def closed(cadre, colleague, outsider, coordinator):
    """A class of two days, completed by cadre and colleague; the outsider was away."""
    return closed_class(
        [cadre, colleague, outsider],
        coordinator,
        away=[outsider],
        title="协商议事训练班",
        campus=CampusFactory(name="城运分院"),
    )


@pytest.fixture
def issued(closed, coordinator):
    return issue(closed, coordinator)


def issue(training_class, by, days=1):
    return issue_for_class(
        training_class=training_class, by=by, now=training_class.ends_at + timedelta(days=days)
    )


def states():
    return [
        (row.trainee_id, row.state.value)
        for row in Certificate.objects.with_hours_now().order_by("pk")
    ]


def reopened(training_class, by):
    reopen_class(
        training_class=training_class, reason="有人漏点", by=by, now=training_class.ends_at
    )
    training_class.refresh_from_db()
    return training_class


def closed_again(training_class, by, *, minutes=None, person=None):
    if person:
        mark(
            lesson=training_class.lessons.order_by("starts_at").first(),
            enrolments=[person.enrolments.get(training_class=training_class)],
            status="late",
            minutes=minutes,
            by=by,
            now=training_class.ends_at,
        )
    close_class(training_class=training_class, by=by, now=training_class.ends_at)
    training_class.refresh_from_db()
    return training_class


# --- Issuing --------------------------------------------------------------------------------------


def test_all_who_completed_the_class_get_one_in_one_step(
    closed, issued, cadre, colleague, coordinator
):
    assert {(row.trainee, row.hours, row.kind) for row in issued} == {
        (cadre, Decimal(6), "class"),
        (colleague, Decimal(6), "class"),
    }
    row = Certificate.objects.get(trainee=cadre)
    assert (row.title, row.issuer) == ("协商议事训练班", "宝山区社区治理学院（城运分院）")
    assert row.ends_on - row.starts_on == timedelta(days=1)
    assert row.number == f"JY-2027-{row.pk:06d}"
    assert len(row.check_code) == 16 and set(row.check_code) <= set(CODE_DIGITS)
    told = Notice.objects.filter(kind="certificate_issued")
    assert {(notice.person, row_of(notice) in notice.title) for notice in told} == {
        (cadre.user, True),
        (colleague.user, True),
    }


def row_of(notice):
    return Certificate.objects.get(trainee__user=notice.person).number


def test_a_second_time_issues_nothing(closed, issued, coordinator):
    assert issue(closed, coordinator) == []
    assert Certificate.objects.count() == 2


def test_a_class_that_is_not_closed_has_none(cadre, coordinator):
    running = class_with(seats=1)

    with pytest.raises(CertificateRefused, match="尚未结班"):
        issue(running, coordinator)


def test_the_database_holds_one_standing_certificate_a_class_and_a_year(closed, issued, cadre):
    for training_class in (closed, None):
        if training_class is None:
            certificate_of(cadre)
        with pytest.raises(IntegrityError), transaction.atomic():
            certificate_of(cadre, training_class)


@pytest.mark.parametrize(
    "wrong",
    [
        {"check_code": "OOOOOOOOOOOOOOOO"},
        {"hours": 0},
        {"kind": "year"},
        {"revoked_at": NOW},
        {"ends_on": date(2020, 1, 1)},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_the_database_refuses_what_is_no_certificate(issued, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.filter(pk=issued[0].pk).update(**wrong)


# --- Changed hours --------------------------------------------------------------------------------


def test_while_the_class_is_reopened_its_certificates_do_not_count(closed, issued, coordinator):
    reopened(closed, coordinator)

    assert [state for _person, state in states()] == ["outdated", "outdated"]
    with pytest.raises(CertificateRefused):
        issue(closed, coordinator)


def test_closed_again_with_the_same_hours_they_count_again(closed, issued, coordinator):
    closed_again(reopened(closed, coordinator), coordinator)

    assert [state for _person, state in states()] == ["valid", "valid"]
    assert to_issue_for_class(closed) == []


def test_other_hours_are_a_new_certificate_that_replaces_the_old_one(
    closed, issued, cadre, colleague, coordinator
):
    closed_again(reopened(closed, coordinator), coordinator, person=cadre, minutes=60)
    assert dict(states()) == {cadre.pk: "outdated", colleague.pk: "valid"}

    (new,) = issue(closed, coordinator, days=2)

    assert (new.trainee, new.hours < 6) == (cadre, True)
    old = Certificate.objects.get(pk=new.replaces_id)
    assert (
        find(code=old.check_code, address=HERE).state,
        find(code=new.check_code, address=HERE).state,
    ) == (
        "replaced",
        "valid",
    )


# --- Revoking -------------------------------------------------------------------------------------


def test_a_revoked_one_says_so_and_stays_revoked(closed, issued, cadre, coordinator):
    row = Certificate.objects.get(trainee=cadre)
    with pytest.raises(CertificateRefused, match="原因"):
        revoke(certificate=row, reason="  ", by=coordinator, now=NOW)

    revoke(certificate=row, reason="重名，发错人", by=coordinator, now=NOW)

    assert find(code=row.check_code, address=HERE).state == "revoked"
    assert issue(closed, coordinator) == []  # the one step does not undo it
    with pytest.raises(CertificateRefused, match="已经撤销"):
        revoke(certificate=row, reason="再来一次", by=coordinator, now=NOW)
    (notice,) = Notice.objects.filter(kind="certificate_revoked")
    assert notice.person == cadre.user and "重名，发错人" in notice.body


def test_a_revoked_one_is_issued_anew_once(closed, issued, cadre, coordinator):
    row = Certificate.objects.get(trainee=cadre)
    with pytest.raises(CertificateRefused, match="只有已撤销"):
        issue_anew(certificate=row, by=coordinator, now=NOW)
    revoke(certificate=row, reason="发错", by=coordinator, now=NOW)
    row.refresh_from_db()

    new = issue_anew(certificate=row, by=coordinator, now=closed.ends_at)

    assert (new.trainee, new.hours, new.check_code != row.check_code) == (cadre, Decimal(6), True)
    with pytest.raises(CertificateRefused, match="新证书"):
        issue_anew(certificate=row, by=coordinator, now=closed.ends_at)


# --- A year ---------------------------------------------------------------------------------------


def of_year(cadre, year, now, by):
    return issue_for_year(year=year, town=cadre.village.town, by=by, now=now)


def test_a_year_counts_its_hours_in_shanghai(closed, cadre, coordinator):
    over = closed.ends_at.replace(year=2028, month=1, day=5)

    issued = of_year(cadre, 2027, over, coordinator)

    row = next(row for row in issued if row.trainee == cadre)
    assert (row.starts_on, row.ends_on, row.hours) == (
        date(2027, 1, 1),
        date(2027, 12, 31),
        Decimal(6),
    )
    assert row.number.startswith("XS-2028-")
    assert of_year(cadre, 2027, over, coordinator) == []
    assert of_year(cadre, 2028, over, coordinator) == []


def test_a_running_year_counts_to_today_and_is_replaced_later(cadre, coordinator):
    first = closed_class([cadre], coordinator)
    early = of_year(cadre, 2027, first.ends_at, coordinator)[0]
    second = closed_class([cadre], coordinator, starts_at=first.starts_at + timedelta(days=40))
    assert dict(states())[cadre.pk] == "valid"  # what it says to its day still holds

    (late,) = of_year(cadre, 2027, second.ends_at, coordinator)

    assert (early.hours, late.hours, late.replaces_id) == (Decimal(6), Decimal(12), early.pk)


@pytest.mark.parametrize("year", [2019, 2028])
def test_no_certificate_for_a_year_to_come(cadre, coordinator, year):
    with pytest.raises(CertificateRefused, match="2020 年至 2027 年"):
        of_year(cadre, year, NOW, coordinator)


# --- Checking -------------------------------------------------------------------------------------


def test_a_code_is_read_as_people_type_it(issued):
    row = issued[0]

    typed = f" {row.code_in_groups.lower().replace('0', 'o').replace('1', 'l')} "

    assert as_check_code(typed) == row.check_code
    found = find(code=typed, number=f"  {row.number.lower().replace('-', ' ')}", address=HERE)
    assert (found.certificate, found.is_valid) == (row, True)


@pytest.mark.parametrize(
    "code",
    ["", "7F3K", "UUUUUUUUUUUUUUUU", "\x00" * 16, "王" * 16, "0" * 17, "' OR 1=1 --", "0" * 5000],
)
def test_what_is_no_code_is_malformed(code):
    assert find(code=code, address=HERE).state == "malformed"


def test_number_and_code_must_belong_together(issued):
    first, second = issued

    assert find(code=first.check_code, number=second.number, address=HERE).state == "unknown"
    assert find(code=first.check_code, number="", address=HERE).state == "unknown"


def test_guessing_is_slowed_and_real_ones_count_nothing(issued, monkeypatch):
    monkeypatch.setattr(checking, "WRONG_CHECKS", lockout.Limit("certificate-check", 2, 900))
    for _time in range(5):
        assert find(code=issued[0].check_code, address=HERE).is_valid
    for _time in range(2):
        assert find(code="0" * 16, address=HERE).state == "unknown"

    with pytest.raises(lockout.TooManyTries):
        find(code="1" * 16, address=HERE)
    assert find(code="1" * 16, address="203.0.113.10").state == "unknown"
