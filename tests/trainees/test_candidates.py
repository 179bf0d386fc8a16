"""Whom a street-town may send: only those whom the rules allow, the others with the reason."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.models import ClashRule, ClassStatus
from trainees.eligibility.candidates import obstacles_of
from trainees.models import (
    AttendanceStatus,
    Enrolment,
    EnrolmentChannel,
    EnrolmentStatus,
    Nomination,
)
from trainees.on_behalf.candidates import candidates_of

from ..factories import CourseFactory, EnrolmentFactory, PositionFactory, TraineeFactory, ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def training_class(bookable, town):
    return bookable(seats=6, town_seats={town: 4})


def page_of(training_class) -> str:
    return reverse("trainees:nominations", args=[training_class.code])


def test_another_post_and_a_clash_stand_against_it_and_nothing_else(
    training_class, cadre, village, bookable, seated
):
    ask(training_class, audiences=[cadre.position])
    training_class.refresh_from_db()
    other_post = TraineeFactory(village=village, position=PositionFactory())
    busy = TraineeFactory(village=village, position=cadre.position)
    elsewhere = bookable(seats=5)
    elsewhere.lessons.update(
        starts_at=training_class.starts_at, ends_at=training_class.starts_at + timedelta(hours=1)
    )
    seated(busy, elsewhere)

    found = obstacles_of([cadre, other_post, busy], training_class)

    assert set(found) == {other_post.pk, busy.pk}
    assert cadre.position.name in found[other_post.pk] and elsewhere.title in found[busy.pk]


def test_a_class_that_only_warns_of_clashes_folds_nobody(training_class, cadre, bookable, seated):
    elsewhere = bookable(seats=5)
    elsewhere.lessons.update(
        starts_at=training_class.starts_at, ends_at=training_class.starts_at + timedelta(hours=1)
    )
    seated(cadre, elsewhere)
    training_class.clash_rule = ClashRule.WARN

    assert obstacles_of([cadre], training_class) == {}


def test_what_comes_before_has_to_be_taken(training_class, cadre, colleague, bookable):
    before = bookable(days=-40)
    course = before.lessons.get().course_version.course
    ask(training_class, prerequisites=[course, CourseFactory()][:1])
    training_class.refresh_from_db()
    done = EnrolmentFactory(
        trainee=cadre,
        training_class=before,
        pool=before.pools.get(),
        status=EnrolmentStatus.COMPLETED,
    )
    done.attendances.create(
        lesson=before.lessons.get(),
        status=AttendanceStatus.PRESENT,
        marked_by=cadre.user,
        marked_at=timezone.now(),
    )
    type(before).objects.filter(pk=before.pk).update(status=ClassStatus.CLOSED)

    found = obstacles_of([cadre, colleague], training_class)

    assert set(found) == {colleague.pk} and course.title in found[colleague.pk]


def test_what_the_list_allows_is_what_sending_allows(
    client, town_staff, training_class, cadre, village
):
    """The list and the rule agree, person by person."""
    ask(training_class, audiences=[cadre.position])
    misfit = TraineeFactory(village=village, position=PositionFactory())
    client.force_login(town_staff)
    shown = client.get(page_of(training_class)).context
    assert [item.trainee for item in shown["allowed"]] == [cadre]
    assert [item.trainee for item in shown["refused"]] == [misfit]

    client.post(page_of(training_class), {"people": [cadre.pk, misfit.pk]})

    assert [item.trainee for item in Nomination.objects.all()] == [cadre]


def test_earlier_calls_of_the_last_year_are_shown(training_class, cadre, bookable):
    for days in (-30, -60, -400):
        past = bookable(days=days)
        EnrolmentFactory(
            trainee=cadre,
            training_class=past,
            pool=past.pools.get(),
            status=EnrolmentStatus.COMPLETED,
            channel=EnrolmentChannel.DISPATCH,
        )

    (found,) = candidates_of([cadre], training_class, timezone.now())

    assert found.earlier.number == 2
    assert found.earlier.last_on == timezone.localdate(timezone.now() - timedelta(days=30))


def test_the_list_is_narrowed_by_post_and_village_and_stays_so_after_sending(
    client, town_staff, training_class, cadre, town, village
):
    other_post = TraineeFactory(village=village, position=PositionFactory())
    other_village = TraineeFactory(village__town=town, position=cadre.position)
    client.force_login(town_staff)
    query = {"village": village.code, "post": str(cadre.position_id)}

    narrowed = client.get(page_of(training_class), query)
    assert [item.trainee for item in narrowed.context["allowed"]] == [cadre]
    assert {other_post, other_village} <= {
        item.trainee for item in client.get(page_of(training_class)).context["allowed"]
    }

    sent = client.post(page_of(training_class), query | {"people": [cadre.pk]}, follow=True)

    assert sent.redirect_chain[0][0].endswith(
        f"?town={town.code}&village={village.code}&post={cadre.position_id}"
    )
    assert sent.context["quota"].seats_taken == 1
    assert [item.trainee for item in sent.context["there"]] == [cadre]
    assert cadre.name in sent.text and sent.context["allowed"] == []


def test_a_tick_that_cannot_be_sent_stays_on_the_page(client, town_staff, training_class, cadre):
    client.force_login(town_staff)

    answer = client.post(page_of(training_class), {"people": ["x"]})

    assert answer.status_code == 200 and answer.context["form"].errors
    assert not Enrolment.objects.exists()
