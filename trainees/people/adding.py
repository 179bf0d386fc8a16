"""Adding a person by hand, and correcting name, gender and month of birth.

A number that somebody has already is refused with the way to that person: nobody is kept twice, and
nobody is merged by chance. Source: docs/rules.md R12.
"""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from academy.models import GrowthStage, PersonChangeKind, Position, User, Village
from academy.people_history import detail, record
from academy.people_keys import keep_findable

from ..models import Gender, Trainee
from ..notices.people import ENTRY_CORRECTED, PERSON_ADDED
from .as_seen import PersonRefused
from .person_notices import in_the_language_of_the_portal, tell_of
from .posts import new_main_post, refuse_wrong_day, unit_of
from .stroke_order import stroke_key


class PhoneTaken(PersonRefused):
    """Somebody has this number already: carried as `person`."""

    def __init__(self, person: User) -> None:
        self.person = person
        super().__init__(
            _(
                "This mobile number belongs to somebody who is on file already. Look for the number"
                " in the list of people before you add anybody."
            )
        )


@transaction.atomic
def add_person(
    *,
    name: str,
    phone: str,
    village: Village,
    position: Position,
    stage: GrowthStage | None,
    on: date,
    by: User,
    now: datetime,
) -> User:
    """Put somebody on file with a first post. They log in by code; there is no password.

    Raises PhoneTaken, PersonRefused.
    """
    refuse_wrong_day(on, now)
    person = _new_account(name, phone, now)
    trainee = Trainee.objects.create(
        user=person, village=village, position=position, stage=stage, stroke_key=stroke_key(name)
    )
    new_main_post(trainee, on)
    with in_the_language_of_the_portal():
        change = record(
            person=person,
            kind=PersonChangeKind.ADDED,
            by=by,
            now=now,
            details=[
                detail(_("Unit"), "", unit_of(village)),
                detail(_("Post"), "", position.name),
                detail(_("Growth stage"), "", stage or ""),
            ],
        )
    tell_of(change, PERSON_ADDED, unit=unit_of(village), post=position.name)
    return person


@transaction.atomic
def add_staff(*, name: str, phone: str, by: User, now: datetime) -> User:
    """Put somebody on file who holds no post in a unit, to be given a role: staff of street-towns,
    departments, campuses and the office. They log in by code. Raises PhoneTaken.
    """
    person = _new_account(name, phone, now)
    with in_the_language_of_the_portal():
        record(person=person, kind=PersonChangeKind.ADDED, by=by, now=now, details=[])
    return person


def _new_account(name: str, phone: str, now: datetime) -> User:
    person = User(phone=phone, name=name, date_joined=now)
    person.set_unusable_password()
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:
        raise PhoneTaken(User.objects.get(phone=phone)) from None
    keep_findable([person])
    return person


def correct(
    *, person: User, name: str, gender: str, born_in: str, by: User, now: datetime
) -> list[dict[str, str]]:
    """Correct what was written wrong; call in the transaction that checked what the form was based
    on. Returns what changed; gender and month are left alone where there is no profile.
    """
    trainee = Trainee.objects.select_for_update(no_key=True).filter(user=person).first()
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    with in_the_language_of_the_portal():
        changed = []
        if person.name != name:
            changed.append(detail(_("Name"), person.name, name))
        if trainee is not None and trainee.gender != gender:
            words = dict(Gender.choices)
            changed.append(
                detail(_("Gender"), words.get(trainee.gender, ""), words.get(gender, ""))
            )
        if trainee is not None and trainee.born_in != born_in:
            changed.append(detail(_("Born in"), trainee.born_in, born_in))
        if not changed:
            return []
        if person.name != name:
            person.name = name
            person.save(update_fields=["name"])
            keep_findable([person])
        if trainee is not None:
            trainee.gender, trainee.born_in = gender, born_in
            trainee.stroke_key = stroke_key(name)
            trainee.save(update_fields=["gender", "born_in", "stroke_key"])
        change = record(
            person=person, kind=PersonChangeKind.CORRECTED, by=by, now=now, details=changed
        )
    tell_of(
        change,
        ENTRY_CORRECTED,
        by=by.name,
        what="、".join(item["name"] for item in changed),
    )
    return changed
