"""What a training may cost by the cap of its category, and the tables of caps."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from plans.drafting.budget import allowed_for, budget_check, budget_checks
from plans.drafting.usual_caps import lecture_fee_caps, person_day_caps
from plans.models import (
    LectureFeeCap,
    LecturerRank,
    PersonDayCap,
    PlanItem,
    TrainingCategory,
)

from ..page_forms import forms_of

pytestmark = pytest.mark.django_db
THIRD = TrainingCategory.THIRD


def item(**fields) -> PlanItem:
    usual = {"people": 40, "runs": 1, "days": 2, "budget": 60_000, "category": THIRD}
    values = usual | fields
    for name in ("days", "budget"):
        values[name] = Decimal(values[name])
    return PlanItem(number=1, name="班", **values)


def test_the_national_figures_count_until_the_office_keeps_its_own():
    assert [(cap.category, cap.yuan_per_person_day) for cap in person_day_caps()] == [
        (TrainingCategory.FIRST, 760),
        (TrainingCategory.SECOND, 650),
        (TrainingCategory.THIRD, 550),
    ]
    assert {cap.rank: cap.yuan_per_hour for cap in lecture_fee_caps()} == {
        LecturerRank.ASSOCIATE: 500,
        LecturerRank.PROFESSOR: 1000,
        LecturerRank.EMINENT: 1500,
    }
    assert all("国家标准" in cap.source for cap in [*person_day_caps(), *lecture_fee_caps()])
    PersonDayCap.objects.create(category=THIRD, yuan_per_person_day=450, source="示例文件")
    LectureFeeCap.objects.create(rank=LecturerRank.PROFESSOR, yuan_per_hour=800)
    assert [cap.source for cap in person_day_caps()] == ["示例文件"]
    assert [cap.yuan_per_hour for cap in lecture_fee_caps()] == [800]


def test_a_budget_explains_by_how_much_it_is_above_the_cap():
    with translation.override("zh-hans"):
        assert budget_check(item()).words == (
            "按三类 550 元/人天 × 40 人 × 2 天 = 44,000 元，预算 60,000 元，超 16,000 元"
            "（师资费另计）"
        )
        assert budget_check(item(budget=44_000)).words.endswith("未超标准")


def test_people_are_those_of_the_year_whatever_the_number_of_runs():
    assert allowed_for(item(runs=4), Decimal(550)) == allowed_for(item(runs=1), Decimal(550))


def test_days_beyond_the_thirtieth_count_less():
    assert allowed_for(item(people=1, days=30), Decimal(100)) == 3_000
    assert allowed_for(item(people=1, days=40), Decimal(100)) == 3_700
    with translation.override("zh-hans"):
        words = budget_check(item(people=1, days=40, budget=1)).words
    assert "（30 天 + 10 天 × 70%）" in words


@pytest.mark.parametrize(
    "lacking", [{"budget": 0}, {"category": ""}, {"days": 0}, {"people": 0}], ids=str
)
def test_nothing_is_said_where_a_number_is_missing(lacking):
    assert budget_check(item(**lacking)) is None


def test_a_row_without_a_figure_is_not_checked():
    PersonDayCap.objects.create(category=THIRD, source="待区里明确")
    assert budget_check(item()) is None
    assert budget_checks([item(), item(category=TrainingCategory.FIRST)]) == []


def test_the_edge_is_not_above():
    assert not budget_check(item(budget=44_000)).is_above
    assert budget_check(item(budget="44000.01")).is_above


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (PersonDayCap, {"category": "fourth"}),
        (PersonDayCap, {"category": THIRD, "yuan_per_person_day": -1}),
        (LectureFeeCap, {"rank": "king"}),
        (LectureFeeCap, {"rank": LecturerRank.EMINENT, "yuan_per_hour": -1}),
    ],
)
def test_the_database_refuses_what_no_cap_can_be(model, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(**fields)


def test_the_office_keeps_the_figures_on_their_page(client, district_staff):
    client.force_login(district_staff)
    page = client.get("/manage/tables/usual-words/?next=/manage/")
    sent = forms_of(page.content.decode())[-1].sent
    assert "三类：550（国家标准" in sent["person-day-caps"][0]
    sent["person-day-caps"] = "三类：480（示例文件）\n二类"
    assert client.post("/manage/tables/usual-words/", sent).status_code == 302
    assert list(PersonDayCap.objects.values_list("category", "yuan_per_person_day", "source")) == [
        (THIRD, 480, "示例文件"),
        (TrainingCategory.SECOND, None, ""),
    ]
    row = PersonDayCap.objects.get(category=THIRD)
    address = f"/manage/tables/person-day-caps/{row.pk}/"
    changed = {"category": THIRD, "yuan_per_person_day": "500", "source": "示例文件"}
    form = next(f for f in forms_of(client.get(address).content.decode()) if "source" in f.sent)
    assert client.post(address, {**form.sent, **changed}).status_code == 302
    row.refresh_from_db()
    assert row.yuan_per_person_day == 500


@pytest.mark.parametrize("line", ["四类：300", "三类：很多", "三类：-5"])
def test_a_line_that_is_no_cap_is_named(client, district_staff, line):
    client.force_login(district_staff)
    address = "/manage/tables/usual-words/"
    sent = forms_of(client.get(address).content.decode())[-1].sent
    page = client.post(address, {**sent, "person-day-caps": line})
    assert line[:2] in str(page.context["form"].errors["person-day-caps"])
    assert not PersonDayCap.objects.exists()
