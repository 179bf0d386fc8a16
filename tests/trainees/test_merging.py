"""Joining two entries of one person and parting them: nothing is lost, nothing counted twice."""

from datetime import timedelta

import pytest
from django.apps import apps

from academy.invariants import audit
from academy.models import PersonChange, PersonKey, Role, User
from academy.people_keys import keep_findable, not_findable
from academy.person_rows import declared
from courses.models import ClassStatus
from notices.models import Notice
from notices.outbox import tell
from practicums.models import Secondment
from tests.notices.factories import TEST, saying
from trainees.booking.enrolling import book
from trainees.booking.withdrawing import withdraw
from trainees.errors import NotEligible
from trainees.merging.joining import join, try_to_join
from trainees.merging.parting import CannotBeParted, part, try_to_part
from trainees.models import Enrolment, EnrolmentStatus, Follow, HourEntry, Trainee
from trainees.on_behalf.postings import end_post
from trainees.people.adding import PhoneTaken, add_person
from trainees.people.as_seen import PersonChangedMeanwhile, PersonRefused, as_seen
from trainees.people.duplicates import different, like, likely_of, likely_pairs
from trainees.people.finding import PersonFilters, listed_people
from trainees.people.phones import change_phone
from trainees.record.closing import close_class

from ..factories import (
    NOW,
    CourseFactory,
    LightTraineeFactory,
    StageFactory,
    TraineeFactory,
    UserFactory,
    VillageFactory,
    ask,
    class_with,
)
from ..practicums.factories import SecondmentFactory
from .entries import entry, how, joined
from .roster_tables import make_places, only, row, table

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _the_clock(time_machine):
    time_machine.move_to(NOW)


@pytest.fixture
def two(village):
    """Two entries that are one person."""
    return entry(village=village), entry(village=village)


# --- No relation is forgotten ---------------------------------------------------------------------


def relations():
    """Every field of any table that leads to a person or to a training profile."""
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model in (User, Trainee)
    }


def test_every_relation_to_a_person_is_moved_or_stays_for_a_reason():
    moves = [label for module in declared() for label in module.MOVES]
    stays = {label: why for module in declared() for label, why in module.STAYS.items()}

    assert set(moves) | set(stays) == relations()
    assert not set(moves) & set(stays) and len(moves) == len(set(moves))
    assert all(stays.values())


# --- Joining --------------------------------------------------------------------------------------


def test_what_somebody_booked_follows_and_holds_goes_along(two, district_staff, village):
    first, second = two
    training_class = class_with(seats=3)
    seat = book(trainee=second, training_class=training_class, by=second.user, now=NOW)
    Follow.objects.create(trainee=second, course=CourseFactory(), since=NOW)
    coordinator = second.user.grants.create(
        role=Role.VILLAGE_COORDINATOR, village=village, valid_from=TODAY
    )

    merge = joined(first, second, district_staff)

    seat.refresh_from_db()
    coordinator.refresh_from_db()
    assert (seat.trainee, coordinator.user) == (first, first.user)
    assert first.follows.count() == 1
    second.user.refresh_from_db()
    assert not second.user.is_active and second.user.stays_as == first.user
    assert list(listed_people(district_staff, PersonFilters(query="周敏华"), TODAY)) == [first]
    assert not PersonKey.objects.filter(person=second.user).exists()
    assert list(audit()) == []
    assert {change.kind for change in PersonChange.objects.all()} == {"merged"}
    assert PersonChange.objects.count() == 2
    assert merge.moved["trainees.Enrolment.trainee"] == [seat.pk]


def test_parting_puts_back_just_what_was_moved(two, district_staff):
    first, second = two
    training_class, other_class = (
        class_with(seats=3),
        class_with(seats=3, starts_at=NOW + timedelta(days=20)),
    )
    seat = book(trainee=second, training_class=training_class, by=second.user, now=NOW)
    merge = joined(first, second, district_staff)
    later = book(trainee=first, training_class=other_class, by=first.user, now=NOW)

    assert part(merge=merge, expected=[], by=district_staff, now=NOW) == []

    seat.refresh_from_db()
    later.refresh_from_db()
    assert (seat.trainee, later.trainee) == (second, first)
    second.user.refresh_from_db()
    assert second.user.is_active and second.user.merged_into is None
    assert len(listed_people(district_staff, PersonFilters(query="周敏华"), TODAY)) == 2
    assert list(audit()) == []


# --- Bookings that exclude each other -------------------------------------------------------------


def seat(trainee, training_class):
    return book(trainee=trainee, training_class=training_class, by=trainee.user, now=NOW)


def choice(first, second, keeps):
    return {f"{first.pk}-{second.pk}": str(keeps.pk)}


def states(*enrolments):
    return [Enrolment.objects.get(pk=item.pk).status for item in enrolments]


@pytest.mark.parametrize("keeps", [0, 1])
def test_of_two_seats_in_a_class_one_stays_and_the_other_goes_to_the_queue(
    two, district_staff, keeps
):
    training_class = class_with(seats=2)
    both = [seat(person, training_class) for person in two]
    waiting = seat(TraineeFactory(), training_class)
    choices = choice(*both, both[keeps])

    merge = joined(*two, district_staff, choices=choices)

    assert states(both[keeps], both[1 - keeps], waiting) == ["booked", "withdrawn", "booked"]
    assert set(
        Enrolment.objects.filter(pk__in=[item.pk for item in both]).values_list(
            "trainee", flat=True
        )
    ) == {two[0].pk}
    assert list(audit()) == []
    notes = try_to_part(merge=merge, by=district_staff, now=NOW)
    assert len(notes) == 1 and training_class.title in notes[0]

    part(merge=merge, expected=notes, by=district_staff, now=NOW)

    assert states(both[keeps], both[1 - keeps], waiting) == ["booked", "waitlisted", "booked"]
    assert [Enrolment.objects.get(pk=item.pk).trainee for item in both] == list(two)
    assert list(audit()) == []


def test_a_free_seat_comes_back_with_the_entry(two, district_staff):
    training_class = class_with(seats=3)
    both = [seat(person, training_class) for person in two]
    merge = joined(*two, district_staff, choices=choice(*both, both[0]))

    assert part(merge=merge, expected=None, by=district_staff, now=NOW) == []

    assert states(*both) == ["booked", "booked"]
    assert list(audit()) == []


def test_lessons_at_the_same_time_ask_for_a_choice(two, district_staff):
    starts_at = NOW + timedelta(days=14)
    one, other = (
        class_with(seats=3),
        class_with(seats=3, starts_at=starts_at + timedelta(minutes=60)),
    )
    both = [seat(two[0], one), seat(two[1], other)]
    effect = try_to_join(**how(*two, district_staff))
    assert [clash.both for clash in effect.clashes] == [tuple(both)]

    joined(*two, district_staff, choices=choice(*both, both[1]))

    assert states(*both) == ["withdrawn", "booked"]
    assert list(audit()) == []


def held(two):
    """A class that both attended, closed with hours for both."""
    from trainees.models import Attendance

    training_class = class_with(seats=3)
    both = [seat(person, training_class) for person in two]
    lesson = training_class.lessons.get()
    Attendance.objects.bulk_create(
        Attendance(
            enrolment=item,
            lesson=lesson,
            status="present",
            marked_by=two[0].user,
            marked_at=lesson.ends_at,
        )
        for item in both
    )
    type(training_class).objects.filter(pk=training_class.pk).update(status=ClassStatus.RUNNING)
    training_class.refresh_from_db()
    later = lesson.ends_at + timedelta(days=1)
    close_class(training_class=training_class, by=two[0].user, now=later)
    return both


def hours(trainee):
    return sum(HourEntry.objects.filter(trainee=trainee).values_list("hours", flat=True))


@pytest.mark.parametrize("keeps", [0, 1])
def test_a_class_that_was_held_counts_once(two, district_staff, keeps):
    both = held(two)
    assert [hours(person) for person in two] == [3, 3]

    merge = joined(*two, district_staff, choices=choice(*both, both[keeps]))

    assert [hours(person) for person in two] == [3, 3]  # the other's stay with the closed entry
    assert Enrolment.objects.get(trainee=two[0]).pk == both[keeps].pk
    assert list(audit()) == []
    part(merge=merge, expected=None, by=district_staff, now=NOW)
    assert [Enrolment.objects.get(pk=item.pk).trainee for item in both] == list(two)
    assert [hours(person) for person in two] == [3, 3]
    assert list(audit()) == []


# --- What would be there twice --------------------------------------------------------------------


def test_the_same_follow_post_role_and_notice_are_there_once(two, district_staff, village):
    first, second = two
    course = CourseFactory()
    for person in two:
        Follow.objects.create(trainee=person, course=course, since=NOW)
        person.user.grants.create(role=Role.VILLAGE_COORDINATOR, village=village, valid_from=TODAY)
        tell(TEST, person.user, values=saying("您好"), due_at=NOW)
        person.postings.create(village=village, position=person.position, valid_from=TODAY)
    stage = StageFactory()
    Trainee.objects.filter(pk=second.pk).update(stage=stage, born_in="1981-05")

    merge = joined(first, second, district_staff)

    first.refresh_from_db()
    assert (first.stage, first.born_in) == (stage, "1981-05")
    assert first.follows.count() == first.user.grants.count() == 1
    assert Notice.objects.filter(person=first.user, kind=TEST.key).count() == 1
    posts = first.postings.order_by("pk").values_list("is_extra", "position")
    assert list(posts) == [(False, first.position_id), (True, second.position_id)]
    part(merge=merge, expected=None, by=district_staff, now=NOW)
    second.refresh_from_db()
    first.refresh_from_db()
    assert (first.stage, first.born_in) == (None, "")
    assert second.postings.get().is_extra is False
    assert second.follows.count() == second.user.grants.count() == 1


def test_a_light_account_goes_into_the_entry_with_a_post_and_not_the_other_way(
    cadre, district_staff
):
    light = LightTraineeFactory(user__name=cadre.name)
    with pytest.raises(PersonRefused, match="岗位"):
        joined(light, cadre, district_staff)
    number = light.user.phone

    merge = joined(cadre, light, district_staff, takes_number=True)

    cadre.user.refresh_from_db()
    assert cadre.user.phone == number
    assert cadre.light_accounts.get().end == "became_cadre"
    part(merge=merge, expected=None, by=district_staff, now=NOW)
    light.user.refresh_from_db()
    assert light.user.phone == number and light.light_accounts.get().ended_at is None


def test_staff_without_a_profile_get_the_one_of_the_other_entry(cadre, administrator):
    clerk = UserFactory()
    clerk.grants.create(role=Role.AUDITOR, valid_from=TODAY)
    training_class = class_with(seats=2)
    booked = seat(cadre, training_class)

    merge = joined(clerk, cadre.user, administrator)

    booked.refresh_from_db()
    assert booked.trainee.user == clerk and booked.trainee == cadre
    part(merge=merge, expected=None, by=administrator, now=NOW)
    assert Trainee.objects.get(pk=cadre.pk).user == cadre.user


# --- Refused --------------------------------------------------------------------------------------


def test_what_cannot_be_joined_is_said(two, district_staff, administrator, cadre):
    first, second = two
    with pytest.raises(PersonRefused, match="同一份档案"):
        joined(first, first, district_staff)
    with pytest.raises(PersonRefused, match="自己"):
        joined(first, second, second.user)
    with pytest.raises(PersonRefused, match="怎么确认"):
        joined(first, second, district_staff, reason=" ")
    User.objects.filter(pk=first.user_id).update(is_active=False)
    with pytest.raises(PersonRefused, match="停用"):
        joined(first, second, district_staff)
    SecondmentFactory(trainee=cadre, mentor=second.user)
    with pytest.raises(PersonRefused, match="带教导师"):
        joined(second, cadre, administrator)
    assert not Secondment.objects.filter(trainee=second).exists()
    assert PersonChange.objects.count() == 0


def test_two_running_secondments_are_not_joined(two, district_staff):
    for person in two:
        SecondmentFactory(trainee=person)

    with pytest.raises(PersonRefused, match="挂职"):
        joined(*two, district_staff)


def test_an_old_page_joins_nothing(two, district_staff):
    ways = how(*two, district_staff)
    expected = try_to_join(**ways).key
    seat(two[1], class_with(seats=2))
    with pytest.raises(PersonChangedMeanwhile):
        join(expected=expected, **ways)
    change_phone(
        person=two[1].user,
        phone="19912340000",
        reason="本人来电",
        based_on=as_seen(two[1].user),
        by=district_staff,
        now=NOW,
    )
    with pytest.raises(PersonChangedMeanwhile):
        joined(*two, district_staff, based_on=ways["based_on"])
    assert User.objects.filter(merged_into__isnull=False).count() == 0


# --- What cannot be undone ------------------------------------------------------------------------


def test_after_thirty_days_it_stays(two, district_staff):
    merge = joined(*two, district_staff)

    part_late = {"merge": merge, "expected": None, "by": district_staff}
    with pytest.raises(CannotBeParted, match="过期"):
        part(**part_late, now=NOW + timedelta(days=30, seconds=1))
    part(**part_late, now=NOW + timedelta(days=30))
    assert part(**part_late, now=NOW) == []  # a second click


def test_a_post_that_came_along_and_was_ended_is_named(two, district_staff):
    first, second = two
    for person in two:
        person.postings.create(
            village=person.village, position=person.position, valid_from=TODAY - timedelta(days=9)
        )
    merge = joined(first, second, district_staff)
    brought = first.postings.get(is_extra=True)
    end_post(
        person=first.user,
        posting=brought,
        on=TODAY,
        gives_seats_up=False,
        reason="",
        based_on=as_seen(first.user),
        by=district_staff,
        now=NOW,
    )

    with pytest.raises(CannotBeParted, match=second.position.name):
        part(merge=merge, expected=None, by=district_staff, now=NOW)


def test_later_joinings_are_undone_first(two, district_staff, village):
    third = entry(village=village)
    first_merge = joined(*two, district_staff)
    second_merge = joined(two[0], third, district_staff)
    with pytest.raises(CannotBeParted):
        part(merge=first_merge, expected=None, by=district_staff, now=NOW)

    for merge in (second_merge, first_merge):
        part(merge=merge, expected=None, by=district_staff, now=NOW)

    assert User.objects.filter(merged_into__isnull=False).count() == 0


def test_what_was_cancelled_since_goes_back_cancelled(two, district_staff):
    booked = seat(two[1], class_with(seats=2))
    merge = joined(*two, district_staff)
    booked.refresh_from_db()
    withdraw(enrolment=booked, by=two[0].user, now=NOW)

    part(merge=merge, expected=None, by=district_staff, now=NOW)

    booked.refresh_from_db()
    assert (booked.trainee, booked.status) == (two[1], EnrolmentStatus.WITHDRAWN)


# --- The closed entry -----------------------------------------------------------------------------


def test_the_closed_entry_is_nobody_any_more(two, district_staff, client):
    first, second = two
    client.force_login(second.user)
    assert client.get("/me/").status_code == 200

    joined(first, second, district_staff)

    assert client.get("/me/").status_code == 302
    assert second.user not in not_findable()
    assert second not in Trainee.objects.cadres()
    found = listed_people(district_staff, PersonFilters(query=second.user.phone), TODAY)
    assert list(found) == [first]
    with pytest.raises(PhoneTaken):
        add_person(
            name="周敏华",
            phone=second.user.phone,
            village=first.village,
            position=first.position,
            stage=None,
            on=TODAY,
            by=district_staff,
            now=NOW,
        )


def test_a_roster_with_the_old_number_is_told_of_the_new_one(district_staff):
    make_places()
    first, second = entry("于少明"), entry("于少明")
    joined(first, second, district_staff)

    line = only(table(row(手机号=second.user.phone)))

    assert line.outcome == "rejected" and first.user.masked_phone in line.reasons[0]


def test_a_roster_says_whom_a_new_person_is_like():
    make_places()
    village = apps.get_model("academy", "Village").objects.get(name="富丽居委会")
    person = entry("于绍明", village=village)

    line = only(table(row()))

    assert line.outcome == "new" and person.user.masked_phone in line.remarks[-1]


# --- Finding --------------------------------------------------------------------------------------


def pairs(user, **unit):
    page = list(likely_pairs(user, **unit))
    rows = likely_of(page, user, unit.get("village") or unit.get("town"))
    return {(row.person.pk, other.person.pk) for row in rows for other in row.others}


def test_people_called_alike_next_to_each_other_are_found(
    district_staff, town_staff, village, town
):
    base = entry("樊雅莹", village=village)
    same_sound = entry("樊雅颖", village=VillageFactory(town=town))
    elsewhere = entry("樊雅莹")
    entry("周敏华", village=village)
    expected = {(base.user_id, same_sound.user_id)}
    assert pairs(district_staff) == pairs(town_staff) == expected
    User.objects.filter(pk=elsewhere.user_id).update(phone=f"1880000{base.user.phone[-4:]}")

    assert pairs(town_staff) == expected
    assert pairs(district_staff) == expected | {(base.user_id, elsewhere.user_id)}
    assert pairs(district_staff, village=same_sound.village) == {(same_sound.user_id, base.user_id)}
    assert pairs(district_staff, town=town) == expected | {(base.user_id, elsewhere.user_id)}

    different(first=same_sound.user, second=base.user, by=district_staff, now=NOW)
    different(first=base.user, second=same_sound.user, by=district_staff, now=NOW)

    assert pairs(district_staff) == {(base.user_id, elsewhere.user_id)}
    assert pairs(town_staff) == set()
    joined(base, elsewhere, district_staff)
    assert pairs(district_staff) == set()


def test_a_name_written_wrong_is_found_by_the_end_of_the_number(district_staff, village):
    base, other = entry("王丽", village=village), entry("王小丽", village=village)
    assert like(base.user, district_staff) == []
    other.user.phone = f"1880000{base.user.phone[-4:]}"
    other.user.save()
    keep_findable([other.user])

    assert [found.person for found in like(base.user, district_staff)] == [other.user]


@pytest.mark.parametrize("is_light", [False, True])
def test_whoever_was_joined_away_between_a_click_and_the_lock_is_not_booked(village, is_light):
    office = UserFactory()
    survivor, training_class = entry(village=village), class_with(seats=9)
    if is_light:
        away = LightTraineeFactory(user=UserFactory(name="周敏华"), village=village)
        ask(training_class, open_to_groups=[away.learner_group])
    else:
        away = entry(village=village)
    as_clicked = Trainee.objects.select_related("user", "village__town").get(pk=away.pk)
    joined(survivor, away, office)

    with pytest.raises(NotEligible):
        book(trainee=as_clicked, training_class=training_class, by=as_clicked.user, now=NOW)

    assert not Enrolment.objects.filter(trainee=away).exists()
