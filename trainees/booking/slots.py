"""Choosing one of several parallel slots of a lesson. Source: docs/rules.md R90.

Every change locks the class first; a choice that is left keeps its row, for calendars.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from academy.templatetags.portal_tags import day, span
from courses.models import HELD, Lesson, TrainingClass
from courses.schedule.slots import seats_of
from notices.outbox import tell

from ..eligibility.clashes import commitments_of
from ..eligibility.past import clash_reason
from ..errors import BookingError, Reason
from ..models import Enrolment, EnrolmentStatus, SlotChoice
from ..notices.slots import SLOT_PLACED
from .class_lock import lock, lock_people


class SlotRefused(BookingError):
    """The slot cannot be chosen, or not any more."""


class SlotFull(SlotRefused):
    """Its last seat is gone; the sentence says where there is one."""


def slot_in_words(slot: Lesson) -> str:
    """12月3日 周四 09:00—11:30，201教室."""
    return _("%(day)s %(span)s, %(room)s") % {
        "day": day(slot.starts_at),
        "span": span(slot),
        "room": slot.venue.name,
    }


# --- What there is --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Slot:
    """One slot with its seats; `clash` says in a sentence what the person has on at its time."""

    lesson: Lesson
    seats: int
    taken: int
    has_begun: bool = False
    is_own: bool = False
    clash: str = ""
    is_forbidden: bool = False  # the clash keeps from choosing it

    @property
    def seats_left(self) -> int:
        return max(0, self.seats - self.taken)

    @property
    def may_be_chosen(self) -> bool:
        return not (self.is_own or self.has_begun or self.is_forbidden) and self.seats_left > 0


@dataclass(frozen=True)
class SlotGroup:
    """The slots of one lesson, in the order of time."""

    number: int
    slots: list[Slot]

    @property
    def title(self) -> str:
        return self.slots[0].lesson.title

    @property
    def own(self) -> Slot | None:
        return next((slot for slot in self.slots if slot.is_own), None)

    @property
    def may_change(self) -> bool:
        """Whether the person can still choose, or choose another."""
        if self.own is not None and self.own.has_begun:
            return False
        return any(slot.may_be_chosen for slot in self.slots)


def slots_of(training_class: TrainingClass) -> list[Lesson]:
    """The parallel slots of a class, by group and time; one query."""
    return list(
        Lesson.objects.filter(training_class=training_class, slot_group__isnull=False)
        .select_related("course_version", "venue__campus")
        .order_by("slot_group", "starts_at", "pk")
    )


def taken_of(slots: Iterable[Lesson]) -> Counter[int]:
    """Slot → people who have chosen it; one query."""
    chosen = SlotChoice.objects.standing().filter(lesson__in=[slot.pk for slot in slots])
    return Counter(dict(chosen.order_by().values_list("lesson").annotate(number=Count("pk"))))


def slot_groups(training_class: TrainingClass, now: datetime) -> list[SlotGroup]:
    """The slots of a class as staff see them; none for a class without. Two queries."""
    return _grouped(training_class, slots_of(training_class), now)


def slot_groups_for(
    enrolment: Enrolment, training_class: TrainingClass, now: datetime
) -> list[SlotGroup]:
    """The slots of the class with what the person has chosen and what clashes; one query for a
    class without slots.
    """
    slots = slots_of(training_class)
    if not slots:
        return []
    own = set(
        SlotChoice.objects.standing().filter(enrolment=enrolment).values_list("lesson", flat=True)
    )
    clashes = _clashes(enrolment, training_class, slots)
    return _grouped(training_class, slots, now, own, clashes)


def _grouped(
    training_class: TrainingClass,
    slots: list[Lesson],
    now: datetime,
    own: frozenset[int] | set[int] = frozenset(),
    clashes: dict[int, Reason] | None = None,
) -> list[SlotGroup]:
    if not slots:
        return []
    taken, groups = taken_of(slots), {}
    for lesson in slots:
        clash = (clashes or {}).get(lesson.pk)
        groups.setdefault(lesson.slot_group, []).append(
            Slot(
                lesson,
                seats_of(lesson, training_class.capacity),
                taken[lesson.pk],
                has_begun=now >= lesson.starts_at,
                is_own=lesson.pk in own,
                clash=clash.fact if clash and (clash.hint or not clash.ok) else "",
                is_forbidden=clash is not None and not clash.ok,
            )
        )
    return [SlotGroup(number, group) for number, group in groups.items()]


def _clashes(
    enrolment: Enrolment, training_class: TrainingClass, slots: Iterable[Lesson]
) -> dict[int, Reason]:
    """Slot → what the clash rule says of it for the person."""
    commitments = commitments_of(enrolment.trainee, [training_class])
    return {slot.pk: clash_reason(training_class, commitments.of_slot(slot)) for slot in slots}


def unchosen(training_class: TrainingClass) -> list[tuple[Enrolment, int]]:
    """Who takes part × the group of slots in which they have chosen none, in the order of lists;
    two queries where there are slots.
    """
    groups = sorted(
        set(
            training_class.lessons.filter(slot_group__isnull=False)
            .order_by()
            .values_list("slot_group", flat=True)
        )
    )
    if not groups:
        return []
    chosen = set(
        SlotChoice.objects.standing()
        .filter(enrolment__training_class=training_class)
        .values_list("enrolment", "slot_group")
    )
    people = (
        Enrolment.objects.taking_part()
        .filter(training_class=training_class)
        .select_related("trainee__user", "village__town", "position", "learner_group")
        .order_by("village__town__code", "trainee__stroke_key", "pk")
    )
    return [
        (person, group) for person in people for group in groups if (person.pk, group) not in chosen
    ]


def people_of_slots(training_class: TrainingClass) -> dict[int, list[Enrolment]]:
    """Slot → its people, in the order of lists; one query."""
    chosen = (
        SlotChoice.objects.standing()
        .filter(lesson__training_class=training_class)
        .select_related("enrolment__trainee__user", "enrolment__village__town")
        .order_by("enrolment__village__town__code", "enrolment__trainee__stroke_key", "enrolment")
    )
    found: dict[int, list[Enrolment]] = {}
    for choice in chosen:
        found.setdefault(choice.lesson_id, []).append(choice.enrolment)
    return found


def without_a_slot(classes: Iterable[TrainingClass]) -> dict[int, int]:
    """Class key → people who take part and have no slot of at least one group; only classes with
    slots. Two statements, however many classes, one where none has slots.
    """
    groups: dict[int, int] = dict(
        Lesson.objects.filter(training_class__in=classes, slot_group__isnull=False)
        .order_by()
        .values_list("training_class")
        .annotate(groups=Count("slot_group", distinct=True))
    )
    if not groups:
        return {}
    standing = Q(slot_choices__left_at__isnull=True, slot_choices__lesson__isnull=False)
    people = (
        Enrolment.objects.taking_part()
        .filter(training_class__in=groups)
        .order_by()
        .annotate(chosen=Count("slot_choices", filter=standing))
    )
    found = dict.fromkeys(groups, 0)
    for key, chosen in people.values_list("training_class", "chosen"):
        found[key] += chosen < groups[key]
    return found


# --- Choosing -------------------------------------------------------------------------------------


@transaction.atomic
def choose_slot(*, enrolment: Enrolment, lesson: Lesson, by, now: datetime) -> SlotChoice:
    """Take a seat of the slot, and give up that of the slot chosen before; the same tap again
    changes nothing.

    Possible until the slot begins, of both. Raises SlotFull and SlotRefused.
    """
    training_class = lock(enrolment.training_class)
    lock_people(training_class, [enrolment.trainee_id], with_the_queue=False)
    enrolment = Enrolment.objects.select_for_update(of=("self",), no_key=True).get(pk=enrolment.pk)
    lesson = _slot_now(lesson, training_class)
    if enrolment.status != EnrolmentStatus.BOOKED or training_class.status not in HELD:
        raise SlotRefused(_("You have no seat in this class now, so there is no slot to choose."))
    standing = standing_choice(enrolment, lesson.slot_group)
    if standing is not None and standing.lesson_id == lesson.pk:
        return standing
    if standing is not None and now >= standing.lesson.starts_at:
        raise SlotRefused(
            _(
                "Your slot %(slot)s has begun, so it can no longer be changed here. Tell the"
                " coordinator at the door."
            )
            % {"slot": slot_in_words(standing.lesson)}
        )
    if now >= lesson.starts_at:
        raise SlotRefused(
            _("The slot %(slot)s has begun. Choose a later one.") % {"slot": slot_in_words(lesson)}
        )
    if taken_of([lesson])[lesson.pk] >= seats_of(lesson, training_class.capacity):
        raise _full(lesson, training_class, now)
    clash = _clashes(enrolment, training_class, [lesson])[lesson.pk]
    if not clash.ok:
        raise SlotRefused(
            _("You cannot come to %(slot)s: %(clash)s. Choose another slot.")
            % {"slot": slot_in_words(lesson), "clash": clash.fact}
        )
    return put_into(enrolment, lesson, by=by, now=now)


def put_into(enrolment: Enrolment, lesson: Lesson, *, by, now: datetime) -> SlotChoice:
    """Write the choice, in place of the one before; nothing is checked. Call with the class
    locked.
    """
    leave_slots(enrolment, now, group=lesson.slot_group)
    return SlotChoice.objects.create(
        enrolment=enrolment,
        slot_group=lesson.slot_group,
        lesson=lesson,
        lesson_key=lesson.pk,
        chosen_at=now,
        chosen_by=by,
    )


def leave_slots(enrolment: Enrolment, now: datetime, *, group: int | None = None) -> None:
    """Free the seat in the slots that were chosen, or in that of one group."""
    chosen = SlotChoice.objects.standing().filter(enrolment=enrolment)
    (chosen if group is None else chosen.filter(slot_group=group)).update(left_at=now)


def standing_choice(enrolment: Enrolment, group: int) -> SlotChoice | None:
    """The slot of the group that the booking has chosen, with its lesson and room."""
    chosen = SlotChoice.objects.standing().filter(enrolment=enrolment, slot_group=group)
    return chosen.select_related("lesson__venue__campus", "lesson__course_version").first()


def _slot_now(lesson: Lesson, training_class: TrainingClass) -> Lesson:
    """The slot as it stands under the lock."""
    found = (
        Lesson.objects.filter(pk=lesson.pk, training_class=training_class, slot_group__isnull=False)
        .select_related("venue__campus", "course_version")
        .first()
    )
    if found is None:
        raise SlotRefused(_("This slot is not held any more. Choose another one."))
    return found


def _full(lesson: Lesson, training_class: TrainingClass, now: datetime) -> SlotFull:
    """The refusal, with the slots of the group that have seats."""
    free = [
        slot_in_words(slot.lesson)
        for group in slot_groups(training_class, now)
        if group.number == lesson.slot_group
        for slot in group.slots
        if slot.may_be_chosen
    ]
    sentence = _("The slot %(slot)s is full.") % {"slot": slot_in_words(lesson)}
    if not free:
        return SlotFull(
            sentence + _("No other slot has a seat left; please call whoever runs the class.")
        )
    return SlotFull(
        sentence
        + _("Seats are left in: %(free)s.") % {"free": pgettext("between reasons", "; ").join(free)}
    )


# --- Placing those who have not chosen ------------------------------------------------------------


@dataclass(frozen=True)
class Placed:
    """Who was placed, and for whom no slot had a seat that does not clash."""

    placed: list[SlotChoice]
    left: list[Enrolment]


@transaction.atomic
def place_rest(*, training_class: TrainingClass, by, now: datetime) -> Placed:
    """Place everybody who takes part and has chosen none into the freest slot that does not clash,
    one that is still to begin where there is one, and tell them. A second time changes nothing.
    """
    training_class = lock(training_class)
    missing = unchosen(training_class)
    lock_people(training_class, {person.trainee_id for person, _g in missing}, with_the_queue=False)
    slots = slots_of(training_class)
    taken = taken_of(slots)
    placed, left = [], []
    for person, group in missing:
        fitting = [slot for slot in slots if slot.slot_group == group]
        ahead = [slot for slot in fitting if slot.starts_at > now]
        clashes = _clashes(person, training_class, ahead or fitting)
        free = [
            slot
            for slot in ahead or fitting
            if clashes[slot.pk].ok
            and not clashes[slot.pk].hint
            # of what is over nobody takes a seat any more
            and (not ahead or taken[slot.pk] < seats_of(slot, training_class.capacity))
        ]
        if not free:
            left.append(person)
            continue
        freest = max(
            free,
            key=lambda slot: (
                seats_of(slot, training_class.capacity) - taken[slot.pk],
                -slot.starts_at.timestamp(),
                -slot.pk,
            ),
        )
        taken[freest.pk] += 1
        choice = put_into(person, freest, by=by, now=now)
        placed.append(choice)
        if freest.starts_at > now:
            tell(
                SLOT_PLACED,
                person.trainee.user,
                values={
                    "title": training_class.title,
                    "lesson": freest.title,
                    "slot": freest,
                },
                link=training_class.get_absolute_url(),
                subject=person,
                dedupe=f"slot-{choice.pk}",
            )
    return Placed(placed, left)
