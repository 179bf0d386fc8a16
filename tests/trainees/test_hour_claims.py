"""Hours from elsewhere: handed in once, decided once, posted once. Source: docs/rules.md R81."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from academy.models import Role
from academy.uploads.kinds import examine
from notices.models import Notice
from trainees.models import ClaimStatus, HourClaim, HourEntry, HourKind
from trainees.record.claims import (
    ClaimRefused,
    alike,
    approve,
    ask_for_hours,
    same_days,
    send_back,
)
from trainees.record.hours import balance, progress
from trainees.waiting import waiting_for

from ..conftest import grant
from ..factories import NOW, TraineeFactory

pytestmark = pytest.mark.django_db

DAY = date(2027, 2, 20)


def pdf(name="证明.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.7 x")


def ask(trainee, **fields):
    facts = {
        "title": "社区工作者能力提升班",
        "organiser": "示例学校",
        "starts_on": DAY,
        "ends_on": DAY,
        "hours": Decimal(4),
        "file": examine(pdf()),
        "by": trainee.user,
        "now": NOW,
    }
    return ask_for_hours(trainee=trainee, **facts | fields)


def test_an_approved_claim_is_posted_once_on_its_last_day(cadre, district_staff):
    claim = ask(cadre, starts_on=date(2026, 12, 31), ends_on=date(2027, 1, 2))

    claim = approve(claim=claim, by=district_staff, now=NOW)
    for act in (
        lambda: approve(claim=claim, by=district_staff, now=NOW),
        lambda: send_back(claim=claim, answer="晚了", by=district_staff, now=NOW),
    ):
        with pytest.raises(ClaimRefused):
            act()

    entry = HourEntry.objects.get()
    assert (entry.kind, entry.hours, entry.earned_on, entry.reason) == (
        HourKind.CLAIM,
        4,
        date(2027, 1, 2),
        claim.title,
    )
    assert (claim.status, claim.entry) == (ClaimStatus.APPROVED, entry)
    assert (balance(cadre, 2026), balance(cadre, 2027)) == (0, 4)
    assert progress(cadre, 2027, NOW).elsewhere == 4
    assert Notice.objects.filter(person=cadre.user, kind="hour_claim_decided").count() == 1


def test_a_claim_that_came_back_may_be_handed_in_anew(cadre, district_staff):
    with pytest.raises(ClaimRefused):
        send_back(claim=ask(cadre), answer="  ", by=district_staff, now=NOW)
    claim = send_back(claim=HourClaim.objects.get(), answer="缺证明", by=district_staff, now=NOW)

    again = ask(cadre)

    assert (claim.status, claim.answer, again.status) == ("returned", "缺证明", "asked")
    assert not HourEntry.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"title": "社区工作者 能力提升班！"},
        {"title": "2027年社区工作者能力提升班（第一期）"},
        {"starts_on": DAY - timedelta(days=2)},
    ],
)
def test_the_same_training_is_not_claimed_twice(cadre, colleague, fields):
    ask(cadre)

    with pytest.raises(ClaimRefused, match="已经申报过"):
        ask(cadre, **fields)

    ask(colleague)  # somebody else was there as well
    ask(cadre, starts_on=DAY + timedelta(days=7), ends_on=DAY + timedelta(days=7))
    assert HourClaim.objects.count() == 3


def test_a_class_of_the_academy_is_not_claimed(bookable, seated, cadre, district_staff):
    training_class = bookable(days=-3, title="物业矛盾调处班")
    seated(cadre, training_class)
    day = timezone.localdate(training_class.starts_at)
    on_the_day = {"starts_on": day, "ends_on": day}

    with pytest.raises(ClaimRefused, match="学院的班次"):
        ask(cadre, title="物业矛盾调处班", **on_the_day)

    claim = ask(cadre, title="消防安全讲座", **on_the_day)
    assert [training_class.title in line for line in same_days(claim)] == [True]
    HourClaim.objects.filter(pk=claim.pk).update(title="物业矛盾调处班")
    with pytest.raises(ClaimRefused, match="学院的班次"):  # as it is when it is decided
        approve(claim=claim, by=district_staff, now=NOW)
    assert not HourEntry.objects.exists()


@pytest.mark.parametrize("hours", ["0", "-1", "1.1", "0.3"])
def test_hours_go_in_quarters(cadre, hours):
    with pytest.raises(ClaimRefused):
        ask(cadre, hours=Decimal(hours))


def test_nobody_decides_their_own(cadre, district_staff):
    claim = ask(cadre)

    with pytest.raises(ClaimRefused):
        approve(claim=claim, by=cadre.user, now=NOW)

    assert approve(claim=claim, by=district_staff, now=NOW).entry


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("能力提升班", "能力提升班", True),
        ("能力提升班", "街道能力提升班（二）", True),
        ("班", "能力提升班", False),
        ("", "能力提升班", False),
        ("消防讲座", "物业讲座", False),
    ],
)
def test_titles_that_mean_one_training(one, other, same):
    assert alike(one, other) is same


# --- The pages ------------------------------------------------------------------------------------


@pytest.fixture
def sent():
    today = timezone.localdate()
    return {
        "kind": "claim",
        "title": "能力提升班",
        "organiser": "示例学校",
        "starts_on": str(today - timedelta(days=3)),
        "ends_on": str(today - timedelta(days=2)),
        "hours": "6",
    }


def fetched(client, address):
    response = client.get(address)
    assert response.getvalue().startswith(b"%PDF")
    return response.status_code, response["Content-Type"]


def test_from_the_phone_to_the_ledger(client, cadre, district_staff, sent):
    client.force_login(cadre.user)
    page = reverse("trainees:my_claims")
    assert client.post(page, {**sent, "file": pdf()}).status_code == 302
    claim = HourClaim.objects.get()
    assert "能力提升班" in client.get(page).text
    file = reverse("trainees:claim_file", args=[claim.key])
    assert fetched(client, file) == (200, "application/pdf")

    client.force_login(district_staff)
    assert claim.title in [item.detail for item in waiting_for(district_staff, timezone.now())]
    assert "能力提升班" in client.get(reverse("trainees:hour_claims")).text
    assert "示例学校" in client.get(claim.get_absolute_url()).text
    assert fetched(client, file) == (200, "application/pdf")
    client.post(claim.get_absolute_url(), {"action": "approve"})

    client.force_login(cadre.user)
    text = client.get(reverse("trainees:my_hours"), {"year": timezone.localdate().year}).text
    assert "能力提升班" in text and "校外培训" in text
    assert HourEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"starts_on": "昨天"}, "2027-11-15"),
        ({"ends_on": "2020-01-01"}, "早于"),
        ({"starts_on": "2020-01-01"}, "超过一年"),
        ({"ends_on": "2999-01-01"}, "结束后申报"),
        ({"hours": "1.1"}, "0.25"),
        ({"file": ""}, "文件"),
        ({"file": SimpleUploadedFile("a.exe", b"MZ xx")}, ""),
    ],
)
def test_a_wrong_form_says_what_is_wrong(client, cadre, sent, changed, said):
    client.force_login(cadre.user)

    response = client.post(reverse("trainees:my_claims"), {**sent, "file": pdf()} | changed)

    assert response.status_code == 200 and said in response.text
    assert not HourClaim.objects.exists()


def test_the_evidence_of_others_does_not_exist(client, cadre, colleague):
    claim = ask(cadre)
    client.force_login(colleague.user)

    assert client.get(reverse("trainees:claim_file", args=[claim.key])).status_code == 404
    assert client.get(claim.get_absolute_url()).status_code == 403


def test_what_waits_is_a_figure_in_the_navigation_of_the_office_alone(
    client, cadre, district_staff, village_coordinator
):
    ask(cadre)
    page = reverse("trainees:hour_claims")

    def entry(user):
        client.force_login(user)
        sections = client.get("/manage/").context["shell"].staff_nav
        return [
            link["count"]
            for section in sections
            for link in section["links"]
            if link["url"] == page
        ]

    assert (entry(district_staff), entry(village_coordinator)) == ([1], [])


def test_the_own_claim_waits_for_somebody_else(cadre):
    by = grant(Role.DISTRICT_STAFF)
    ask(TraineeFactory(user=by, village=cadre.village))

    assert [item for item in waiting_for(by, NOW) if item.place == "trainees:hour_claims"] == []
