"""Two entries that are one person, joined and parted as the pages do it."""

from academy.models import PersonMerge, User
from academy.people_keys import keep_findable
from trainees.merging.joining import join, try_to_join
from trainees.models import Trainee
from trainees.people.as_seen import as_seen

from ..factories import NOW, TraineeFactory, UserFactory


def entry(name="周敏华", **fields):
    made = TraineeFactory(user=UserFactory(name=name), **fields)
    keep_findable([made.user])
    return made


def how(survivor, away, by, **more):
    people = [item.user if isinstance(item, Trainee) else item for item in (survivor, away)]
    people = [User.objects.get(pk=item.pk) for item in people]
    return {
        "survivor": people[0],
        "away": people[1],
        "takes_number": False,
        "choices": {},
        "reason": "同一人换了手机号",
        "based_on": (as_seen(people[0]), as_seen(people[1])),
        "by": by,
        "now": NOW,
    } | more


def joined(survivor, away, by, **more) -> PersonMerge:
    ways = how(survivor, away, by, **more)
    return join(expected=try_to_join(**ways).key, **ways)
