"""Which course of the catalogue an item means, and what it takes over from it."""

from decimal import Decimal

import pytest
from django.db.models import ProtectedError

from courses.models import CourseStatus
from plans.drafting.course_choices import changes_by, choose_courses
from plans.drafting.course_matching import Catalogue, match_courses, matched, surely
from plans.filing import amend, drop_amendment, file_plan, submit
from plans.last_year import bring_in, brought_from
from plans.models import PlanItem
from tests.factories import NOW, CourseFactory, UserFactory

from ..page_forms import forms_of
from .factories import APPROVAL, AnnualPlanFactory, PlanItemFactory

pytestmark = pytest.mark.django_db
TITLES = (
    ("SW-001", "电梯加装协商实训", "意见征询、分层分摊、底楼住户沟通、单元协商会"),
    ("SW-002", "业委会换届实训：从筹备到交接", "筹备组、候选人审查、投票计票、印章账册移交"),
    ("SW-003", "文明养宠协商与劝导", "公约、劝导话术、宠物友好角"),
    ("ZC-003", "居委会换届选举全流程", "选民登记、投票站、唱票计票、选举纪律"),
    ("ZC-009", "住宅专项维修资金：续筹、使用与公开", "维修资金使用、分摊、续筹、公示"),
    ("WH-016", "带好一支楼组长队伍", "走访、分工、激励"),
)


@pytest.fixture
def catalogue():
    return {
        code: CourseFactory(code=code, title=title, summary=summary, hours=Decimal(4))
        for code, title, summary in TITLES
    }


def item_of(name: str, content: str = "", **fields) -> PlanItem:
    return PlanItemFactory(name=name, content=content, **fields)


@pytest.fixture
def plan(town):
    return AnnualPlanFactory(town=town)


def test_what_is_surely_meant_is_matched_and_the_rest_is_asked_or_free(catalogue, plan):
    sure = item_of("加装电梯协商实务培训", "签约动员、分摊方案、单元协商会", plan=plan)
    unsure = item_of("换届工作培训", "投票计票", plan=plan)
    free = item_of("羽毛球友谊赛", "双打", plan=plan)
    assert match_courses(plan) == 1
    found = matched(plan.items.select_related("course"))
    assert [(item.pk, item.course.code) for item in found.with_course] == [(sure.pk, "SW-001")]
    assert [one.item.pk for one in found.asked] == [unsure.pk]
    assert {match.course.code for match in found.asked[0].matches} == {"SW-002", "ZC-003"}
    assert [item.pk for item in found.free] == [free.pk]


def test_the_election_of_one_body_is_never_taken_for_that_of_another(catalogue, plan):
    items = [
        item_of("业委会换届选举培训", "投票、唱票、计票", plan=plan),
        item_of("村民委员会换届选举业务培训", "选民登记、投票站、唱票计票", plan=plan),
    ]
    assert [surely(Catalogue().near(item)) for item in items] == [None, None]
    meant = item_of("居民委员会换届选举业务培训", "选民登记、投票站、唱票计票", plan=plan)
    assert surely(Catalogue().near(meant)) == catalogue["ZC-003"]


@pytest.mark.parametrize(
    ("name", "content", "likest"),
    [
        ("业主大会選舉事務", "籌備組、投票計票、印章賬冊移交", "SW-002"),  # traditional characters
        ("ＹＷＨ换届（筹备到交接）", "候选人审查", "SW-002"),
        ("老楼装电梯，一楼不同意怎么谈", "意见征询、底层住户沟通", "SW-001"),
        ("“遛狗不牵绳”谁来管——养宠沙龙", "公约、劝导话术", "SW-003"),
        ("２０２７年度【楼组长】能力↑班", "走访、分工", "WH-016"),
        ("维修资金续筹", "分摊、公示", "ZC-009"),
        ("培训班", "待定", None),
        ("羽毛球友谊赛", "双打", None),
        ("😀😀", "……", None),
        ("居委会换届选举全流程\u200b", "", "ZC-003"),
    ],
)
def test_strange_titles_find_their_course_or_none(catalogue, plan, name, content, likest):
    found = Catalogue().near(item_of(name, content, plan=plan))

    assert (found[0].course.code if found else None) == likest


def test_the_same_title_is_sure_and_a_retired_course_is_not_offered(catalogue, plan):
    item = item_of("带好一支楼组长队伍", plan=plan)
    assert surely(Catalogue().near(item)) == catalogue["WH-016"]
    catalogue["WH-016"].status = CourseStatus.RETIRED
    catalogue["WH-016"].save()
    assert "WH-016" not in {match.course.code for match in Catalogue().near(item)}


def test_what_a_person_chose_no_matching_changes(catalogue, plan):
    one = item_of("加装电梯协商实务培训", "单元协商会", plan=plan)
    other = item_of("文明养宠协商", "公约、劝导话术", plan=plan)
    choose_courses(plan=plan, chosen={one.pk: None, other.pk: catalogue["SW-001"]})
    assert match_courses(plan) == 0
    assert list(plan.items.order_by("pk").values_list("course__code", "course_is_chosen")) == [
        (None, True),
        ("SW-001", True),
    ]


def test_a_title_that_means_it_no_more_loses_its_course(catalogue, plan):
    item = item_of("加装电梯协商实务培训", "单元协商会", plan=plan)
    match_courses(plan)
    plan.items.filter(pk=item.pk).update(name="羽毛球友谊赛", content="双打")
    assert match_courses(plan) == 1
    assert plan.items.get().course is None


def test_a_course_fills_what_is_empty_and_writes_over_only_when_asked(catalogue, plan):
    course = catalogue["SW-001"]
    held = {"content": "", "hours": Decimal(8), "formats": ""}
    assert [(c.name, c.old, c.new) for c in changes_by(course, held, overwrite=False)] == [
        ("content", "", course.summary)
    ]
    assert [(c.name, c.old, c.new) for c in changes_by(course, held, overwrite=True)] == [
        ("content", "", course.summary),
        ("hours", "8", "4"),
    ]


def test_a_filed_version_keeps_the_code_and_gives_the_course_back(catalogue, plan, town_staff):
    item = item_of("加装电梯协商实务培训", "单元协商会", plan=plan, number=1)
    match_courses(plan)
    submit(plan=plan, by=town_staff, now=NOW)
    filed = file_plan(plan=plan, by=UserFactory(), now=NOW)
    version = filed.versions.get()
    assert version.content["items"][0]["course"] == "SW-001"
    assert version.items[0].course == catalogue["SW-001"]
    amend(plan=plan, reason="改", approval=APPROVAL, by=town_staff, now=NOW)
    choose_courses(plan=plan, chosen={item.pk: None})
    drop_amendment(plan=plan, by=town_staff, now=NOW)
    assert plan.items.get().course == catalogue["SW-001"]


def test_a_course_that_items_name_is_not_deleted(catalogue, plan):
    item_of("班", plan=plan, course=catalogue["SW-001"])
    with pytest.raises(ProtectedError):
        catalogue["SW-001"].delete()


def test_next_year_keeps_the_course_and_marks_one_that_was_retired(catalogue, town):
    before = AnnualPlanFactory(town=town, year=2026)
    kept = item_of("班一", plan=before, number=1, course=catalogue["SW-001"])
    gone = item_of("班二", plan=before, number=2, course=catalogue["SW-002"])
    catalogue["SW-002"].status = CourseStatus.RETIRED
    catalogue["SW-002"].save()
    plan = AnnualPlanFactory(town=town, year=2027)
    assert [bool(one.remarks) for one in brought_from(before, plan)] == [False, True]
    bring_in(plan=plan, before=before, times={kept.pk: "4月", gone.pk: "5月"})
    assert list(plan.items.values_list("name", "course__code")) == [
        ("班一", "SW-001"),
        ("班二", None),
    ]


# --- Pages ----------------------------------------------------------------------------------------


@pytest.fixture
def town_client(client, town_staff):
    client.force_login(town_staff)
    return client


def test_the_page_asks_at_once_and_keeps_the_answers(catalogue, plan, town_client):
    one = item_of("换届工作培训", "投票计票", plan=plan, number=1, hours=0)
    other = item_of("换届选举培训", "计票", plan=plan, number=2)
    address = f"/manage/plans/{plan.pk}/courses/"
    asked = {form.name: None for form in town_client.get(address).context["form"]}
    assert {f"item-{one.pk}", f"item-{other.pk}"} <= set(asked)
    town_client.post(address, {f"item-{one.pk}": "SW-002", f"item-{other.pk}": "none"})
    assert list(plan.items.values_list("course__code", "course_is_chosen", "hours")) == [
        ("SW-002", True, 4),
        (None, True, 4),
    ]


@pytest.mark.parametrize("answer", ["SW-999", "/", "9" * 500])
def test_a_course_that_is_not_offered_is_refused_in_a_sentence(
    catalogue, plan, town_client, answer
):
    item = item_of("换届工作培训", "投票计票", plan=plan)
    page = town_client.post(f"/manage/plans/{plan.pk}/courses/", {f"item-{item.pk}": answer})
    assert page.status_code == 422
    item.refresh_from_db()
    assert item.course is None


def test_nothing_chosen_says_so(catalogue, plan, town_client):
    item_of("换届工作培训", "投票计票", plan=plan)
    page = town_client.post(f"/manage/plans/{plan.pk}/courses/", {"by_course": "on"}, follow=True)
    assert "还没有选择" in page.text


def sent(town_client, plan, item, **changed):
    address = f"/manage/plans/{plan.pk}/items/{item.pk}/"
    form = next(f for f in forms_of(town_client.get(address).text) if "content" in f.sent)
    return town_client.post(address, {**form.sent, **changed}), address


def test_the_form_fills_from_the_course_and_shows_what_it_writes_over(catalogue, plan, town_client):
    item = item_of("楼组长培训", "自己的内容", plan=plan)
    key = str(catalogue["WH-016"].pk)
    page, address = sent(town_client, plan, item, course=key, by_course="on")
    assert page.status_code == 200
    assert "自己的内容 → 走访、分工、激励" in page.text
    item.refresh_from_db()
    assert (item.content, item.course) == ("自己的内容", None)
    again = next(f for f in forms_of(page.text) if "content" in f.sent)
    assert town_client.post(address, again.sent).status_code == 302
    item.refresh_from_db()
    assert (item.content, item.course, item.course_is_chosen) == (
        "走访、分工、激励",
        catalogue["WH-016"],
        True,
    )


def test_an_empty_content_is_filled_from_the_course_that_is_picked(catalogue, plan, town_client):
    item = item_of("楼组长培训", "", plan=plan)
    page, _address = sent(town_client, plan, item, course=str(catalogue["WH-016"].pk), content="")
    assert page.status_code == 302
    item.refresh_from_db()
    assert item.content == "走访、分工、激励"


@pytest.mark.parametrize("key", ["x", "-1", "9" * 30, "/", ".."])
def test_a_course_that_is_none_is_refused_beside_its_field(catalogue, plan, town_client, key):
    item = item_of("楼组长培训", "走访", plan=plan)
    page, _address = sent(town_client, plan, item, course=key)
    assert page.status_code == 200
    assert page.context["form"].errors["course"]


def test_saving_a_row_matches_it(catalogue, plan, town_client):
    item = item_of("加装电梯协商实务培训", "单元协商会、分层分摊", plan=plan)
    rows = [{"key": "a", "pk": item.pk, "texts": {"people": "50"}}]
    town_client.post(
        f"/manage/plans/{plan.pk}/rows/", {"rows": rows}, content_type="application/json"
    )
    item.refresh_from_db()
    assert (item.people, item.course) == (50, catalogue["SW-001"])


def test_the_check_list_leads_to_the_choice_and_tells_a_budget_above_its_cap(
    catalogue, plan, town_client
):
    item_of("换届工作培训", "投票计票", plan=plan, category="third", budget=Decimal(60_000), days=1)
    page = town_client.get(f"/manage/plans/{plan.pk}/").text
    assert f"/manage/plans/{plan.pk}/courses/" in page
    assert "超 38,000 元（师资费另计）" in page
