"""Two offices, one person: whoever acts second is told that the first one has changed something.

A page that changes a person carries what the person looked like when it was opened; under the lock
of the person this is compared with what stands now. Also who may not be touched by whom.
"""

from django.core import signing
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from academy.errors import PortalError
from academy.models import User

from ..models import Trainee

SALT = "trainees.people.as_seen"


class PersonChangedMeanwhile(PortalError):
    """Somebody else has changed the person since the page was opened."""


class PersonRefused(PortalError):
    """What was asked for does not fit how the person stands."""


def as_seen(person: User) -> str:
    """What a page was based on: signed, and without the number or the name in it."""
    return signing.dumps(_state(person), salt=SALT)


def lock_person(person: User, based_on: str) -> tuple[User, Trainee | None]:
    """The person and the training profile as they stand, locked until the transaction ends.

    Where classes are locked too, they come first. Raises PersonChangedMeanwhile.
    """
    trainee = (
        Trainee.objects.select_for_update(of=("self",), no_key=True)
        .select_related("village__town", "position", "stage", "learner_group")
        .filter(user=person)
        .first()
    )
    locked = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if trainee is not None:
        trainee.user = locked
    try:
        known = signing.loads(based_on, salt=SALT)
    except signing.BadSignature:
        known = None
    if known != _state(locked):
        raise PersonChangedMeanwhile(
            _(
                "Nothing was saved: somebody else has changed %(name)s since you opened the page."
                " See below how it stands now, then decide again."
            )
            % {"name": locked.name}
        )
    return locked, trainee


def _state(person: User) -> str:
    trainee = Trainee.objects.filter(user=person.pk).first()
    parts = [person.pk, person.name, person.phone, person.is_active]
    if trainee is not None:
        parts += [trainee.stage_id, trainee.gender, trainee.born_in, trainee.left_on]
        parts += list(
            trainee.postings.filter(valid_to__isnull=True)
            .order_by("pk")
            .values_list("pk", "village", "position", "is_extra")
        )
        parts += [trainee.village_id, trainee.position_id]
    return salted_hmac(SALT, repr(parts), algorithm="sha256").hexdigest()[:32]
