"""其他平台学时: a list is recognised in one import; nothing counts twice, the ledger loses no line.

docs/rules.md R5, R81.
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from academy.imports import runs
from academy.imports.errors import NothingToUndo
from academy.models import Role, RowOutcome
from tests.plans.sheets import workbook
from trainees.models import ClaimStatus, HourClaim, HourEntry
from trainees.record.claims import ClaimRefused, approve
from trainees.record.hours import balance, take_back

from ..conftest import grant
from ..factories import NOW, TraineeFactory, UserFactory
from .certified import closed_class
from .test_hour_claims import ask

pytestmark = pytest.mark.django_db

HEADINGS = ["姓名", "手机号", "课程名称", "平台名称", "完成日期", "获得学时"]
NEW, SAME, REJECTED = RowOutcome.NEW, RowOutcome.SAME, RowOutcome.REJECTED


def row(person, title="垃圾分类网络课", day="2027-02-10", hours="2", **changes) -> list:
    cells = {
        "姓名": person.user.name,
        "手机号": person.user.phone,
        "课程名称": title,
        "平台名称": "示例学习平台",
        "完成日期": day,
        "获得学时": hours,
    }
    return list((cells | changes).values())


def previewed(*rows, by, headings=HEADINGS):
    return runs.preview(
        kind="outside-hours",
        content=workbook(list(rows), headings=headings),
        name="平台名单.xlsx",
        by=by,
        now=NOW,
    )


def imported(*rows, by):
    return runs.confirm(run=previewed(*rows, by=by), now=NOW)


def outcomes(run) -> list[str]:
    return [found.outcome for found in run.rows.order_by("pk")]


def reasons(run) -> str:
    return " ".join(reason for found in run.rows.all() for reason in found.reasons)


def test_the_rows_are_counted_and_a_second_time_they_are_the_same(cadre, colleague, district_staff):
    rows = row(cadre), row(colleague, hours="1.5"), row(cadre, "物业条例网络课", hours="3")

    run = imported(*rows, by=district_staff)

    assert outcomes(run) == [NEW, NEW, NEW]
    assert (balance(cadre, 2027), balance(colleague, 2027)) == (5, Decimal("1.5"))
    claim = HourClaim.objects.get(trainee=colleague)
    assert (claim.status, claim.decided_by, claim.original_name) == (
        ClaimStatus.APPROVED,
        district_staff,
        "平台名单.xlsx",
    )
    assert claim.entry.earned_on == date(2027, 2, 10) and claim.entry.reason == claim.title
    assert outcomes(imported(*rows, by=district_staff)) == [SAME, SAME, SAME]
    assert HourEntry.objects.count() == 3


def test_a_double_is_rejected_and_the_others_are_written(cadre, colleague, district_staff):
    starts_at = NOW - timedelta(days=20)
    closed_class(
        [cadre],
        UserFactory(),
        title="物业矛盾调处班",
        starts_at=starts_at,
        booking_opens_at=starts_at - timedelta(days=24),
        booking_closes_at=starts_at - timedelta(days=7),
    )
    day = starts_at.date().isoformat()
    ask(cadre, title="社区工作者能力提升班")

    run = imported(
        row(cadre, "物业矛盾调处班", day),  # a class of the academy
        row(cadre, "能力提升班", "2027-02-20"),  # waits as a claim
        row(colleague),
        row(colleague, "垃圾分类 网络课（补）"),  # called alike, on the same day
        row(colleague),
        by=district_staff,
    )

    assert "学院" in run.rows.order_by("pk")[0].reasons[0]
    assert outcomes(run) == [REJECTED, REJECTED, NEW, REJECTED, REJECTED]
    assert list(HourClaim.objects.filter(status="approved").values_list("trainee", flat=True)) == [
        colleague.pk
    ]
    assert colleague.user.phone not in reasons(run)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"手机号": "13800009999"}, "没有使用这个手机号"),
        ({"手机号": "199****0001"}, "星号"),
        ({"姓名": "别人"}, "手机号与姓名不一致"),
        ({"获得学时": "0.3"}, "0.25"),
        ({"获得学时": ""}, "缺少“学时”"),
        ({"完成日期": "2027-03-02"}, "还没有结束"),
        ({"完成日期": "去年"}, "去年"),
        ({"平台名称": ""}, "主办单位"),
        ({"课程名称": ""}, "培训名称"),
    ],
)
def test_a_row_that_cannot_be_counted_says_why(cadre, district_staff, changes, said):
    run = previewed(row(cadre, **changes), by=district_staff)

    assert outcomes(run) == [REJECTED]
    assert said in reasons(run)


def test_other_hours_for_what_is_counted_are_refused(cadre, district_staff):
    imported(row(cadre), by=district_staff)

    run = previewed(row(cadre, hours="9"), by=district_staff)

    assert outcomes(run) == [REJECTED] and "不一致" in reasons(run)


def test_nobody_counts_their_own(cadre):
    by = grant(Role.DISTRICT_STAFF)
    own = TraineeFactory(user=by, village=cadre.village)

    run = previewed(row(own), row(cadre), by=by)

    assert outcomes(run) == [REJECTED, NEW]


def test_an_undo_takes_the_hours_back_and_deletes_no_line(cadre, colleague, district_staff):
    kept = approve(claim=ask(cadre), by=district_staff, now=NOW)
    run = imported(row(cadre), row(colleague), by=district_staff)

    runs.undo(run=run, by=district_staff, now=NOW)

    assert list(HourClaim.objects.all()) == [kept]
    assert (balance(cadre, 2027), balance(colleague, 2027)) == (4, 0)
    assert HourEntry.objects.count() == 5
    assert outcomes(imported(row(cadre), by=district_staff)) == [NEW]


def test_what_was_taken_back_meanwhile_is_not_taken_back_twice(cadre, district_staff):
    run = imported(row(cadre), by=district_staff)
    take_back(HourEntry.objects.all(), reason="算错了", by=district_staff, now=NOW)

    with pytest.raises(NothingToUndo):
        runs.undo(run=run, by=district_staff, now=NOW)

    assert balance(cadre, 2027) == 0


def test_a_claim_after_the_list_is_a_double(cadre, district_staff):
    imported(row(cadre), by=district_staff)

    with pytest.raises(ClaimRefused):
        ask(cadre, title="垃圾分类网络课", starts_on=date(2027, 2, 10), ends_on=date(2027, 2, 10))


def test_the_office_alone_imports_it_and_finds_the_list_beside_the_claims(
    client, cadre, district_staff, village_coordinator
):
    imported(row(cadre), by=district_staff)
    claim = HourClaim.objects.get()
    client.force_login(cadre.user)
    assert client.get(reverse("trainees:claim_file", args=[claim.key])).status_code == 404
    assert claim.title in client.get(reverse("trainees:my_claims")).text

    client.force_login(district_staff)
    assert "kind=outside-hours" in client.get(reverse("trainees:hour_claims")).text
    page = client.get(claim.get_absolute_url()).text
    assert "名单“平台名单.xlsx”" in page
    assert client.get("/manage/imports/templates/outside-hours/").status_code == 200
    client.force_login(village_coordinator)
    assert client.get("/manage/imports/templates/outside-hours/").status_code in (403, 404)
