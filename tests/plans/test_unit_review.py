"""What the unit says of its plan, returns by item, changes with their approval."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from academy.office_settings import CACHE_KEY, save_settings
from notices.models import Notice
from plans import filing
from plans.grid.rows import SentRow, write_rows
from plans.items import remove_item, save_item
from plans.models import AmendmentKind, AnnualPlan, Decision, PlanItem, Standing, UnitPart
from tests.factories import NOW, UserFactory

from .factories import APPROVAL, PlanItemFactory, drafted, filed, submitted

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def say(plan, *, part=UnitPart.LEADER, agrees=True, opinion="", now=NOW, **details):
    said = {"name": "示例主任", "post": "主任", "day": NOW.date()} | details
    return filing.record_opinion(
        plan=plan, part=part, agrees=agrees, opinion=opinion, by=None, now=now, **said
    )


def parts(plan):
    return {
        part.part: (part.opinion is not None, part.is_current, part.is_given)
        for part in filing.parts_of_review(plan, list(plan.items.all()))
    }


def ask_for(which: str) -> None:
    save_settings(wanted={"plan_unit_opinions": which}, based_on=0, by=UserFactory(), now=NOW)
    cache.delete(CACHE_KEY)


def hand_in(plan):
    return filing.submit(plan=plan, by=UserFactory(), now=LATER)


# --- opinions -------------------------------------------------------------------------------------


def test_an_opinion_is_about_the_items_as_they_stand():
    plan = drafted()
    say(plan)
    assert parts(plan) == {"finance": (False, False, False), "leader": (True, True, True)}

    item = plan.items.first()
    item.people += 1
    save_item(plan=plan, item=item)
    assert parts(plan)["leader"] == (True, False, False)

    say(plan, now=LATER)
    assert parts(plan)["leader"] == (True, True, True)
    assert plan.steps.filter(decision=Decision.UNIT_OPINION).count() == 2


def test_a_no_keeps_the_plan_from_being_handed_in_until_it_changes():
    plan = drafted()
    say(plan, agrees=False, opinion="经费超支")

    with pytest.raises(filing.UnitDisagrees, match="示例主任"):
        hand_in(plan)
    say(plan, now=LATER)

    assert hand_in(plan).status == "submitted"


def test_a_plan_is_handed_in_without_opinions_where_the_office_asks_for_none():
    assert hand_in(drafted()).status == "submitted"


@pytest.mark.parametrize(
    ("asked", "given", "is_refused"),
    [
        ("leader", [], True),
        ("leader", ["leader"], False),
        ("both", ["leader"], True),
        ("both", ["leader", "finance"], False),
    ],
)
def test_the_office_says_which_opinions_are_needed(asked, given, is_refused):
    ask_for(asked)
    plan = drafted()
    for part in given:
        say(plan, part=UnitPart(part))

    if is_refused:
        with pytest.raises(filing.OpinionMissing):
            hand_in(plan)
    else:
        assert hand_in(plan).status == "submitted"


def test_a_needed_opinion_of_an_earlier_text_is_asked_for_again():
    ask_for("leader")
    plan = drafted()
    say(plan)
    PlanItemFactory(plan=plan, number=9)

    with pytest.raises(filing.OpinionMissing):
        hand_in(plan)


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"name": " "}, filing.ReasonMissing),
        ({"post": ""}, filing.ReasonMissing),
        ({"agrees": False}, filing.ReasonMissing),
        ({"day": (NOW + timedelta(days=2)).date()}, filing.DayAhead),
    ],
)
def test_an_opinion_says_who_when_and_why(wrong, refusal):
    plan = drafted()

    with pytest.raises(refusal):
        say(plan, **wrong)

    assert not plan.steps.filter(decision=Decision.UNIT_OPINION).exists()


def test_no_opinion_is_written_down_for_what_lies_with_the_office():
    with pytest.raises(filing.PlanNotEditable):
        say(submitted())


# --- returns --------------------------------------------------------------------------------------


def test_items_come_back_each_with_its_reason_until_the_plan_is_handed_in_again():
    clerk = UserFactory()
    plan = submitted(by=clerk, items=3)
    first, second, _third = plan.items.all()

    plan = filing.return_for_changes(
        plan=plan,
        reason="",
        item_reasons={first.pk: "对象太宽", second.pk: " ", 999_999: "x"},
        by=None,
        now=LATER,
    )

    assert filing.reasons_of_items(plan) == {first.key: "对象太宽"}
    assert "对象太宽" in Notice.objects.get(person=clerk).body
    step = plan.steps.last()
    plan = hand_in(plan)
    assert filing.reasons_of_items(plan) == {}
    assert [row.reason for row in step.item_reasons.all()] == ["对象太宽"]


def test_a_return_without_any_reason_is_refused():
    plan = submitted()

    with pytest.raises(filing.ReasonMissing):
        filing.return_for_changes(
            plan=plan, reason=" ", item_reasons={plan.items.first().pk: ""}, by=None, now=LATER
        )


# --- changes of a filed plan ----------------------------------------------------------------------


def opened(plan=None, **details):
    details = {"reason": "机构改革", "approval": APPROVAL} | details
    return filing.amend(plan=plan or filed(items=3), by=None, now=NOW, **details)


def standings(plan):
    return list(plan.items.values_list("name", "standing", "standing_reason"))


def refiled(plan):
    return filing.file_plan(plan=hand_in(plan), by=None, now=LATER)


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"approval": filing.LeaderApproval(" ", "局长", NOW.date())}, filing.ApprovalMissing),
        ({"approval": filing.LeaderApproval("示例", "", NOW.date())}, filing.ApprovalMissing),
        (
            {"approval": filing.LeaderApproval("示例", "局长", NOW.date() + timedelta(days=2))},
            filing.DayAhead,
        ),
        ({"reason": ""}, filing.ReasonMissing),
    ],
)
def test_a_change_needs_its_reason_and_the_leaders_approval(wrong, refusal):
    plan = filed()

    with pytest.raises(refusal):
        opened(plan, **wrong)

    assert AnnualPlan.objects.get(pk=plan.pk).status == "filed"


def test_a_version_keeps_kind_reason_and_approval():
    plan = refiled(opened(kind=AmendmentKind.AD_HOC))

    version = plan.versions.last()
    assert (version.number, version.amendment_kind, version.reason) == (2, "ad_hoc", "机构改革")
    assert (version.approved_by_name, version.approved_by_post, version.approved_on) == (
        APPROVAL.name,
        APPROVAL.post,
        APPROVAL.day,
    )
    assert (plan.amendment_kind, plan.approved_by_name, plan.approved_on) == ("", "", None)


def test_a_filed_item_that_is_taken_out_stays_cancelled_and_counts_no_more():
    plan = opened()
    kept = plan.items.get(number=2)

    assert remove_item(plan=plan, item=kept, reason="并入区级班")

    assert standings(plan)[1] == ("培训班2", Standing.CANCELLED, "并入区级班")
    plan = refiled(plan)
    assert [item.standing for item in plan.versions.last().items] == [
        "planned",
        "cancelled",
        "planned",
    ]
    total = AnnualPlan.objects.with_totals().get(pk=plan.pk)
    assert (total.item_total, total.people_total) == (2, 80)
    assert PlanItem.objects.filter(plan=plan).totals()["items"] == 2


def test_a_new_item_of_a_change_is_ad_hoc_and_goes_without_a_trace_before_it_is_filed():
    plan = opened()
    item = save_item(plan=plan, item=PlanItemFactory.build(plan=plan, name="临时班"))
    assert standings(plan)[-1] == ("临时班", Standing.AD_HOC, "机构改革")

    assert not remove_item(plan=plan, item=item)

    assert [name for name, *_rest in standings(plan)] == ["培训班1", "培训班2", "培训班3"]


def test_the_grid_cancels_what_was_filed_and_marks_what_is_new():
    plan = opened()
    gone = plan.items.get(number=1)
    texts = {
        "name": "临时班",
        "people": "5",
        "audience": "书记",
        "months": "5月",
        "content": "走访",
    }

    write_rows(
        plan=plan,
        rows=[SentRow("a", pk=gone.pk, is_removed=True), SentRow("b", texts=texts)],
    )

    assert [(name, standing) for name, standing, _reason in standings(plan)] == [
        ("培训班1", "cancelled"),
        ("培训班2", "planned"),
        ("培训班3", "planned"),
        ("临时班", "ad_hoc"),
    ]
    assert plan.items.get(number=1).pk == gone.pk


def test_what_was_filed_comes_back_as_cancelled_whoever_deleted_it():
    plan = opened()
    PlanItem.objects.filter(plan=plan, number=1).delete()

    plan = hand_in(plan)

    assert standings(plan)[-1] == ("培训班1", Standing.CANCELLED, "机构改革")


def test_a_cancelled_item_is_taken_up_again_or_left_alone():
    plan = opened()
    item = plan.items.get(number=1)
    remove_item(plan=plan, item=item)

    with pytest.raises(filing.ItemCancelled):
        save_item(plan=plan, item=plan.items.get(pk=item.pk))
    filing.take_up_again(plan=plan, item=item)

    assert standings(plan)[0] == ("培训班1", Standing.PLANNED, "")
    with pytest.raises(filing.ItemNotCancelled):
        filing.take_up_again(plan=plan, item=item)


def test_giving_a_change_up_brings_the_cancelled_items_back():
    plan = opened()
    remove_item(plan=plan, item=plan.items.get(number=1))

    plan = filing.drop_amendment(plan=plan, by=None, now=LATER)

    assert {standing for _name, standing, _reason in standings(plan)} == {"planned"}


# --- versions side by side ------------------------------------------------------------------------


def test_two_versions_are_compared_by_item_and_field():
    plan = opened()
    remove_item(plan=plan, item=plan.items.get(number=1), reason="取消")
    changed = plan.items.get(number=2)
    changed.people, changed.months = 55, "6月"
    save_item(plan=plan, item=changed)
    save_item(plan=plan, item=PlanItemFactory.build(plan=plan, name="临时班"))
    plan = refiled(plan)

    first, second = plan.versions.all()
    found = filing.compare_items(first.items, second.items)

    assert [item.name for item in found.added] == ["临时班"]
    assert [item.name for item in found.cancelled] == ["培训班1"]
    assert (found.removed, found.restored, found.same) == ([], [], 1)
    assert [(row.old, row.new) for row in found.changed[0].fields] == [
        ("40", "55"),
        ("4月", "6月"),
    ]
    assert filing.compare_items(second.items, second.items).is_empty
