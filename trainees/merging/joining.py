"""Joining two entries of one person: one stays, the other is closed and leads to it.

Everything that says what the person booked, did, holds and follows goes to the one that stays. What
it has already (the same follow, role, post) stays with the closed entry; of two bookings that
exclude each other one is chosen. What was moved is kept, so that undoing puts back just that.
Source: docs/rules.md R47.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from academy import role_grants
from academy.access import is_administrator
from academy.models import PersonChangeKind, PersonMerge, User
from academy.people_history import detail, record
from academy.people_keys import keep_findable
from academy.person_rows import moving_fields, refusals
from academy.text.phones import masked
from courses.models import TrainingClass

from ..booking.class_lock import lock
from ..booking.queue import promote
from ..models import OPEN, Enrolment, LightAccountEnd, Posting, Trainee
from ..notices.people import ENTRIES_JOINED
from ..people.as_seen import PersonChangedMeanwhile, PersonRefused, lock_person
from ..people.person_notices import in_the_language_of_the_portal, tell_of
from ..people.posts import open_postings, unit_of
from ..people.stroke_order import stroke_key
from .bookings import give_way, take_the_other_record
from .clashes import Clash, clashes_of
from .rows import Written, counted, is_beside, keys_for, model_and_field, state_of

# facts that the one who stays takes over where they have none
FACTS = ("stage", "gender", "born_in")
TOLD = "notices.Notice.person"  # changes every hour, and nobody decides by it


@dataclass(frozen=True)
class Joined:
    """Two entries as they were joined, or would be."""

    merge: PersonMerge
    clashes: list[Clash]
    left: list[tuple[str, int]]  # what stays with the closed entry: its name, and how many

    @property
    def moved(self) -> list[tuple[str, int]]:
        return counted(self.merge.moved)

    @property
    def posts_beside(self) -> list[Posting]:
        """Posts held now that come along beside the main one."""
        beside = [int(key) for key, state in self.merge.posts.items() if is_beside(state)]
        return list(Posting.objects.filter(pk__in=beside).select_related("position", "village"))

    @property
    def in_words(self) -> tuple[str, str]:
        """The entry that stays and the one that is closed."""
        return words_of(self.merge.survivor), words_of(self.merge.away)

    @property
    def key(self) -> str:
        """What a page carries of the effect, to be compared when it is confirmed."""
        moved = {label: keys for label, keys in self.merge.moved.items() if label != TOLD}
        seen = [moved, self.merge.given, [(clash.key, clash.keeps.pk) for clash in self.clashes]]
        return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()[:32]


def try_to_join(**how) -> Joined:
    """What joining would do: it is done and taken back."""
    with transaction.atomic():
        joined = _join(**how)
        transaction.set_rollback(True)
    return joined


@transaction.atomic
def join(*, expected: str, **how) -> PersonMerge:
    """Join `away` with `survivor`, if it has the effect that was shown (`expected`).

    `how`: survivor, away, takes_number (the number of the closed entry is the right one), choices
    (of bookings that exclude each other), reason, based_on (of both), by, now. Raises
    PersonRefused, PersonChangedMeanwhile.
    """
    joined = _join(**how)
    if joined.key != expected:
        raise PersonChangedMeanwhile(
            _("Nothing was saved: the effect is another than was shown. Look at it again.")
        )
    return joined.merge


def _join(
    *,
    survivor: User,
    away: User,
    takes_number: bool,
    choices: Mapping[str, str],
    reason: str,
    based_on: tuple[str, str],
    by: User,
    now: datetime,
) -> Joined:
    classes = lock_classes(survivor, away)
    survivor, own, away, others = lock_both(survivor, away, based_on)
    if sentences := against(survivor, away, by=by):
        raise PersonRefused(" ".join(sentences))
    if not reason.strip():
        raise PersonRefused(_("Say in a few words how you know that they are one person."))
    clashes = clashes_of(own, others, choices)
    written = Written()
    with in_the_language_of_the_portal():
        if any(
            clash.drops.training_class_id not in classes for clash in clashes if not clash.is_over
        ):
            raise PersonChangedMeanwhile(
                _("Nothing was saved: the bookings have changed. Look at them again.")
            )
        give_way(clashes, classes, written, by=by, now=now)
    with somebody_administers(now):
        _make_ready(own, others, written, now)
        _move_everything(survivor, away, clashes, written)
        _close(survivor, own, away, others, written, takes_number=takes_number, now=now)
    merge = PersonMerge.objects.create(
        survivor=survivor,
        away=away,
        by=by,
        at=now,
        reason=reason.strip()[:200],
        moved=written.moved,
        given=written.given,
        posts=_posts_as_they_are(written),
        changed=written.changed,
        ended=written.ended,
    )
    for training_class in classes.values():
        promote(training_class=training_class, now=now)
    with in_the_language_of_the_portal():
        _record(merge, clashes)
    return Joined(merge, clashes, _left_with(away, survivor))


# --- Who and when -----------------------------------------------------------------------------


def lock_classes(first: User, second: User) -> dict[int, TrainingClass]:
    """The classes in which one of them holds a seat or waits, in the order of their keys."""
    found = Enrolment.objects.filter(trainee__user__in=(first, second), status__in=OPEN)
    keys = sorted(set(found.order_by().values_list("training_class", flat=True)))
    classes = TrainingClass.objects.in_bulk(keys)
    return {key: lock(classes[key]) for key in keys}


def lock_both(
    first: User, second: User, based_on: tuple[str, str] | None
) -> tuple[User, Trainee | None, User, Trainee | None]:
    """Both people and profiles, locked in the order of their keys. Raises PersonChangedMeanwhile
    where one is not what the page was based on.
    """
    pair = (first, second)
    list(
        Trainee.objects.select_for_update(of=("self",), no_key=True)
        .filter(user__in=pair)
        .order_by("pk")
    )
    people = User.objects.select_for_update(no_key=True).filter(pk__in=[item.pk for item in pair])
    found = {person.pk: person for person in people.order_by("pk")}
    if based_on is None:
        profiles = {
            item.user_id: item
            for item in Trainee.objects.filter(user__in=pair).select_related("user", "position")
        }
        return found[first.pk], profiles.get(first.pk), found[second.pk], profiles.get(second.pk)
    return *lock_person(first, based_on[0]), *lock_person(second, based_on[1])


def against(survivor: User, away: User, *, by: User) -> list[str]:
    """What stands against joining the two like this, in sentences."""
    if survivor.pk == away.pk:
        return [_("This is one entry, not two.")]
    if by.pk in (survivor.pk, away.pk):
        return [_("Nobody joins their own entry with another. Ask somebody else to do it.")]
    joined = [person for person in (survivor, away) if person.merged_into_id is not None]
    if joined:
        return [
            _("%(name)s has been joined with another entry already.") % {"name": joined[0].name}
        ]
    sentences = []
    if any(not person.phone.isdecimal() for person in (survivor, away)):
        sentences.append(_("One of the accounts was closed for good: nobody knows whose it was."))
    if not survivor.is_active:
        sentences.append(
            _("The account of %(name)s is suspended, so the other entry must stay.")
            % {"name": survivor.name}
        )
    if away.is_superuser or (survivor.is_superuser and not is_administrator(by)):
        sentences.append(_("Whoever keeps the server keeps the entry; let it stay."))
    profiles = {item.user_id: item for item in Trainee.objects.filter(user__in=(survivor, away))}
    if len(profiles) == 2 and _standing(profiles[survivor.pk]) < _standing(profiles[away.pk]):
        sentences.append(
            _(
                "The other entry is the one with a post. Keep that one; which number it has you"
                " can choose."
            )
        )
    return [*sentences, *refusals(survivor, away)]


def _standing(trainee: Trainee) -> int:
    """Whoever holds a post comes before whoever left it, and a cadre before a light account."""
    if trainee.is_light:
        return 0
    return 2 if trainee.left_on is None else 1


@contextmanager
def somebody_administers(now: datetime) -> Iterator[None]:
    """The last administrator does not go with an entry. Raises PersonRefused."""
    had_one = role_grants.administrators(now).exists()
    yield
    if had_one and not role_grants.administrators(now).exists():
        raise PersonRefused(_("Nobody would administer the portal any more."))


# --- What is written --------------------------------------------------------------------------


def _make_ready(
    own: Trainee | None, others: Trainee | None, written: Written, now: datetime
) -> None:
    """What the two cannot both have and one can have in another way: a main post becomes one held
    beside, a stay in a group ends.
    """
    if own is None or others is None:
        return
    if not own.is_light and own.left_on is None:
        for posting in open_postings(others):
            is_the_own = (posting.village_id, posting.position_id) == (
                own.village_id,
                own.position_id,
            )
            if not posting.is_extra and (not is_the_own or open_postings(own)):
                written.put(posting, is_extra=True)
    end = LightAccountEnd.LEFT if own.is_light else LightAccountEnd.BECAME_CADRE
    for account in others.light_accounts.filter(ended_at__isnull=True):
        written.put(account, ended_at=now, end=end)


def _move_everything(survivor: User, away: User, clashes: list[Clash], written: Written) -> None:
    for label in moving_fields():
        if label == "trainees.Enrolment.trainee":
            for clash in clashes:
                if clash.is_over and clash.keeps == clash.aways:
                    take_the_other_record(clash, written)
        if keys := keys_for(label, away, survivor):
            written.move(label, *keys)


def _close(
    survivor: User,
    own: Trainee | None,
    away: User,
    others: Trainee | None,
    written: Written,
    *,
    takes_number: bool,
    now: datetime,
) -> None:
    """Facts that were missing, the number, and the end of the other entry."""
    if own is not None and others is not None:
        missing = {name: getattr(others, name) for name in FACTS if not getattr(own, name)}
        for name in [name for name in missing if name == "stage" and own.is_light]:
            del missing[name]
        missing = {
            Trainee._meta.get_field(name).attname: getattr(
                others, Trainee._meta.get_field(name).attname
            )
            for name in missing
        }
        written.put(own, **missing)
        if not others.is_light and others.left_on is None:
            written.put(others, left_on=timezone.localdate(now))
    elif others is not None:
        written.put(others, stroke_key=stroke_key(survivor.name))
    if away.is_staff:
        written.put(survivor, is_staff=True)
    written.put(away, is_active=False, merged_into_id=survivor.pk)
    if takes_number:
        swap_numbers(survivor, away, written)
    keep_findable([survivor, away])


def swap_numbers(survivor: User, away: User, written: Written | None) -> None:
    """Each gets the number of the other; sessions end with it."""
    numbers = survivor.phone, away.phone
    User.objects.filter(pk=survivor.pk).update(phone=f"~{survivor.pk:010d}")
    for person, phone in zip((away, survivor), numbers, strict=True):
        if written is not None:
            written.put(person, phone=phone)
        else:
            User.objects.filter(pk=person.pk).update(phone=phone)


def _posts_as_they_are(written: Written) -> dict[str, list]:
    moved = Posting.objects.filter(pk__in=written.moved.get("trainees.Posting.trainee", ()))
    return {str(posting.pk): state_of(posting) for posting in moved}


def _left_with(away: User, survivor: User) -> list[tuple[str, int]]:
    """What stays with the closed entry because the other has the same, by table."""
    left: dict[str, list[int]] = {}
    for label in moving_fields():
        keys = keys_for(label, away, survivor)
        if keys is None or label == "trainees.Trainee.user":
            continue
        model, name = model_and_field(label)
        if found := list(
            model._base_manager.filter(**{name: keys[0]}).values_list("pk", flat=True)
        ):
            left[label] = found
    return counted(left)


def _record(merge: PersonMerge, clashes: list[Clash]) -> None:
    """A line in the history of both, and a word to whoever stays."""
    survivor, away = merge.survivor, merge.away
    fates = [
        detail(clash.drops.training_class.title, "", clash.words)
        for clash in clashes
        if not clash.is_over
    ]
    both = [
        detail(_("The entry that stays"), "", words_of(survivor)),
        detail(_("The entry that was closed"), "", words_of(away)),
    ]
    for person in (away, survivor):
        change = record(
            person=person,
            kind=PersonChangeKind.MERGED,
            by=merge.by,
            now=merge.at,
            details=[*both, *fates],
            reason=merge.reason,
        )
    tell_of(change, ENTRIES_JOINED, phone=masked(survivor.phone))


def words_of(person: User) -> str:
    """Name, masked number and unit: what tells two entries apart."""
    trainee = Trainee.objects.filter(user=person).select_related("village__town").first()
    unit = f" {unit_of(trainee.village)}" if trainee else ""
    return f"{person.name} {masked(person.phone)}{unit}"
