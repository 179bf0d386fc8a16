"""Undoing a joining within 30 days: the rows that were moved go back, and no others.

Rows go back as they stand now: a booking that was cancelled meanwhile goes back cancelled. What
cannot be told apart any more is named, and then nothing is undone. Source: docs/rules.md R47.
"""

from collections.abc import Iterator
from datetime import datetime

from django.apps import apps
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from academy.models import PersonChangeKind, PersonMerge, Role, User
from academy.people_history import detail, record
from academy.people_keys import keep_findable
from academy.templatetags.portal_tags import full_day
from academy.text.phones import masked
from courses.models import TrainingClass

from ..booking.class_lock import lock
from ..booking.queue import promote
from ..models import OPEN, Enrolment, HourEntry, Nomination, Posting
from ..notices.people import ENTRY_PARTED
from ..people.as_seen import PersonRefused
from ..people.person_notices import in_the_language_of_the_portal, tell_of
from ..people.posts import unit_of
from .bookings import bring_back, change_places
from .joining import lock_both, somebody_administers, swap_numbers, words_of
from .rows import (
    keys_for,
    model_and_field,
    put_to,
    state_of,
    there_already,
    unparted,
    write,
)

ENROLMENTS = "trainees.Enrolment.trainee"
OF_A_BOOKING = (HourEntry, Nomination)


class CannotBeParted(PersonRefused):
    """What was joined has become one: the sentence names what."""


def try_to_part(*, merge: PersonMerge, by: User, now: datetime) -> list[str]:
    """What undoing would leave different from before, in sentences: it is done and taken back."""
    with transaction.atomic():
        notes = _part(merge, by=by, now=now)
        transaction.set_rollback(True)
    return notes


@transaction.atomic
def part(*, merge: PersonMerge, expected: list[str] | None, by: User, now: datetime) -> list[str]:
    """Make two entries of one again; returns what is different from before, in sentences.

    A second time changes nothing. Raises CannotBeParted, also where the effect is another than was
    shown (`expected`).
    """
    notes = _part(merge, by=by, now=now)
    if expected is not None and notes != expected:
        raise CannotBeParted(
            _("Nothing was saved: the effect is another than was shown. Look at it again.")
        )
    return notes


def _part(merge: PersonMerge, *, by: User, now: datetime) -> list[str]:
    classes = _lock_classes(merge)
    survivor, _own, away, _others = lock_both(merge.survivor, merge.away, None)
    merge = PersonMerge.objects.select_for_update(of=("self",), no_key=True).get(pk=merge.pk)
    if merge.parted_at is not None:
        return []
    if not merge.may_be_undone(now):
        raise CannotBeParted(
            _("This could be undone until %(day)s.") % {"day": full_day(merge.undone_until)}
        )
    if by.pk in (survivor.pk, away.pk):
        raise CannotBeParted(_("Nobody parts their own entry. Ask somebody else to do it."))
    if inseparable := list(_inseparable(merge, survivor)):
        raise CannotBeParted(" ".join(inseparable))
    with somebody_administers(now):
        _put_rows_back(merge, survivor, away)
        _put_values_back(merge, survivor, away)
    PersonMerge.objects.filter(pk=merge.pk).update(parted_at=now, parted_by=by)
    people = {person.pk: person for person in User.objects.filter(pk__in=(survivor.pk, away.pk))}
    keep_findable(people.values())
    with in_the_language_of_the_portal():
        found = [bring_back(kept, classes[_class_of(kept)], by=by, now=now) for kept in merge.ended]
        for training_class in classes.values():
            promote(training_class=training_class, now=now)
        notes = [note for note in found if note]
        for person in people.values():
            _record(person, people, notes, by=by, now=now)
    return notes


def _class_of(kept: dict) -> int:
    return Enrolment.objects.values_list("training_class", flat=True).get(pk=kept["enrolment"])


def _lock_classes(merge: PersonMerge) -> dict[int, TrainingClass]:
    """Those of bookings that come back, and those in which the person holds a seat or waits."""
    pair = (merge.survivor_id, merge.away_id)
    found = Enrolment.objects.filter(
        Q(trainee__user__in=pair, status__in=OPEN)
        | Q(pk__in=[kept["enrolment"] for kept in merge.ended])
    )
    keys = sorted(set(found.order_by().values_list("training_class", flat=True)))
    classes = TrainingClass.objects.in_bulk(keys)
    return {key: lock(classes[key]) for key in keys}


# --- What cannot be parted ----------------------------------------------------------------------


def _inseparable(merge: PersonMerge, survivor: User) -> Iterator[str]:
    if survivor.merged_into_id is not None:
        yield (
            _("%(name)s has been joined with yet another entry since. Undo that first.")
            % {"name": survivor.name}
        )
    if unparted(survivor).filter(pk__gt=merge.pk).exists():
        yield _("Another entry was joined with this one since. Undo that first.")
    for item in merge.changed:
        phone = item["new"].get("phone")
        if phone and not User.objects.filter(pk=item["key"], phone=phone).exists():
            yield _("The mobile number was changed since.")
    yield from _changed_posts(merge)


def _swaps_numbers(merge: PersonMerge) -> bool:
    return any("phone" in item["new"] for item in merge.changed)


def _changed_posts(merge: PersonMerge) -> Iterator[str]:
    """A post that was moved along must be as it was then: whoever ended it or made it the main one
    did so for the person as one.
    """
    found = Posting.objects.select_related("village__town", "position").in_bulk(
        [int(key) for key in merge.posts]
    )
    for key, state in merge.posts.items():
        posting = found.get(int(key))
        if posting is None:
            yield _("A post that came along is not on file any more.")
        elif state_of(posting) != state:
            yield (
                _("The post %(post)s at %(unit)s was changed since.")
                % {"post": posting.position.name, "unit": unit_of(posting.village)}
            )


# --- What goes back -----------------------------------------------------------------------------


def _put_rows_back(merge: PersonMerge, survivor: User, away: User) -> None:
    for label, keys in merge.moved.items():
        leads_to = keys_for(label, survivor, away)
        if leads_to is None:
            continue
        of_survivor, of_away = leads_to
        if label == ENROLMENTS:
            _exchange(merge, of_survivor, of_away)
        model, name = model_and_field(label)
        rows = model._base_manager.filter(pk__in=keys, **{name: of_survivor})
        going = rows.exclude(there_already(model, name, of_away))
        if model in OF_A_BOOKING:  # whose booking stays, stays with it
            going = going.filter(Q(enrolment__isnull=True) | Q(enrolment__trainee=of_away))
        put_to(label, list(going.values_list("pk", flat=True)), of_survivor, of_away)
    profiles = keys_for(ENROLMENTS, survivor, away)
    for old, new in (profiles, profiles[::-1]) if profiles else ():
        for model in OF_A_BOOKING:  # those that came since go with the booking as well
            model.objects.filter(trainee=old, enrolment__trainee=new).update(trainee=new)


def _exchange(merge: PersonMerge, survivor: int, away: int) -> None:
    """Of classes that had been held the record of the survivor counts again."""
    given = Enrolment.objects.filter(pk__in=merge.given.get(ENROLMENTS, ()))
    for own in given.select_related("pool"):
        other = Enrolment.objects.get(
            pk__in=merge.moved[ENROLMENTS], training_class=own.training_class_id, trainee=survivor
        )
        as_it_is = {"status": other.status, "pool": other.pool}
        change_places(own.pk, other.pk, survivor, away, as_it_is)


def _put_values_back(merge: PersonMerge, survivor: User, away: User) -> None:
    """What was written is put back where nobody has written over it since."""
    if _swaps_numbers(merge):
        swap_numbers(survivor, away, None)
    for item in reversed(merge.changed):
        model = apps.get_model(item["model"])
        row = model._base_manager.filter(pk=item["key"]).first()
        if row is None:
            continue
        old, new = (
            {
                name: model._meta.get_field(name.removesuffix("_id")).to_python(value)
                for name, value in item[side].items()
                if name != "phone"
            }
            for side in ("old", "new")
        )
        if "is_staff" in old and survivor.grants.filter(role=Role.ADMINISTRATOR).exists():
            continue
        write(
            row, **{name: value for name, value in old.items() if getattr(row, name) == new[name]}
        )


def _record(
    person: User, people: dict[int, User], notes: list[str], *, by: User, now: datetime
) -> None:
    change = record(
        person=person,
        kind=PersonChangeKind.PARTED,
        by=by,
        now=now,
        details=[
            *(
                detail(_("An entry of its own again"), "", words_of(item))
                for item in people.values()
            ),
            *(detail(_("Different from before"), "", note) for note in notes),
        ],
    )
    tell_of(change, ENTRY_PARTED, phone=masked(person.phone))
