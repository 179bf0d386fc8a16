"""What may be changed of a person, by whom, and what becomes of seats, sessions and keys."""

from datetime import timedelta

import pytest
from django.test import Client

from academy.invariants import audit
from academy.models import PersonChange, PersonKey, Role
from academy.people_keys import keep_findable, keys_of_text, not_findable
from academy.tasks import keep_people_findable
from notices.models import Notice
from trainees.models import EnrolmentStatus, Trainee
from trainees.on_behalf.postings import add_post, end_post, move, try_move
from trainees.on_behalf.seats_ahead import keys_of
from trainees.people.adding import PhoneTaken, add_person, correct
from trainees.people.as_seen import PersonChangedMeanwhile, PersonRefused, as_seen
from trainees.people.finding import (
    PersonFilters,
    PersonStatus,
    listed_people,
    listed_staff,
    near_people,
)
from trainees.people.phones import CodeWrong, begin, change_phone, confirm, reveal
from trainees.people.stages import set_stages
from trainees.people.suspending import restore, suspend

from ..conftest import grant
from ..factories import (
    NOW,
    LightTraineeFactory,
    PositionFactory,
    StageFactory,
    TraineeFactory,
    UserFactory,
    VillageFactory,
)

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
YEAR_AGO = TODAY - timedelta(days=300)


@pytest.fixture(autouse=True)
def _the_clock(time_machine):
    time_machine.move_to(NOW)


@pytest.fixture
def office(district_staff):
    return district_staff


def person(name="周敏华", **fields):
    made = TraineeFactory(user=UserFactory(name=name), **fields)
    keep_findable([made.user])
    return made


def ways(someone, by, **more):
    """What every change of a person is given."""
    return {"person": someone, "based_on": as_seen(someone), "by": by, "now": NOW} | more


def kinds(someone):
    return list(PersonChange.objects.filter(person=someone).values_list("kind", flat=True))


def told(someone):
    return Notice.objects.filter(person=someone, kind="person_changed").count()


# --- Finding --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("周敏华", ["周敏华"]),
        ("敏华", ["周敏华"]),
        ("zhoumin", ["周敏华"]),
        ("zmh", ["周敏华"]),
        ("minhua", ["周敏华"]),
        ("7788", ["周敏华"]),
        ("199****7788", []),
        ("9977788", ["周敏华"]),  # only the last four digits count
        ("19900007788", ["周敏华"]),
        ("788", []),
        ("周敏花", ["周敏华"]),  # sounds alike
        ("zhuominhua", ["周敏华"]),  # one slip
        ("大华", ["周敏华"]),
        ("dahua", ["周敏华"]),
        ("dh", ["周敏华"]),
        ("书记", ["周敏华"]),
        ("周 大华 书记", ["周敏华"]),
        ("曾 大华", []),
        ("zeng", ["曾国庆"]),
        ("xyzq", []),
        ("'; --", []),
        ("%", []),
    ],
)
def test_people_are_found_by_whatever_is_known_of_them(office, query, found):
    village = VillageFactory(name="大华二村居委会")
    person(village=village, position=PositionFactory(name="居民区书记"))
    person("曾国庆")
    Trainee.objects.filter(user__name="周敏华").update(stroke_key="a")
    user = Trainee.objects.get(user__name="周敏华").user
    user.phone = "19900007788"
    user.save()
    keep_findable([user])

    people = listed_people(office, PersonFilters(query=query), TODAY)
    near = near_people(office, PersonFilters(query=query), TODAY)

    assert [item.name for item in people or near] == found


def test_another_reading_of_the_first_character_finds_too():
    assert {"zengguoqing", "cengguoqing", "zgq", "国庆"} <= keys_of_text("曾国庆")


def test_filters_narrow_the_list_and_agree_with_each_other(office):
    stage = StageFactory()
    working = person("在任", stage=stage)
    left = person("离任", left_on=TODAY)
    closed = person("停用")
    closed.user.is_active = False
    closed.user.save()
    used = person("用过")
    used.user.last_login = NOW
    used.user.save()
    light = LightTraineeFactory()
    clerk = UserFactory(name="办事员")
    working.user.grants.create(
        role=Role.VILLAGE_COORDINATOR, village=working.village, valid_from=TODAY
    )

    def names(**chosen):
        return {item.name for item in listed_people(office, PersonFilters(**chosen), TODAY)}

    assert names() == {"在任", "离任", "停用", "用过"}
    assert names(status=PersonStatus.WORKING) == {"在任", "用过"}
    assert names(status=PersonStatus.NO_POST) == {left.name}
    assert names(status=PersonStatus.SUSPENDED) == {"停用"}
    assert names(status=PersonStatus.NEVER) == {"在任"}
    assert names(status=PersonStatus.LIGHT) == {light.name}
    assert names(stage=str(stage.pk)) == {"在任"}
    assert names(stage="none") == {"离任", "停用", "用过"}
    assert names(town=used.village.town) == names(village=used.village) == {"用过"}
    assert names(position=left.position) == {"离任"}
    assert names(role=Role.VILLAGE_COORDINATOR) == {"在任"}
    assert names(status=PersonStatus.STAFF) == set()
    assert clerk in listed_staff(office, PersonFilters(status=PersonStatus.STAFF), TODAY)
    assert list(listed_staff(office, PersonFilters(query="办事"), TODAY)) == []  # not kept findable
    keep_findable([clerk])
    assert list(listed_staff(office, PersonFilters(query="办事"), TODAY)) == [clerk]
    assert not listed_staff(office, PersonFilters(query="办事", stage="none"), TODAY)


def test_each_sees_whom_they_work_for(cadre, outsider, town_staff, village_coordinator, office):
    neighbour = TraineeFactory(village=VillageFactory(town=cadre.village.town))
    LightTraineeFactory(village=cadre.village)

    def seen(user):
        return set(listed_people(user, PersonFilters(), TODAY))

    assert seen(village_coordinator) == {cadre}
    assert seen(town_staff) == {cadre, neighbour}
    assert seen(office) == {cadre, neighbour, outsider}
    assert not listed_staff(town_staff, PersonFilters(status=PersonStatus.STAFF), TODAY)


# --- Adding and correcting ------------------------------------------------------------------------


def test_a_person_is_added_once_and_can_be_found(office, village, cadre):
    words = {
        "name": "樊雅莹",
        "village": village,
        "position": cadre.position,
        "stage": None,
        "on": TODAY,
        "by": office,
        "now": NOW,
    }
    added = add_person(phone="19900008123", **words)

    assert [str(item.position) for item in added.trainee.postings.all()] == [cadre.post]
    assert not added.has_usable_password()
    assert (kinds(added), told(added)) == (["added"], 1)
    assert added.trainee in listed_people(office, PersonFilters(query="fyy"), TODAY)
    with pytest.raises(PhoneTaken) as refused:
        add_person(phone=cadre.user.phone, **words)
    assert refused.value.person == cadre.user
    with pytest.raises(PersonRefused):
        add_person(phone="19900008124", **words | {"on": TODAY + timedelta(days=1)})


def test_a_corrected_name_is_kept_found_and_told(office):
    someone = person("樊雅莹").user
    changed = correct(
        person=someone, name="樊雅颖", gender="female", born_in="1981-05", by=office, now=NOW
    )

    assert [item["new"] for item in changed] == ["樊雅颖", "女", "1981-05"]
    assert PersonKey.objects.filter(person=someone, key="樊雅颖").exists()
    assert not PersonKey.objects.filter(person=someone, key="樊雅莹").exists()
    assert Trainee.objects.get(user=someone).stroke_key
    assert (kinds(someone), told(someone)) == (["corrected"], 1)
    again = {"name": "樊雅颖", "gender": "female", "born_in": "1981-05", "by": office, "now": NOW}
    assert correct(person=someone, **again) == []
    assert len(kinds(someone)) == 1


def test_people_whose_keys_are_behind_are_named():
    someone = person().user
    assert list(not_findable()) == []
    someone.phone = "19900009877"
    someone.save()
    assert list(not_findable()) == [someone]
    keep_people_findable()
    assert list(not_findable()) == []


# --- Posts and seats ------------------------------------------------------------------------------


def hold(trainee, **fields):
    return trainee.postings.create(
        **{"village": trainee.village, "position": trainee.position, "valid_from": YEAR_AGO}
        | fields
    )


def move_to(trainee, village, by, **more):
    where = ways(trainee.user, by, village=village, position=trainee.position, on=TODAY) | more
    fates = try_move(**where).fates
    return move(expected=keys_of(fates), **where)


@pytest.fixture
def town_quota(bookable, town):
    """A class with one seat for the town and one that is open to all."""
    return bookable(seats=2, town_seats={town: 1}, booking_opens_at=NOW - timedelta(days=3))


def test_a_move_ends_the_old_post_and_takes_the_archive_along(office, cadre, outsider):
    old = hold(cadre)
    new = move_to(cadre, outsider.village, office).posting
    cadre.refresh_from_db()
    old.refresh_from_db()

    assert old.valid_to == TODAY - timedelta(days=1)
    assert (cadre.village, new.village, new.valid_to) == (outsider.village, outsider.village, None)
    assert (kinds(cadre.user), told(cadre.user)) == (["moved"], 1)


def test_a_seat_of_the_old_quota_becomes_an_open_one(office, cadre, town_quota, seated):
    mine, town = seated(cadre, town_quota), cadre.village.town

    fates = move_to(cadre, VillageFactory(), office).fates

    mine.refresh_from_db()
    assert [(fate.kind, mine.pool.town) for fate in fates] == [("open", None)]
    assert town_quota.pools.get(town=town).seats_taken == 0
    after = seated(TraineeFactory(village=VillageFactory(town=town)), town_quota)
    assert after.pool.town == town
    assert not list(audit())


def test_nobody_loses_a_seat_when_no_open_one_is_free(office, cadre, outsider, town_quota, seated):
    mine = seated(cadre, town_quota)
    seated(outsider, town_quota)

    fates = move_to(cadre, VillageFactory(), office).fates

    mine.refresh_from_db()
    assert [fate.kind for fate in fates] == ["stays"]
    assert (mine.status, mine.pool.town) == (EnrolmentStatus.BOOKED, mine.village.town)
    assert not list(audit())


def test_a_move_is_refused_when_seats_fare_otherwise_than_shown(
    office, cadre, outsider, town_quota, seated
):
    seated(cadre, town_quota)
    where = ways(cadre.user, office, village=VillageFactory(), position=cadre.position, on=TODAY)
    shown = keys_of(try_move(**where).fates)
    seated(outsider, town_quota)

    with pytest.raises(PersonChangedMeanwhile):
        move(expected=shown, **where)
    cadre.refresh_from_db()
    assert cadre.village != where["village"]


def test_of_two_offices_the_second_is_told(office, cadre):
    hold(cadre)
    both = as_seen(cadre.user)
    move_to(cadre, VillageFactory(), office, based_on=both)
    for step in (
        lambda: try_move(
            **ways(cadre.user, office, based_on=both)
            | {"village": VillageFactory(), "position": cadre.position, "on": TODAY}
        ),
        lambda: suspend(**ways(cadre.user, office, based_on=both), reason="离职"),
        lambda: change_phone(
            **ways(cadre.user, office, based_on=both), phone="19900008001", reason="本人来过"
        ),
        lambda: add_post(
            **ways(cadre.user, office, based_on=both)
            | {"village": VillageFactory(), "position": cadre.position, "on": TODAY}
        ),
    ):
        with pytest.raises(PersonChangedMeanwhile, match=cadre.name):
            step()
    assert kinds(cadre.user) == ["moved"]


@pytest.mark.parametrize(
    "fields",
    [
        {"on": TODAY + timedelta(days=1)},
        {"on": TODAY - timedelta(days=400)},
        {"on": YEAR_AGO},  # the day the present post began
        {"village": None},  # the same unit
    ],
)
def test_a_move_that_cannot_be_is_refused(office, cadre, fields):
    hold(cadre)
    village = fields.pop("village", VillageFactory()) or cadre.village
    with pytest.raises(PersonRefused):
        move_to(cadre, village, office, **fields)
    assert kinds(cadre.user) == []


@pytest.mark.parametrize("gives_up", [True, False])
def test_the_last_post_ends_with_the_seats_as_chosen(office, cadre, town_quota, seated, gives_up):
    posting, mine = hold(cadre), seated(cadre, town_quota)
    ended = end_post(
        **ways(cadre.user, office),
        posting=posting,
        on=TODAY,
        gives_seats_up=gives_up,
        reason="退休",
    )
    cadre.refresh_from_db()
    mine.refresh_from_db()

    assert cadre.left_on == TODAY
    assert ended == ([mine] if gives_up else [])
    assert mine.holds_a_seat is not gives_up
    assert (kinds(cadre.user), told(cadre.user)) == (["posting_ended"], 1)
    assert not list(audit())
    with pytest.raises(PersonRefused):
        end_post(
            **ways(cadre.user, office), posting=posting, on=TODAY, gives_seats_up=True, reason=""
        )


def test_a_post_held_beside_becomes_the_main_one(office, cadre, outsider):
    main = hold(cadre)
    beside = add_post(
        **ways(cadre.user, office), village=outsider.village, position=outsider.position, on=TODAY
    )
    assert beside.is_extra
    with pytest.raises(PersonRefused):
        add_post(
            **ways(cadre.user, office),
            village=outsider.village,
            position=outsider.position,
            on=TODAY,
        )
    end_post(**ways(cadre.user, office), posting=main, on=TODAY, gives_seats_up=False, reason="")
    cadre.refresh_from_db()
    beside.refresh_from_db()

    assert (cadre.left_on, cadre.village, beside.is_extra) == (None, outsider.village, False)


@pytest.mark.parametrize("kind", ["left", "light", "clerk"])
def test_a_first_post_makes_a_cadre(office, kind, village, cadre):
    someone = {
        "left": lambda: TraineeFactory(left_on=TODAY - timedelta(days=9)).user,
        "light": lambda: LightTraineeFactory().user,
        "clerk": UserFactory,
    }[kind]()
    add_post(**ways(someone, office), village=village, position=cadre.position, on=TODAY)

    trainee = Trainee.objects.cadres().get(user=someone)
    assert (trainee.village, trainee.postings.get(valid_to=None).is_extra) == (village, False)


# --- Accounts and numbers -------------------------------------------------------------------------


def logged_in(someone):
    client = Client()
    client.force_login(someone)
    assert client.get("/me/").status_code == 200
    return client


def test_a_suspended_account_is_logged_out_until_it_is_opened_again(office, cadre):
    client = logged_in(cadre.user)
    suspend(**ways(cadre.user, office), reason="手机丢了")
    assert client.get("/me/").status_code == 302
    cadre.user.refresh_from_db()
    with pytest.raises(PersonRefused):
        suspend(**ways(cadre.user, office), reason="再一次")

    restore(**ways(cadre.user, office))
    assert logged_in(cadre.user)
    assert (kinds(cadre.user), told(cadre.user)) == (["restored", "suspended"], 1)


def test_nobody_closes_the_own_account_or_that_of_the_last_administrator(administrator, office):
    with pytest.raises(PersonRefused):
        suspend(**ways(administrator, office), reason="试试")
    other = grant(Role.ADMINISTRATOR)
    for reason, by in (("试试", administrator), ("  ", other)):
        with pytest.raises(PersonRefused):
            suspend(**ways(administrator, by), reason=reason)
    suspend(**ways(administrator, other), reason="调离")
    assert kinds(administrator) == ["suspended"]


def test_a_new_number_ends_the_sessions_and_is_kept_masked(office, cadre):
    keep_findable([cadre.user])
    old, client = cadre.user.masked_phone, logged_in(cadre.user)
    change_phone(**ways(cadre.user, office), phone="19900008001", reason="本人持证来办")
    cadre.user.refresh_from_db()

    assert client.get("/me/").status_code == 302
    change = cadre.user.changes.get()
    assert [(item["old"], item["new"]) for item in change.details] == [(old, "199****8001")]
    assert (change.reason, told(cadre.user)) == ("本人持证来办", 1)
    assert list(not_findable()) == [office]
    assert PersonKey.objects.filter(person=cadre.user, key="8001").exists()


@pytest.mark.parametrize("phone", ["same", "taken"])
def test_a_number_that_is_somebodys_is_refused(office, cadre, outsider, phone):
    number = cadre.user.phone if phone == "same" else outsider.user.phone
    with pytest.raises(PersonRefused):
        change_phone(**ways(cadre.user, office), phone=number, reason="本人来过")


def test_a_number_needs_a_reason_or_the_code_that_was_sent(office, cadre, settings):
    settings.SMS_TEXT_IN_LOG = True
    with pytest.raises(PersonRefused):
        change_phone(**ways(cadre.user, office), phone="19900008001", reason=" ")
    waiting = begin(
        person=cadre.user,
        phone="19900008001",
        based_on=as_seen(cadre.user),
        address="127.0.0.1",
        now=NOW,
    )
    how = {"waiting": waiting, "person": cadre.user, "by": office}
    with pytest.raises(CodeWrong):
        confirm(**how, code="x", now=NOW)
    with pytest.raises(CodeWrong):
        confirm(**how, code=waiting.code, now=NOW + timedelta(minutes=11))
    with pytest.raises(CodeWrong):
        confirm(**how | {"person": office}, code=waiting.code, now=NOW)
    confirm(**how, code=waiting.code, now=NOW)
    cadre.user.refresh_from_db()
    assert cadre.user.phone == "19900008001"


def test_looking_at_a_number_is_kept(office, cadre):
    assert reveal(person=cadre.user, by=office, now=NOW) == cadre.user.phone
    assert list(cadre.user.changes.values_list("kind", "by")) == [("revealed", office.pk)]


# --- Stages ---------------------------------------------------------------------------------------


def test_a_stage_is_set_for_those_who_are_elsewhere(office, cadre, colleague, outsider):
    stage, light = StageFactory(), LightTraineeFactory()
    Trainee.objects.filter(pk=colleague.pk).update(stage=stage)
    people = Trainee.objects.filter(pk__in=[cadre.pk, colleague.pk, light.pk])
    with pytest.raises(PersonChangedMeanwhile):
        set_stages(people=people, stage=stage, by=office, now=NOW, expected=2)

    changed = set_stages(people=people, stage=stage, by=office, now=NOW, expected=1)

    assert changed == [cadre]
    assert set(Trainee.objects.filter(stage=stage)) == {cadre, colleague}
    assert (kinds(cadre.user), told(cadre.user), kinds(colleague.user)) == (["stage"], 1, [])
