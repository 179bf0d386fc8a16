"""The groups of a class: one tap mixes the people by town and post, a person can be moved by hand.

Source: docs/rules.md R75.
"""

import random
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from academy.errors import PortalError
from courses.models import TrainingClass

from ..booking.class_lock import lock
from ..models import ClassGrouping, Enrolment, GroupPlace
from ..models.grouping import BIGGEST_SEED, MOST_GROUPS
from .discussions import add_sheets
from .roster import on_the_roll_of

USUAL_GROUP = 8  # people, where nobody says how many groups there are to be


class GroupingError(PortalError):
    """Groups that cannot be drawn, or a person who cannot be moved."""


@dataclass(frozen=True)
class Group:
    """One group with its people in the order of lists."""

    number: int
    people: list[Enrolment]


@dataclass(frozen=True)
class Groups:
    """The groups of a class; `ungrouped` booked after the draw. Without a draw everybody is."""

    grouping: ClassGrouping | None
    groups: list[Group]
    ungrouped: list[Enrolment]

    @property
    def people(self) -> int:
        return len(self.ungrouped) + sum(len(group.people) for group in self.groups)

    @property
    def usual_number(self) -> int:
        """How many groups are offered at first."""
        return max(2, min(MOST_GROUPS, -(-self.people // USUAL_GROUP)))

    @property
    def version(self) -> str:
        """Names what a page shows, so that nobody changes what somebody else has changed since."""
        return f"{self.grouping.pk}-{self.grouping.version}" if self.grouping else ""


def groups_of(training_class: TrainingClass) -> Groups:
    """Return the groups as they stand; two statements."""
    grouping = ClassGrouping.objects.filter(training_class=training_class).first()
    people = list(on_the_roll_of(training_class).select_related("group_place"))
    placed: dict[int, list[Enrolment]] = {}
    ungrouped = []
    for person in people:
        place = getattr(person, "group_place", None)
        if place is None:
            ungrouped.append(person)
        else:
            placed.setdefault(place.number, []).append(person)
    numbers = range(1, grouping.groups + 1) if grouping else ()
    return Groups(
        grouping, [Group(number, placed.get(number, [])) for number in numbers], ungrouped
    )


def mix(people: Sequence[Enrolment], groups: int, seed: int) -> dict[int, int]:
    """Return {key of the enrolment: number of the group}, the same for the same people and seed.

    Sizes differ by one at most, and so does how many of a town are in a group; posts are spread as
    far as that allows.
    """
    chance = random.Random(seed)  # noqa: S311  # no secret: it is repeated by its number
    order = sorted(people, key=lambda person: person.pk)
    chance.shuffle(order)
    turn = {person.pk: place for place, person in enumerate(order)}
    towns = sorted({person.village.town_id for person in people})
    chance.shuffle(towns)
    rank = {town: place for place, town in enumerate(towns)}
    order.sort(key=lambda person: (rank[person.village.town_id], person.post, turn[person.pk]))
    sizes: Counter = Counter()
    of_town: Counter = Counter()
    of_post: Counter = Counter()
    luck = list(range(1, groups + 1))
    chance.shuffle(luck)
    found = {}
    for person in order:
        town, post = person.village.town_id, person.post
        least = min(sizes[number] for number in luck)
        number = min(
            (number for number in luck if sizes[number] == least),
            key=lambda number: (of_town[number, town], of_post[number, post], luck.index(number)),
        )
        found[person.pk] = number
        sizes[number] += 1
        of_town[number, town] += 1
        of_post[number, post] += 1
    return found


@transaction.atomic
def draw_groups(
    *,
    training_class: TrainingClass,
    groups: int,
    shown: str,
    by,
    now: datetime,
    seed: int | None = None,
) -> ClassGrouping:
    """Mix everybody anew, also who was moved by hand; without a seed by chance.

    `shown` is the version that the person saw. Raises GroupingError.
    """
    training_class = lock(training_class)
    stands = groups_of(training_class)
    _refuse_unless_shown(stands, shown)
    if not 2 <= groups <= min(MOST_GROUPS, stands.people):
        raise GroupingError(
            _("Two groups at least, and no more than there are people or %(most)d.")
            % {"most": MOST_GROUPS}
        )
    if seed is None:
        seed = secrets.randbelow(BIGGEST_SEED + 1)
    people = [*stands.ungrouped, *(one for group in stands.groups for one in group.people)]
    version = stands.grouping.version + 1 if stands.grouping else 1
    grouping, _new = ClassGrouping.objects.update_or_create(
        training_class=training_class,
        defaults={
            "groups": groups,
            "seed": seed,
            "version": version,
            "drawn_at": now,
            "drawn_by": by,
        },
    )
    grouping.places.all().delete()
    GroupPlace.objects.bulk_create(
        GroupPlace(grouping=grouping, enrolment_id=key, number=number)
        for key, number in mix(people, groups, seed).items()
    )
    add_sheets(training_class, groups)
    return grouping


@transaction.atomic
def move_to_group(
    *, training_class: TrainingClass, person: int, number: int, shown: str
) -> Enrolment:
    """Put somebody into a group by hand, also who booked after the draw. Raises GroupingError."""
    training_class = lock(training_class)
    stands = groups_of(training_class)
    _refuse_unless_shown(stands, shown)
    grouping = stands.grouping
    if grouping is None or not 1 <= number <= grouping.groups:
        raise GroupingError(_("There is no such group. Load the page again."))
    enrolment = on_the_roll_of(training_class).filter(pk=person).first()
    if enrolment is None:
        raise GroupingError(_("That person is not in this class. Load the page again."))
    GroupPlace.objects.update_or_create(
        enrolment=enrolment, defaults={"grouping": grouping, "number": number}
    )
    ClassGrouping.objects.filter(pk=grouping.pk).update(version=F("version") + 1)
    return enrolment


def _refuse_unless_shown(stands: Groups, shown: str) -> None:
    if stands.version != shown:
        raise GroupingError(
            _("Somebody has changed the groups since you opened the page. Look, then choose again.")
        )
