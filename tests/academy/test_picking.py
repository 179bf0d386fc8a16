"""Lists that are typed into: what each kind answers to Chinese, pinyin, initials and codes, to
whom, and that a form takes nothing that it would not have taken from a plain list.
"""

from datetime import datetime, timedelta

import pytest
from django import forms
from django.core.cache import cache
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from academy.models import User, Village
from academy.people_keys import keep_findable
from academy.picking.fields import PersonPhoneField
from academy.search import index
from courses.forms.batch import RoundForm
from courses.forms.classes import ClassForms
from courses.models import Expert
from courses.schedule.season import Season
from trainees.forms.approvals import DeputyForm

from ..factories import (
    NOW,
    SHANGHAI,
    CampusFactory,
    CourseFactory,
    ExpertFactory,
    RoleGrantFactory,
    TraineeFactory,
    VenueFactory,
    VillageFactory,
    class_with,
    taught_by,
)

MOST_QUERIES = 12  # of an answer, with the log-in


def answer(client, kind: str, query: str = "", **about) -> list[dict]:
    response = client.get(f"/manage/pick/{kind}/", {"q": query, **about})
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    return response.json()["rows"]


def words(client, kind: str, query: str = "", **about) -> list[str]:
    return [row["words"] for row in answer(client, kind, query, **about)]


@pytest.fixture
def office(client, district_staff):
    cache.clear()
    client.force_login(district_staff)
    return client


# --- Each kind, in each spelling ------------------------------------------------------------------


@pytest.mark.parametrize("query", ["电梯", "dianti", "dtjz", "SW-921", "sw-92", "sw921"])
def test_a_course_is_found_in_every_spelling(office, query):
    course = CourseFactory(code="SW-921", title="电梯加装协商实训")
    CourseFactory(code="ZC-901", title="条例逐条用")
    CourseFactory(code="SW-922", title="电梯草稿", status="draft")
    index.rebuild()

    rows = answer(office, "course", query)

    assert [(row["code"], row["key"]) for row in rows] == [("SW-921", course.pk)]


@pytest.mark.parametrize("query", ["议事", "yishi", "yss", "r907"])
def test_a_room_is_found_in_every_spelling(office, query):
    VenueFactory(code="R907", name="议事室")
    VenueFactory(code="R908", name="报告厅")

    assert words(office, "room", query) == ["议事室"]


@pytest.mark.parametrize("query", ["金敏", "jinmin", "jmr", "js-907"])
def test_an_expert_is_found_in_every_spelling_also_unpublished(office, query):
    ExpertFactory(code="JS-907", name="金敏蓉", published=False)
    ExpertFactory(code="JS-908", name="翁丽娣")

    assert words(office, "expert", query) == ["金敏蓉"]
    assert words(office, "teacher", query) == ["金敏蓉"]


def test_letters_of_a_code_are_no_initials(office):
    """Every expert's code begins with JS."""
    ExpertFactory(code="JS-907", name="翁丽娣")
    ExpertFactory(code="JS-908", name="蒋松")

    assert words(office, "expert", "js") == ["蒋松"]


def test_an_expert_is_found_by_what_they_teach(office):
    ExpertFactory(name="翁丽娣", specialities="业委会换届、加装电梯")
    index.rebuild()

    assert words(office, "expert", "换届") == ["翁丽娣"]


@pytest.mark.parametrize("query", ["示例东", "slddc", "310113901001"])
def test_a_village_is_found_in_every_spelling(office, query):
    VillageFactory(code="310113901001", name="示例东大村")
    VillageFactory(name="北新居民区")

    assert words(office, "village", query) == ["示例东大村"]


def test_a_village_is_found_with_its_street_town(office, town):
    town.name = "月浦镇"
    town.save()
    VillageFactory(name="盛桥一村", town=town)
    VillageFactory(name="盛桥二村")

    assert words(office, "village", "yuepu 盛桥") == ["盛桥一村"]


@pytest.mark.parametrize("query", ["许雪", "xuxue", "xxj", "许雪娟"])
def test_a_person_is_found_in_every_spelling_with_the_number_masked(office, query):
    person = TraineeFactory(user__name="许雪娟").user
    keep_findable([person, TraineeFactory(user__name="张三").user])

    rows = answer(office, "person", query)

    assert [(row["key"], row["words"]) for row in rows] == [(person.pk, "许雪娟")]
    assert person.masked_phone in rows[0]["detail"]
    assert person.phone not in str(rows)


def test_a_person_is_found_by_the_end_of_the_number_or_all_of_it(office):
    person = TraineeFactory(user__name="许雪娟").user
    keep_findable([person])

    assert words(office, "person", person.phone[-4:]) == ["许雪娟"]
    assert words(office, "person", person.phone) == ["许雪娟"]
    assert words(office, "person", person.phone[-3:]) == [] == words(office, "person", "x")
    assert words(office, "person") == []


def test_whoever_is_called_exactly_so_comes_first_among_many(office):
    """More are called so at the beginning than are looked at."""
    many = [item.user for item in TraineeFactory.create_batch(70, user__name="王伟东")]
    keep_findable([*many, TraineeFactory(user__name="王伟").user])

    assert words(office, "person", "王伟")[0] == "王伟"


@pytest.mark.parametrize("query", ["议事协商", "ysxs", "PX-77"])
def test_a_class_is_found_in_every_spelling_also_a_draft(office, query):
    class_with(seats=2, code="PX-771", title="议事协商示范班", status="draft")

    assert words(office, "class", query) == ["议事协商示范班"]


def test_the_command_box_forgives_a_slip_only_where_nothing_is_found(office):
    CourseFactory(code="SW-921", title="电梯加装协商实训")
    keep_findable([TraineeFactory(user__name="樊雅莹").user])
    index.rebuild()

    def found(query: str) -> list[str]:
        kinds = office.get("/manage/find/", {"q": query}).context["kinds"]
        return [row.title for kind in kinds for row in kind.rows]

    assert found("樊雅颖") == ["樊雅莹"]
    assert found("电踢加装") == ["电梯加装协商实训"]
    assert "樊雅莹" not in found("电梯")


def test_more_are_announced_and_an_odd_question_harms_nothing(office):
    for number in range(15):
        VillageFactory(name=f"示例{number}村")

    full = office.get("/manage/pick/village/", {"q": "示例"}).json()
    assert (len(full["rows"]), full["more"]) == (12, True)
    for query in ("' OR 1=1 --", "%", "_", "x" * 500, "☃", "\u202e村"):
        answer(office, "person", query)
        answer(office, "course", query)
    about = {"day": "9999-99-99", "starts": "x", "ends": "", "campus": "9" * 40, "lesson": "-1"}
    assert answer(office, "room", "", **about) == []
    assert office.get("/manage/pick/secrets/").status_code == 404


# --- The time of the lesson -----------------------------------------------------------------------


@pytest.fixture
def taken(campus):
    """A lesson on 12 April 2027 from 13:30 to 16:00 in a room of the campus, with an expert."""
    starts_at = datetime(2027, 4, 12, 13, 30, tzinfo=SHANGHAI)
    venue = VenueFactory(code="R901", name="一号厅", campus=campus, capacity=40)
    training_class = class_with(seats=2, title="占用班", campus=campus, starts_at=starts_at)
    lesson = training_class.lessons.get()
    lesson.venue, lesson.ends_at = venue, starts_at + timedelta(hours=2, minutes=30)
    lesson.save()
    taught_by(lesson, ExpertFactory(code="JS-901", name="金敏蓉"))
    return lesson


AT = {"day": "2027-04-12", "starts": "15:00", "ends": "17:00"}


def test_rooms_of_the_campus_stand_first_then_the_free_ones(office, campus, taken):
    elsewhere = CampusFactory()
    VenueFactory(code="R902", name="二号厅", campus=campus, capacity=60)
    VenueFactory(code="R903", name="三号厅", campus=elsewhere, capacity=20)
    VenueFactory(code="R904", name="四号厅", campus=campus, capacity=10)

    rows = answer(office, "room", campus=campus.pk, seats=30, **AT)

    about = {row["code"]: row for row in rows}
    mine = [row["code"] for row in rows if row["code"] in ("R901", "R902", "R903", "R904")]
    assert mine == ["R902", "R904", "R901", "R903"]  # fits, too small, taken, elsewhere
    assert (about["R902"]["state"], about["R901"]["state"]) == ("free", "taken")
    assert "占用班" in about["R901"]["detail"] and "60" in about["R902"]["detail"]


def test_a_lesson_does_not_clash_with_itself(office, taken):
    rows = {row["code"]: row["state"] for row in answer(office, "room", lesson=taken.pk, **AT)}
    assert rows["R901"] == "free"
    [row] = answer(office, "expert", "金敏蓉", lesson=taken.pk, **AT)
    assert row["state"] == "free"


def test_without_a_time_nothing_is_said_to_be_free(office, taken):
    assert {row["state"] for row in answer(office, "room")} == {""}
    assert {row["state"] for row in answer(office, "expert", day="2027-04-12")} == {""}


def test_experts_stand_with_their_load_and_their_clash(office, taken):
    ExpertFactory(code="JS-902", name="金小燕")

    rows = answer(office, "expert", "jin", **AT)

    assert [(row["code"], row["state"]) for row in rows] == [
        ("JS-902", "free"),
        ("JS-901", "taken"),
    ]
    assert "占用班" in rows[1]["detail"] and "1" in rows[1]["detail"]


def test_a_class_teacher_is_chosen_among_the_staff(office, branch_coordinator):
    branch_coordinator.name = "顾班任"
    branch_coordinator.save()

    [row] = answer(office, "teacher", "gbr")
    assert (row["code"], row["words"]) == (f"person-{branch_coordinator.pk}", "顾班任")
    assert answer(office, "expert", "gbr") == []


# --- Scope ----------------------------------------------------------------------------------------


def test_a_street_town_chooses_its_own_villages_and_people(client, town_staff, village):
    VillageFactory(name="别处一村")
    own = TraineeFactory(user__name="许雪娟", village=village).user
    keep_findable([own, TraineeFactory(user__name="许雪芳").user])
    client.force_login(town_staff)

    assert {row["key"] for row in answer(client, "village")} == set(
        Village.objects.filter(town=village.town).values_list("pk", flat=True)
    )
    assert [row["key"] for row in answer(client, "person", "许雪")] == [own.pk]
    assert [row["key"] for row in answer(client, "role-holder", "许雪")] == [own.pk]


def test_a_class_is_offered_to_whoever_runs_it(client, branch_coordinator, campus):
    class_with(seats=2, title="本校班", campus=campus)
    class_with(seats=2, title="别校班")
    client.force_login(branch_coordinator)

    assert words(client, "class") == ["本校班"]


def test_a_deputy_is_of_the_own_unit(client, village_coordinator, village):
    own = TraineeFactory(user__name="许雪娟", village=village).user
    closed = TraineeFactory(user__name="许雪梅", village=village, user__is_active=False).user
    keep_findable([own, closed, TraineeFactory(user__name="许雪芳").user])
    client.force_login(village_coordinator)

    assert [row["key"] for row in answer(client, "deputy", "xuxue")] == [own.pk]


def test_an_entry_that_was_joined_is_not_offered(office):
    person, away = (TraineeFactory(user__name="许雪娟").user for _number in range(2))
    keep_findable([person, away])
    User.objects.filter(pk=away.pk).update(merged_into=person, is_active=False)

    assert [row["key"] for row in answer(office, "person", "许雪娟")] == [person.pk]


# --- What a form takes ----------------------------------------------------------------------------


def test_a_form_takes_no_course_or_room_that_is_not_in_its_list(district_staff):
    draft = CourseFactory(status="draft")
    closed = VenueFactory(ended_on=NOW.date())
    data = {
        "lessons-TOTAL_FORMS": "1",
        "lessons-INITIAL_FORMS": "0",
        "quotas-TOTAL_FORMS": "1",
        "quotas-INITIAL_FORMS": "0",
        "lessons-0-course": draft.code,
        "lessons-0-venue": closed.code,
        "lessons-0-teachers-who": "person-1' OR 1=1",
        "lessons-0-teachers-role": "lecturer",
        "quotas-0-town": "310113999",
        "quotas-0-seats": "3",
    }
    sent = QueryDict(mutable=True)
    sent.update(data)
    found = ClassForms(user=district_staff, data=sent)

    assert not found.is_valid()
    assert {"course", "venue", "teachers"} <= set(found.lessons.forms[0].errors)
    assert "town" in found.quotas.forms[0].errors


def test_several_experts_are_taken_and_a_stranger_is_not(district_staff):
    one, two = ExpertFactory(), ExpertFactory()
    season = Season(2027, 2)

    def experts(*codes):
        form = RoundForm({"experts": codes}, user=district_staff, season=season)
        form.is_valid()
        return form.cleaned_data.get("experts"), "experts" in form.errors

    assert experts(one.code, two.code) == ([one, two], False)
    assert experts(one.code, "JS-X")[1]


class WhoForm(forms.Form):
    who = PersonPhoneField(required=False)


def test_a_person_is_meant_by_number_by_the_only_name_or_by_choice(district_staff):
    one, two = (TraineeFactory(user__name="许雪娟").user for _number in range(2))
    only = TraineeFactory(user__name="周敏").user
    keep_findable([one, two, only])

    def read(**data):
        form = WhoForm({name.replace("key", "who-key"): value for name, value in data.items()})
        form.fields["who"].asker = district_staff
        return form.cleaned_data["who"] if form.is_valid() else form

    assert read(who="周敏") == only.phone
    assert read(who=f" {only.phone[:3]} {only.phone[3:]}") == only.phone
    assert read(who="许雪娟", key=f"{two.pk}:许雪娟") == two.phone
    assert read(who="") == ""
    asked = read(who="许雪娟")
    page = str(asked["who"])
    assert asked.errors and page.count('type="radio"') == 2
    assert f'value="{one.pk}:许雪娟"' in page and one.phone not in page
    assert read(who="周敏", key=f"{two.pk}:许雪娟") == only.phone  # another text: no choice
    for key in ("9" * 40, "-1", "0", "x", f"{two.pk} OR 1=1", str(2**62)):
        assert read(who="许雪娟", key=f"{key}:许雪娟").errors


def test_nobody_out_of_scope_is_chosen(town_staff, outsider):
    keep_findable([outsider.user])

    form = WhoForm({"who": outsider.name, "who-key": f"{outsider.user_id}:{outsider.name}"})
    form.fields["who"].asker = town_staff
    assert not form.is_valid()
    form = WhoForm({"who": outsider.name})
    form.fields["who"].asker = town_staff
    assert not form.is_valid() and outsider.user.phone not in str(form)


def test_a_deputy_is_named_without_a_script(client, village_coordinator, village):
    one, two = (TraineeFactory(user__name="许雪娟", village=village).user for _n in range(2))
    keep_findable([one, two])
    client.force_login(village_coordinator)
    sent = {"phone": "许雪娟", "valid_from": NOW.date(), "valid_to": NOW.date(), "reason": "出差"}

    page = client.post("/manage/deputies/", sent)
    assert page.content.decode().count('name="phone-key"') == 2
    client.post("/manage/deputies/", sent | {"phone-key": f"{two.pk}:许雪娟"})

    assert [item.person for item in village_coordinator.deputies.all()] == [two]


def test_the_form_of_deputies_takes_nobody_else(village_coordinator, outsider):
    form = DeputyForm(
        {"phone": "x", "phone-key": f"{outsider.user_id}:x"},
        approver=village_coordinator,
        today=NOW.date(),
    )
    assert "phone" in form.errors


def test_a_role_is_given_to_whoever_was_chosen(client, town_staff, village, outsider):
    person = TraineeFactory(user__name="许雪娟", village=village).user
    client.force_login(town_staff)

    page = client.get("/manage/roles/give/", {"q": "许雪娟", "q-key": f"{person.pk}:许雪娟"})
    assert page.context["person"] == person
    stranger = {"q": "x", "q-key": f"{outsider.user_id}:x"}
    assert client.get("/manage/roles/give/", stranger).status_code == 404


# --- Budgets --------------------------------------------------------------------------------------


def many(number: int) -> None:
    """So many more courses, rooms, experts, villages and people."""
    campus, village = CampusFactory(), VillageFactory()
    CourseFactory.create_batch(number, title="电梯加装协商实训")
    VenueFactory.create_batch(number, campus=campus)
    Expert.objects.bulk_create(
        Expert(code=f"ZZ-{Expert.objects.count() + n}", name="金敏蓉", category="优秀书记")
        for n in range(number)
    )
    VillageFactory.create_batch(number, town=village.town)
    people = [
        trainee.user
        for trainee in TraineeFactory.create_batch(number, user__name="金敏", village=village)
    ]
    keep_findable(people)
    for person in people[:20]:
        RoleGrantFactory(user=person, role="village_coordinator", village=village)
    index.rebuild(["course", "expert"])


ASKED = (
    ("course", "dianti"),
    ("course", ""),
    ("room", ""),
    ("expert", "jin"),
    ("teacher", "jin"),
    ("village", ""),
    ("person", "jin"),
    ("deputy", "jin"),
    ("role-holder", "jin"),
    ("class", "yi"),
)


def test_an_answer_asks_the_same_queries_for_ten_and_for_many(client, administrator):
    client.force_login(administrator)

    def queries(kind: str, query: str) -> int:
        client.get(f"/manage/pick/{kind}/", {"q": query})  # reads the search index into memory
        with CaptureQueriesContext(connection) as captured:
            answer(client, kind, query, **AT)
        return len(captured)

    many(10)
    few = {asked: queries(*asked) for asked in ASKED}
    many(200)

    assert {asked: queries(*asked) for asked in ASKED} == few
    assert max(few.values()) <= MOST_QUERIES
