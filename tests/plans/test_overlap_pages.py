"""The page on which trainings that overlap stand side by side and are answered."""

import pytest
from django.urls import reverse

from plans.models import OverlapAnswer, WayOut
from tests.factories import TownFactory

from .factories import AnnualPlanFactory, PlanItemFactory, submitted

pytestmark = pytest.mark.django_db
PAGE = reverse("plans:overlaps") + "?year=2027"


@pytest.fixture
def pair(town, department):
    """A training of a town and one of a department that overlap."""
    texts = {"name": "物业电梯困人处置", "content": "困人安抚、平层救援", "months": "4月"}
    plans = [AnnualPlanFactory(town=town), AnnualPlanFactory(town=None, department=department)]
    for number, audience in enumerate(("会计", "档案员", "门卫", "厨师", "司机"), start=2):
        PlanItemFactory(
            plan=plans[number % 2], number=number, audience=audience, content=f"{audience}的本分"
        )
    return [
        PlanItemFactory(plan=plan, number=1, audience="物业项目经理", **texts) for plan in plans
    ]


def answer(client, pair, **fields):
    one, other = pair
    key = f"{one.pk}-{other.pk}"
    return client.post(
        reverse("plans:overlap_answer", args=[one.pk, other.pk]),
        {f"{key}-{name}": value for name, value in fields.items()} | {"state": "open"},
        follow=True,
    )


def test_a_town_sees_its_pair_with_the_reasons_and_answers_it(client, town_staff, pair):
    client.force_login(town_staff)

    page = client.get(PAGE).content.decode()

    assert "同训物业项目经理" in page
    assert "同讲困人安抚、平层救援" in page
    assert pair[1].plan.owner.name in page

    page = answer(client, pair, way=WayOut.JOIN, reason="并入区级班").content.decode()

    assert OverlapAnswer.objects.get().by == town_staff
    assert "没有待答复的重复培训" in page
    assert "并入区级班" in client.get(f"{PAGE}&state=answered").content.decode()

    one, other = pair
    client.post(reverse("plans:overlap_answer", args=[one.pk, other.pk]), {"take_back": ""})
    assert not OverlapAnswer.objects.exists()


def test_an_answer_without_a_reason_comes_back_with_what_was_chosen(client, town_staff, pair):
    client.force_login(town_staff)

    refused = answer(client, pair, way=WayOut.DIFFERS, reason=" ")

    assert refused.status_code == 422
    assert 'value="differs"' in refused.content.decode()
    assert not OverlapAnswer.objects.exists()


def test_pairs_of_others_are_the_offices_alone(client, town_staff, district_staff, department):
    texts = {"name": "电梯救援", "content": "困人安抚、平层救援", "audience": "物业项目经理"}
    foreign = [
        PlanItemFactory(plan=AnnualPlanFactory(town=TownFactory()), number=1, **texts),
        PlanItemFactory(
            plan=AnnualPlanFactory(town=None, department=department), number=1, **texts
        ),
    ]

    client.force_login(district_staff)
    assert "同训物业项目经理" in client.get(PAGE).content.decode()

    client.force_login(town_staff)
    assert "同训物业项目经理" not in client.get(PAGE).content.decode()
    assert answer(client, foreign, way=WayOut.JOIN, reason="合办").status_code == 404
    assert not OverlapAnswer.objects.exists()


def test_the_check_list_leads_to_the_pairs_of_the_plan(client, town_staff, pair):
    client.force_login(town_staff)
    plan = pair[0].plan

    page = client.get(plan.get_absolute_url()).content.decode()

    address = f"{PAGE}&plan={plan.pk}"
    assert "1 项与其他培训重复，还没有答复" in page
    assert address.replace("&", "&amp;") in page
    assert "同训物业项目经理" in client.get(address).content.decode()


@pytest.mark.parametrize("query", ["year=abcd", "year=99999", "state=none&page=x", "year="])
def test_odd_questions_get_a_page(client, town_staff, query):
    client.force_login(town_staff)

    assert client.get(f"{reverse('plans:overlaps')}?{query}").status_code == 200


def test_a_plan_that_is_not_mine_is_not_found(client, town_staff):
    client.force_login(town_staff)
    foreign = submitted(town=TownFactory())

    assert client.get(f"{PAGE}&plan={foreign.pk}").status_code == 404
    assert client.get(f"{PAGE}&plan=99999999999999999999").status_code == 404


def test_the_page_asks_little_however_many_pairs_there_are(
    client, district_staff, pair, django_assert_max_num_queries
):
    client.force_login(district_staff)
    texts = {"name": "电梯救援", "content": "困人安抚、平层救援", "audience": "物业项目经理"}
    plan = pair[1].plan
    for number in range(10, 30):
        PlanItemFactory(plan=plan, number=number, months="4月", **texts)

    with django_assert_max_num_queries(14):
        page = client.get(PAGE)

    assert "下一页" in page.content.decode()


def test_whoever_saves_a_training_is_told_what_it_overlaps(client, town_staff, pair):
    client.force_login(town_staff)
    mine, theirs = pair
    address = reverse("plans:item_edit", args=[mine.plan_id, mine.pk])
    form = client.get(address).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields} | {"people": "41"}

    page = client.post(address, sent, follow=True).content.decode()

    assert f"与{theirs.plan.owner.name}“{theirs.name}”重复" in page
