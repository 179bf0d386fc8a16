"""Which trainings teach the same people the same, and what is answered to it.

The sets in `overlap_sets/` were written by somebody who had not seen the comparison: the first was
looked at once while it was built, the second only afterwards.
"""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from academy.models import TopicWords
from plans.models import AudienceGroup, OverlapAnswer, WayOut
from plans.overlaps.answers import (
    AnswerNeedsReason,
    NoSuchOverlap,
    answer_overlap,
    pairs_of,
    take_back,
)
from plans.overlaps.audiences import Audiences
from plans.overlaps.content import Topic
from plans.overlaps.guard import Guard
from plans.overlaps.reading import guard_of, items_by_training, items_of
from plans.overlaps.trainings import Training, compact
from plans.overlaps.usual_groups import usual_groups, words_in
from plans.timing import months_in
from tests.factories import NOW, DepartmentFactory, TownFactory, UserFactory

from .factories import AnnualPlanFactory, PlanItemFactory
from .reading import read_plan

DEMO = settings.BASE_DIR / "demo"
SETS = Path(__file__).parent / "overlap_sets"
SAMPLES = json.loads((DEMO / "plans" / "expected_overlaps.json").read_text("utf-8"))
TOWNS = [
    "大场镇",
    "杨行镇",
    "罗店镇",
    "顾村镇",
    "月浦镇",
    "高境镇",
    "友谊路街道",
    "罗泾镇",
    "淞南镇",
]


def topics() -> list[Topic]:
    with (DEMO / "catalogue" / "topic_words.csv").open(encoding="utf-8") as file:
        return [
            Topic(row["means"], tuple(w for w in words_in(row["said"]) if len(w) > 1))
            for row in csv.DictReader(file)
        ]


def guard(trainings) -> Guard:
    return Guard(trainings, audiences=Audiences(usual_groups(), TOWNS), topics=topics())


def training(number=1, *, owner="D01", town="", **texts) -> Training:
    words = {
        "name": "电梯困人应急培训班",
        "audience": "物业项目经理",
        "content": "困人安抚、平层救援、维保督促",
        "remark": "",
        "months": "4月",
    } | texts
    months = months_in(words.pop("months"))
    return Training(
        owner, number, town, months=months, **{k: compact(text) for k, text in words.items()}
    )


def overlap(one: Training, other: Training):
    return guard([one, other, *filler()]).overlaps()


def filler() -> list[Training]:
    """Trainings about other things: what everybody says weighs little only beside others."""
    return [
        training(90, owner="D90", name="献血志愿者培训", audience="学生", content="献血常识"),
        training(91, owner="D91", name="档案整理", audience="档案员", content="归档、编号、移交"),
        training(92, owner="D92", name="会计业务", audience="会计", content="凭证、报表、税务"),
    ]


# -- whole years --


def trainings_in(name: str) -> tuple[list[Training], dict[str, set]]:
    told = json.loads((SETS / f"{name}.json").read_text("utf-8"))
    found = [
        training(
            item["number"],
            owner=owner["code"],
            town=owner["code"] if owner["kind"] == "town" else "",
            remark=item.get("remark") or "",
            **{field: item[field] for field in ("name", "audience", "content", "months")},
        )
        for owner in told["owners"]
        for item in owner["items"]
    ]
    pairs = {
        kind: {frozenset((pair["a"], pair["b"])) for pair in told[kind]}
        for kind in ("overlaps", "must_not_flag", "may_flag")
    }
    return found, pairs


def measured(found: set, expected: dict[str, set]) -> tuple[float, float]:
    """Precision and recall; what may be said either way counts for nothing."""
    right = found & expected["overlaps"]
    said = found - expected["may_flag"]
    return len(right) / len(said), len(right) / len(expected["overlaps"])


@pytest.mark.parametrize("name", ["first", "second", "third"])
def test_a_year_nobody_tuned_for_is_read_right(name):
    trainings, expected = trainings_in(name)

    found = {overlap.pair for overlap in guard(trainings).overlaps()}

    precision, recall = measured(found, expected)
    assert precision >= 0.9
    assert recall >= 0.9
    assert not found & expected["must_not_flag"]


@pytest.mark.django_db
def test_the_sample_plans_overlap_where_a_careful_clerk_says_so(capsys):
    keys = {}
    for file, facts in SAMPLES["files"].items():
        code = facts["org_code"]
        make = TownFactory if code.startswith("310") else DepartmentFactory
        owner = make(code=code, name=facts["org"].removesuffix("人民政府"))
        plan = AnnualPlanFactory(**{"town": None, owner._meta.model_name: owner})
        content = (DEMO / "plans" / file).read_bytes()
        for line in read_plan(content, file, owner=owner).accepted:
            line.item.plan = plan
            line.item.save()
            keys[file, line.item.number] = f"{code}:{line.item.number}"

    call_command("find_overlaps", "--year", "2027", "--json")

    said = json.loads(capsys.readouterr().out)
    found = {frozenset((pair["a"], pair["b"])) for pair in said}
    expected = {
        kind: {
            frozenset(keys[side["file"], side["seq"]] for side in (pair["a"], pair["b"]))
            for pair in SAMPLES[kind]
        }
        for kind in ("overlaps", "must_not_flag", "may_flag")
    }
    precision, recall = measured(found, expected)
    assert precision >= 0.9
    assert recall >= 0.9
    assert not found & expected["must_not_flag"]
    assert all(len(pair["reasons"]) == 3 and 0 < pair["score"] <= 1 for pair in said)


# -- one pair --


def test_the_same_people_and_content_in_one_season_overlap():
    (found,) = overlap(
        training(), training(owner="D02", content="被困人员安抚、平层救援配合、督促维保")
    )

    assert found.people.who == "物业项目经理"
    assert found.months_between == 0
    assert found.content.points


def test_other_words_for_the_same_people_are_the_same_people():
    assert overlap(
        training(audience="居民区党组织书记、居委会主任"),
        training(owner="D02", audience="顾村镇居村干部"),
    )


def test_two_towns_train_their_own_people():
    one = training(owner="310113101", town="310113101")

    assert not overlap(one, training(owner="310113102", town="310113102"))
    assert overlap(one, training(2, owner="310113101", town="310113101", name="电梯救援"))
    assert overlap(one, training(owner="D02"))


def test_a_course_for_beginners_and_one_for_the_advanced_differ():
    one = training(audience="新任物业项目经理")

    assert not overlap(one, training(owner="D02", audience="任职满两年的物业项目经理"))
    assert not overlap(one, training(owner="D02", name="电梯困人应急进阶研修"))


def test_intakes_of_one_course_differ():
    one = training(name="电梯困人应急培训班(第一期)")

    assert not overlap(one, training(2, name="电梯困人应急培训班（第二期）", months="5月"))
    assert not overlap(training(), training(2, remark="与第一期人员不同"))
    assert overlap(training(), training(2, months="5月"))


def test_other_people_or_another_half_of_the_year_is_no_overlap():
    assert not overlap(training(), training(owner="D02", audience="养老顾问"))
    assert not overlap(training(), training(owner="D02", months="12月"))
    assert overlap(training(), training(owner="D02", months=""))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("社会组织负责人", "社会组织会计", False),
        ("社会组织会计", "社区社会组织会计", True),
        ("失能老人", "失能老人家属", False),
        ("养老机构护士", "养老机构厨师", False),
        ("失能老人家庭照护者", "失能老人家属", True),
    ],
)
def test_another_post_of_one_unit_is_other_people(one, other, same):
    assert bool(overlap(training(audience=one), training(owner="D02", audience=other))) == same


def test_one_typed_training_is_compared_with_the_year_and_not_with_itself():
    year = [training(), training(2, owner="D02"), *filler()]

    found = guard(year).overlaps_of(replace(training(), name="电梯救援培训"))

    assert [pair.other.key for pair in found] == ["D02:2"]


# -- what the office keeps --


@pytest.fixture
def two_items(town, department):
    plans = [
        AnnualPlanFactory(town=town),
        AnnualPlanFactory(town=None, department=department),
    ]
    texts = {"name": "犬只管理培训", "content": "办证登记、流浪犬收容、遛犬劝导", "months": "5月"}
    for number in range(5):
        PlanItemFactory(plan=plans[0], number=number + 2, name=f"献血{number}", content="献血常识")
    return [
        PlanItemFactory(plan=plan, number=1, audience=audience, **texts)
        for plan, audience in zip(plans, ("养犬联络员", "文明养犬督导员"), strict=True)
    ]


def pairs(year=2027):
    items = items_of(year)
    return pairs_of(guard_of(items).overlaps(), items_by_training(items))


def open_pairs():
    return [pair for pair in pairs() if pair.is_open and pair.one.number == pair.other.number == 1]


@pytest.mark.django_db
def test_groups_that_the_office_keeps_are_the_words_to_compare_by(two_items):
    assert not open_pairs()

    AudienceGroup.objects.create(name="养犬联络员", words="文明养犬督导员、犬管员")

    assert open_pairs()


@pytest.mark.django_db
def test_topic_words_of_the_search_bring_trainings_together():
    plan = AnnualPlanFactory()
    for number, (name, content) in enumerate(
        [("毛孩子登记班", "上门登记、疫苗接种"), ("犬只办证班", "养犬登记、免疫接种")], start=1
    ):
        PlanItemFactory(
            plan=plan, number=number, name=name, content=content, audience="犬管员", months="5月"
        )
    for number, audience in enumerate(("会计", "档案员", "保洁员", "门卫", "厨师"), start=3):
        PlanItemFactory(plan=plan, number=number, audience=audience)
    (before,) = pairs()

    TopicWords.objects.create(means="养犬", said="毛孩子、犬只")

    (after,) = pairs()
    assert after.overlap.score > before.overlap.score
    assert set(after.overlap.content.words) == {"毛孩子", "犬只"}


@pytest.fixture
def overlapping(two_items):
    AudienceGroup.objects.create(name="养犬联络员", words="文明养犬督导员")
    return two_items


def answered(items, way=WayOut.DIFFERS, reason="区级讲执法，镇里讲劝导", **more):
    return answer_overlap(
        one=items[0], other=items[1], way=way, reason=reason, by=UserFactory(), now=NOW, **more
    )


@pytest.mark.django_db
def test_an_answer_closes_the_pair_until_a_text_changes(overlapping):
    answered(overlapping)
    assert not open_pairs()

    overlapping[1].content += "、犬证年审"
    overlapping[1].save()

    (pair,) = open_pairs()
    assert pair.has_changed
    assert pair.answer.reason == "区级讲执法，镇里讲劝导"


@pytest.mark.django_db
def test_a_later_answer_takes_the_place_of_an_earlier_one_and_can_be_taken_back(overlapping):
    answered(overlapping)
    answered(overlapping[::-1], WayOut.JOIN, "并入区级班，镇里出场地")

    assert [row.way for row in OverlapAnswer.objects.all()] == [WayOut.JOIN]

    take_back(one=overlapping[1], other=overlapping[0])
    take_back(one=overlapping[1], other=overlapping[0])
    assert open_pairs()


@pytest.mark.django_db
def test_an_answer_says_why_and_is_about_two_trainings_of_a_year(overlapping):
    for reason in ("", "  ", "长" * 201):
        with pytest.raises(AnswerNeedsReason):
            answered(overlapping, reason=reason)
    with pytest.raises(NoSuchOverlap):
        answered([overlapping[0], overlapping[0]])
    next_year = PlanItemFactory(plan=AnnualPlanFactory(year=2028))
    with pytest.raises(NoSuchOverlap):
        answered([overlapping[0], next_year])
    assert not OverlapAnswer.objects.exists()


@pytest.mark.django_db
def test_withdrawing_a_training_takes_its_answers_along(overlapping):
    answered(overlapping)

    overlapping[0].delete()

    assert not OverlapAnswer.objects.exists()
