"""The pages of the evaluation: for whoever was there, for whoever runs or teaches the class."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from trainees.evaluation.windows import open_due
from trainees.models import EvaluationAnswered, Improvement, UseFollowUp

from ..factories import NOW, ExpertFactory, TraineeFactory, UserFactory, taught_by
from ..page_text import squeezed
from .evaluated import AFTER, attended_by, evaluated, held, people_of

pytestmark = pytest.mark.django_db
GRADES = {"manner": "5", "content": "4", "method": "3", "effect": "2"}
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _two_hours_later():
    with time_machine.travel(NOW + AFTER):
        yield


@pytest.fixture
def own_class(cadre):
    """One that the cadre was in; its evaluation is open."""
    training_class = held(people=1)
    attended_by(cadre, training_class)
    open_due(NOW)
    return training_class


def evaluate_url(training_class) -> str:
    return reverse("trainees:evaluate", args=[training_class.code])


def page_of(training_class) -> str:
    return reverse("trainees:class_evaluation", args=[training_class.code])


def test_the_own_page_leads_to_the_evaluation_and_after_answering_no_more(client, cadre, own_class):
    client.force_login(cadre.user)
    assert f'href="{evaluate_url(own_class)}"' in client.get("/me/").text
    assert f'href="{evaluate_url(own_class)}"' in client.get("/").text

    answer = client.post(evaluate_url(own_class), GRADES | {"useful": "实训"}, follow=True)

    assert "已匿名封存" in answer.text
    assert EvaluationAnswered.objects.get().trainee == cadre
    assert evaluate_url(own_class) not in client.get("/me/").text
    again = client.post(evaluate_url(own_class), GRADES, follow=True)
    assert "您已经填过" in again.text
    assert "您已经填过" in client.get(evaluate_url(own_class)).text


def test_a_missing_grade_is_asked_for_and_what_was_typed_stays(client, cadre, own_class):
    client.force_login(cadre.user)

    page = client.post(evaluate_url(own_class), {"manner": "5", "effect": "9", "useful": "实训"})

    assert page.status_code == 200
    assert "四项都请打分" in page.text
    assert ">实训</textarea>" in page.text
    assert not EvaluationAnswered.objects.exists()


def test_who_was_not_there_is_told_why(client, own_class):
    other = TraineeFactory()
    client.force_login(other.user)

    assert "只请点名到过课的学员填写" in client.get(evaluate_url(own_class)).text
    assert client.post(evaluate_url(own_class), GRADES).status_code == 302
    assert not EvaluationAnswered.objects.exists()


def test_the_answer_is_in_no_address_and_no_cache(client, cadre, own_class):
    client.force_login(cadre.user)

    sent = client.post(evaluate_url(own_class), GRADES | {"useful": "实训"})

    assert sent.url == "/me/evaluation/"
    assert "no-store" in sent.headers["Cache-Control"]


def test_one_tap_says_whether_it_is_used(client, cadre, own_class):
    client.force_login(cadre.user)
    address = reverse("trainees:say_use", args=[own_class.code, 30])
    assert "最后一课之后30天开始问" in client.get(address).text
    with time_machine.travel(NOW + 31 * DAY):
        client.force_login(cadre.user)
        assert f'href="{address}"' in client.get("/me/").text
        page = client.get(address)
        assert "会看到您的姓名" in page.text
        assert page.text.count('name="use"') == 4
        for _tap in range(2):
            client.post(address, {"use": "partly", "text": "还差一户"})

    assert [(row.use, row.text) for row in UseFollowUp.objects.all()] == [("partly", "还差一户")]
    assert client.get(address.replace("/30/", "/31/")).status_code == 404


# --- Whoever runs or teaches ----------------------------------------------------------------------


def test_below_five_the_page_of_the_class_shows_nothing(client, district_staff):
    training_class = evaluated(answers=4)
    client.force_login(district_staff)

    page = client.get(page_of(training_class)).text

    assert "满5份才开封" in page
    assert "演练最管用" not in page
    assert "不足五份" in client.get("/manage/evaluation/").text
    trends = client.get("/manage/evaluation/trends/").text
    assert "还没有满五份的班次" in trends


def test_from_five_on_it_shows_grades_and_texts_and_no_name(client, district_staff):
    training_class = evaluated(answers=6)
    client.force_login(district_staff)

    page = squeezed(client.get(page_of(training_class)))

    assert "已开封5份" in page
    assert page.count("<li>演练最管用</li>") == 5
    main = page[page.index("<main") : page.index("</main")]
    assert not any(person.name in main for person in people_of(training_class))


def test_a_lecturer_reads_the_own_class_without_the_names_of_who_wrote_about_using_it(
    client, district_staff
):
    training_class = evaluated(answers=5)
    lecturer = ExpertFactory(user=UserFactory())
    taught_by(training_class.lessons.get(), lecturer)
    writer = people_of(training_class)[0]
    UseFollowUp.objects.create(
        training_class=training_class, trainee=writer, days=30, use="used", text="签了八户"
    )
    pages = {}
    for who in (district_staff, lecturer.user):
        client.force_login(who)
        pages[who] = client.get(page_of(training_class)).text

    assert "签了八户" in pages[district_staff]
    assert writer.user.name in pages[district_staff]
    assert "签了八户" not in pages[lecturer.user]
    assert writer.user.name not in pages[lecturer.user]
    assert "演练最管用" in pages[lecturer.user]
    assert page_of(training_class) in client.get("/manage/evaluation/").text
    assert client.post(page_of(training_class), {}).status_code == 403


def test_something_to_mend_is_entered_listed_and_closed(client, campus, branch_coordinator):
    training_class = evaluated(answers=5, campus=campus)
    client.force_login(branch_coordinator)
    typed = {"finding": "讲义晚", "action": "提前发讲义", "responsible": branch_coordinator.pk}

    past = client.post(page_of(training_class), typed | {"due_on": "2020-01-01"})
    assert "这一天已经过去" in past.text
    stranger = typed | {"responsible": UserFactory().pk, "due_on": "2027-12-01"}
    assert client.post(page_of(training_class), stranger).status_code == 200
    client.post(page_of(training_class), typed | {"due_on": (NOW + 9 * DAY).date().isoformat()})

    item = Improvement.objects.get()
    assert "提前发讲义" in client.get("/manage/evaluation/mend/").text
    done = reverse("trainees:improvement_done", args=[item.pk])
    assert "请用一句话写明做了什么" in client.post(done, {"outcome": " "}, follow=True).text
    client.post(done, {"outcome": "已提前两天发"})
    assert "提前发讲义" not in client.get("/manage/evaluation/mend/?q=").text.split("<tbody")[-1]
    assert "已提前两天发" in client.get("/manage/evaluation/mend/?state=done").text


def test_no_list_is_in_the_order_of_grades(client, district_staff):
    evaluated(answers=5)
    client.force_login(district_staff)

    for column in ("effect", "manner", "n", "counted", "asked"):
        for page in ("/manage/evaluation/", "/manage/evaluation/trends/"):
            if column in ("asked", "counted") and "trends" in page:
                continue
            text = client.get(f"{page}?sort=-{column}").text
            if f"sort={column}" in text:
                pytest.fail(f"{page} sorts by {column}")
    workbook = client.get("/manage/evaluation/trends/?export=xlsx")
    workbook.close()
    assert workbook.status_code == 200


@pytest.mark.parametrize("page", ["", "trends/", "trends/?by=teacher", "mend/"])
def test_a_list_costs_as_many_statements_with_three_classes_as_with_one(
    client, district_staff, page, django_assert_max_num_queries
):
    for _class in range(3):
        evaluated(answers=5)
    client.force_login(district_staff)
    client.get(f"/manage/evaluation/{page}")

    with django_assert_max_num_queries(12):
        client.get(f"/manage/evaluation/{page}")
