from datetime import date, datetime, timedelta

import pytest
from django.utils import translation

from notices.models import Notice
from plans import filing
from plans.items import ItemGone, remove_item, save_item
from plans.models import AnnualPlan, Decision, FilingCounter, PlanItem, PlanStatus, digest
from tests.factories import (
    NOW,
    SHANGHAI,
    CampusFactory,
    DepartmentFactory,
    TownFactory,
    UserFactory,
)

from .factories import APPROVAL, PlanItemFactory, drafted, filed, submitted

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


@pytest.fixture
def clerk():
    return UserFactory()


@pytest.fixture
def admin():
    return UserFactory()


# --- beginning ------------------------------------------------------------------------------------


@pytest.mark.parametrize("factory", [TownFactory, DepartmentFactory, CampusFactory])
def test_create_plan_starts_a_draft(factory, clerk):
    owner = factory()

    plan = filing.create_plan(owner=owner, year=2027, by=clerk, now=NOW)

    assert (plan.owner, plan.year, plan.status, plan.filing_number) == (
        owner,
        2027,
        PlanStatus.DRAFT,
        "",
    )
    assert list(plan.steps.values_list("decision", "by", "at")) == [
        (Decision.CREATED, clerk.pk, NOW)
    ]


def test_create_plan_refuses_a_second_one(clerk, town):
    filing.create_plan(owner=town, year=2027, by=clerk, now=NOW)

    with pytest.raises(filing.PlanExists, match=town.name):
        filing.create_plan(owner=town, year=2027, by=clerk, now=NOW)

    assert AnnualPlan.objects.count() == 1


@pytest.mark.parametrize("year", [-1, 0, 1999, 2101, 10**30])
def test_create_plan_refuses_years_no_plan_is_for(year, clerk, town):
    with pytest.raises(filing.YearOutOfRange):
        filing.create_plan(owner=town, year=year, by=clerk, now=NOW)


def test_create_plan_refuses_an_owner_that_has_ended(clerk):
    with pytest.raises(filing.OwnerEnded):
        filing.create_plan(owner=TownFactory(ended_on=NOW.date()), year=2027, by=clerk, now=NOW)


# --- every step from every status -----------------------------------------------------------------


def opened(plan: AnnualPlan) -> AnnualPlan:
    return filing.amend(approval=APPROVAL, plan=plan, reason="新增一期", by=None, now=LATER)


def in_status(status: str) -> AnnualPlan:
    if status == "draft":
        return drafted()
    if status == "submitted":
        return submitted()
    if status == "returned":
        return filing.return_for_changes(
            plan=submitted(), reason="对象重复", by=UserFactory(), now=NOW
        )
    if status == "filed":
        return filed()
    plan = filing.amend(
        approval=APPROVAL, plan=filed(), reason="新增一期", by=UserFactory(), now=NOW
    )
    if status == "amendment in review":
        return filing.submit(plan=plan, by=UserFactory(), now=NOW)
    return plan


STEPS = {
    "submit": (
        lambda plan: filing.submit(plan=plan, by=plan.submitted_by, now=LATER),
        filing.PlanNotEditable,
    ),
    "return": (
        lambda plan: filing.return_for_changes(plan=plan, reason="请补正", by=None, now=LATER),
        filing.PlanNotInReview,
    ),
    "file": (lambda plan: filing.file_plan(plan=plan, by=None, now=LATER), filing.PlanNotInReview),
    "amend": (
        lambda plan: filing.amend(
            approval=APPROVAL, plan=plan, reason="新增一期", by=None, now=LATER
        ),
        filing.PlanNotFiled,
    ),
    "recall": (
        lambda plan: filing.recall(plan=plan, by=None, now=LATER),
        filing.PlanNotInReview,
    ),
    "begin the review": (
        lambda plan: filing.accept(plan=plan, by=None, now=LATER),
        filing.PlanNotInReview,
    ),
    "drop": (
        lambda plan: filing.drop_amendment(plan=plan, by=None, now=LATER),
        filing.NoChangeToDrop,
    ),
}
LEADS_TO = {
    ("draft", "submit"): "submitted",
    ("returned", "submit"): "submitted",
    ("amendment", "submit"): "submitted",
    ("submitted", "recall"): "draft",
    ("amendment in review", "recall"): "draft",
    ("submitted", "begin the review"): "accepted",
    ("amendment in review", "begin the review"): "accepted",
    ("submitted", "return"): "returned",
    ("amendment in review", "return"): "returned",
    ("submitted", "file"): "filed",
    ("amendment in review", "file"): "filed",
    ("filed", "amend"): "draft",
    ("amendment", "drop"): "filed",
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    "status", ["draft", "submitted", "returned", "filed", "amendment", "amendment in review"]
)
def test_each_step_from_each_status(status, step):
    plan = in_status(status)
    before = (plan.status, plan.steps.count(), plan.versions.count())
    action, refusal = STEPS[step]

    if (status, step) in LEADS_TO:
        action(plan)
        plan.refresh_from_db()
        written = 2 if step == "file" else 1  # whoever files accepts first
        assert (plan.status, plan.steps.count()) == (LEADS_TO[status, step], before[1] + written)
    else:
        with pytest.raises(refusal):
            action(plan)
        plan.refresh_from_db()
        assert (plan.status, plan.steps.count(), plan.versions.count()) == before


# --- taking back ----------------------------------------------------------------------------------


def test_a_plan_is_taken_back_until_the_review_begins(clerk, admin):
    plan = submitted(by=clerk)

    assert filing.can_be_recalled(plan)
    plan = filing.accept(plan=plan, by=admin, now=LATER)

    assert not filing.can_be_recalled(plan)
    with pytest.raises(filing.ReviewBegun):
        filing.recall(plan=plan, by=clerk, now=LATER)
    plan.refresh_from_db()
    assert (plan.status, plan.submitted_by) == (PlanStatus.ACCEPTED, clerk)


def test_a_plan_that_was_taken_back_was_not_handed_in(clerk):
    plan = filing.recall(plan=submitted(by=clerk), by=clerk, now=LATER)

    assert (plan.status, plan.handed_in_on, plan.submitted_by) == (PlanStatus.DRAFT, None, None)

    late = datetime(2027, 4, 1, 9, 0, tzinfo=SHANGHAI)
    assert filing.submit(plan=plan, by=clerk, now=late).is_late


def test_a_plan_that_was_returned_keeps_the_day_on_which_it_was_in_time(clerk, admin):
    plan = submitted(by=clerk)
    handed_in_on = plan.handed_in_on
    filing.return_for_changes(plan=plan, reason="请补正", by=admin, now=LATER)
    filing.submit(plan=plan, by=clerk, now=LATER)

    assert filing.recall(plan=plan, by=clerk, now=LATER).handed_in_on == handed_in_on


def test_after_it_is_handed_in_again_it_can_be_taken_back_again(clerk, admin):
    plan = submitted(by=clerk)
    filing.accept(plan=plan, by=admin, now=NOW)
    filing.return_for_changes(plan=plan, reason="请补正", by=admin, now=LATER)

    plan = filing.submit(plan=plan, by=clerk, now=LATER)

    assert filing.can_be_recalled(plan)


def test_a_review_begins_once(admin):
    plan = submitted()
    filing.accept(plan=plan, by=admin, now=NOW)
    filing.accept(plan=plan, by=admin, now=LATER)

    assert plan.steps.filter(decision=Decision.ACCEPTED).count() == 1


# --- handing in -----------------------------------------------------------------------------------


def test_submit_refuses_an_empty_plan(clerk):
    with pytest.raises(filing.PlanIsEmpty):
        filing.submit(plan=drafted(items=0), by=clerk, now=NOW)


@pytest.mark.parametrize("field", ["audience", "months", "content"])
def test_submit_refuses_items_the_review_could_not_compare(field, clerk):
    plan = drafted(items=3)
    plan.items.filter(number=2).update(**{field: ""})

    with pytest.raises(filing.ItemsIncomplete, match="2"):
        filing.submit(plan=plan, by=clerk, now=NOW)


def test_a_plan_is_late_from_the_first_of_april(clerk):
    in_time = filing.submit(
        plan=drafted(), by=clerk, now=datetime(2027, 3, 31, 23, 59, tzinfo=SHANGHAI)
    )
    late = filing.submit(plan=drafted(), by=clerk, now=datetime(2027, 4, 1, 0, 0, tzinfo=SHANGHAI))

    assert (in_time.is_late, late.is_late) == (False, True)
    assert filing.file_plan(plan=late, by=clerk, now=LATER).filing_number  # flagged, not blocked


def test_a_plan_that_came_back_keeps_the_day_it_was_first_handed_in(clerk):
    plan = submitted(by=clerk, now=datetime(2027, 3, 20, 9, 0, tzinfo=SHANGHAI))
    filing.return_for_changes(
        plan=plan, reason="补", by=clerk, now=datetime(2027, 3, 30, 9, 0, tzinfo=SHANGHAI)
    )

    plan = filing.submit(plan=plan, by=clerk, now=datetime(2027, 4, 6, 9, 0, tzinfo=SHANGHAI))

    assert (plan.handed_in_on, plan.is_late) == (date(2027, 3, 20), False)


# --- review ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_a_plan_is_not_sent_back_without_a_reason(reason, admin):
    plan = submitted()

    with pytest.raises(filing.ReasonMissing):
        filing.return_for_changes(plan=plan, reason=reason, by=admin, now=NOW)

    plan.refresh_from_db()
    assert plan.status == PlanStatus.SUBMITTED


def test_sending_back_tells_who_handed_it_in(clerk, admin):
    plan = submitted(by=clerk)

    filing.return_for_changes(plan=plan, reason="第 4 项与房管局相近", by=admin, now=LATER)

    notice = Notice.objects.get()
    assert (notice.person, notice.kind, notice.body, notice.link) == (
        clerk,
        "plan_returned",
        "第 4 项与房管局相近",
        plan.get_absolute_url(),
    )


def test_filing_freezes_the_content_gives_a_number_and_tells(clerk, admin, settings):
    settings.FILING_NUMBER_LABEL = "示例"
    plan = submitted(by=clerk)

    plan = filing.file_plan(plan=plan, by=admin, now=LATER, opinion="同意")

    version = plan.versions.get()
    assert (plan.status, plan.filing_number, plan.filed_at) == (
        PlanStatus.FILED,
        "示例〔2027〕001号",
        LATER,
    )
    assert (version.number, version.filed_by, version.sha256) == (1, admin, digest(version.content))
    assert [item["name"] for item in version.content["items"]] == ["培训班1", "培训班2"]
    assert Notice.objects.get().kind == "plan_filed"
    assert plan.steps.last().opinion == "同意"


def test_notices_are_in_the_language_of_the_portal_and_not_of_who_acts(clerk, admin, settings):
    settings.FILING_NUMBER_LABEL = "示例"

    with translation.override("en"):
        filing.return_for_changes(plan=submitted(by=clerk), reason="补预算", by=admin, now=LATER)
        filing.file_plan(plan=submitted(by=clerk), by=admin, now=LATER, opinion="同意")

    assert list(Notice.objects.order_by("pk").values_list("title", "body")) == [
        ("2027 年度培训方案退回来了，附有意见", "补预算"),
        ("2027 年度培训方案已备案：示例〔2027〕001号", "同意"),
    ]


def test_numbers_count_within_a_year_and_are_never_given_again(settings):
    settings.FILING_NUMBER_LABEL = "宝治"
    assert [filed().filing_number, filed(year=2028).filing_number, filed().filing_number] == [
        "宝治〔2027〕001号",
        "宝治〔2028〕001号",
        "宝治〔2027〕002号",
    ]

    AnnualPlan.objects.filter(filing_sequence=2).update(
        status="draft", filing_number="", filing_sequence=None, filed_at=None
    )

    assert filed().filing_number == "宝治〔2027〕003号"


def test_a_number_has_at_least_three_digits(settings):
    settings.FILING_NUMBER_LABEL = "示例"
    FilingCounter.objects.create(year=2027, last_number=998)

    assert [filed().filing_number, filed().filing_number] == [
        "示例〔2027〕999号",
        "示例〔2027〕1000号",
    ]


def test_filing_that_fails_gives_its_number_back(monkeypatch, admin):
    plan = submitted()

    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("plans.filing.records.tell", broken)
    with pytest.raises(RuntimeError):
        filing.file_plan(plan=plan, by=admin, now=NOW)
    monkeypatch.undo()

    assert filing.file_plan(plan=plan, by=admin, now=NOW).filing_sequence == 1


# --- changes --------------------------------------------------------------------------------------


def test_an_amendment_keeps_the_number_and_adds_a_version(admin):
    plan = filed()
    number = plan.filing_number
    first = plan.versions.get()

    plan = filing.amend(approval=APPROVAL, plan=plan, reason="下半年新增一期", by=admin, now=LATER)
    save_item(plan=plan, item=PlanItemFactory.build(plan=None, name="新增的班"))
    plan = filing.file_plan(plan=filing.submit(plan=plan, by=admin, now=LATER), by=admin, now=LATER)

    second = plan.versions.get(number=2)
    assert (plan.filing_number, plan.amendment_reason, second.reason) == (
        number,
        "",
        "下半年新增一期",
    )
    assert [len(first.content["items"]), len(second.content["items"])] == [2, 3]
    first.refresh_from_db()
    assert digest(first.content) == first.sha256
    assert FilingCounter.objects.get().last_number == 1


@pytest.mark.parametrize("reason", ["", "   "])
def test_an_amendment_needs_a_reason(reason, admin):
    with pytest.raises(filing.ReasonMissing):
        filing.amend(approval=APPROVAL, plan=filed(), reason=reason, by=admin, now=NOW)


def test_dropping_an_amendment_keeps_the_rows_of_the_items_it_puts_back(admin):
    """What hangs on an item hangs on it still, though items were removed, added and renumbered."""
    plan = filed(items=3)
    first, second, third = plan.items.order_by("number")
    filing.amend(approval=APPROVAL, plan=plan, reason="调整", by=admin, now=LATER)
    PlanItem.objects.filter(pk=first.pk).update(number=9)
    PlanItem.objects.filter(pk=third.pk).update(number=1)
    second.delete()
    PlanItemFactory(plan=plan, number=2, name="临时加的一期")

    filing.drop_amendment(plan=plan, by=admin, now=LATER)

    rows = dict(plan.items.values_list("key", "pk"))
    assert (rows[first.key], rows[third.key]) == (first.pk, third.pk)
    assert set(rows) == {first.key, second.key, third.key}
    assert list(plan.items.order_by("number").values_list("key", flat=True)) == [
        first.key,
        second.key,
        third.key,
    ]


def test_dropping_an_amendment_puts_the_filed_items_back(admin):
    plan = filing.amend(approval=APPROVAL, plan=filed(), reason="改时间", by=admin, now=NOW)
    item = plan.items.first()
    item.name, item.months = "改过的班", "9月"
    save_item(plan=plan, item=item)
    remove_item(plan=plan, item=plan.items.last())

    plan = filing.drop_amendment(plan=plan, by=admin, now=LATER)

    assert (plan.status, list(plan.items.values_list("number", "name", "quarter"))) == (
        PlanStatus.FILED,
        [(1, "培训班1", 2), (2, "培训班2", 2)],
    )


# --- items ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("plan", [submitted, filed])
def test_items_of_a_plan_in_review_or_filed_stay_as_they_are(plan):
    plan = plan()

    with pytest.raises(filing.PlanNotEditable):
        save_item(plan=plan, item=PlanItemFactory.build(plan=None))
    with pytest.raises(filing.PlanNotEditable):
        remove_item(plan=plan, item=plan.items.first())

    assert plan.items.count() == 2


def test_a_new_item_goes_to_the_end_and_knows_its_quarter():
    plan = drafted()

    item = save_item(
        plan=plan, item=PlanItem(name="班", organiser="镇", people=10, months="10月至11月")
    )

    assert (item.number, item.quarter) == (3, 4)


def test_a_new_item_that_is_sent_twice_is_added_once():
    plan = drafted(items=1)
    item = {"name": "班", "organiser": "镇", "people": 10, "months": "10月至11月"}

    first, again = (save_item(plan=plan, item=PlanItem(**item)) for _tap in range(2))
    save_item(plan=plan, item=PlanItem(**item | {"months": "12月"}))

    assert again == first
    assert list(plan.items.values_list("number", "name", "months")) == [
        (1, "培训班1", "4月"),
        (2, "班", "10月至11月"),
        (3, "班", "12月"),
    ]


def test_removing_an_item_moves_the_others_up():
    plan = drafted(items=4)

    remove_item(plan=plan, item=plan.items.get(number=2))

    assert list(plan.items.values_list("number", "name")) == [
        (1, "培训班1"),
        (2, "培训班3"),
        (3, "培训班4"),
    ]


def test_an_item_that_somebody_removed_meanwhile_is_not_written_again():
    plan = drafted()
    item = plan.items.first()
    remove_item(plan=plan, item=plan.items.first())

    with pytest.raises(ItemGone):
        save_item(plan=plan, item=item)
    with pytest.raises(ItemGone):
        remove_item(plan=plan, item=item)
