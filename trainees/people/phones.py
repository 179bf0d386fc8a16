"""Changing the number somebody logs in with, and looking at a whole number.

The new number is shown to be the person's by a code sent to it, or the office vouches for it with a
reason. Every session of the person ends; the history keeps both numbers masked. Source:
docs/rules.md R12.
"""

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from academy.accounts import lockout
from academy.accounts.login import CODE_DIGITS, send_code
from academy.accounts.sms import refuse_without_gateway
from academy.models import PersonChangeKind, User
from academy.people_history import detail, record
from academy.people_keys import keep_findable
from academy.text.phones import masked

from ..notices.people import NUMBER_CHANGED
from .adding import PhoneTaken
from .as_seen import PersonRefused, lock_person
from .person_notices import in_the_language_of_the_portal, tell_of

CODE_VALID_FOR = settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT  # seconds, as for logging in


class CodeWrong(PersonRefused):
    """The code is not the one that was sent, or came too late."""


@dataclass
class NewNumber:
    """A number that waits for its code. Lives in the session of whoever typed it."""

    person: int
    phone: str
    code: str
    sent_at: float  # seconds since 1970
    based_on: str

    @property
    def tries_key(self) -> str:
        return f"new-number|{self.person}|{self.sent_at}"

    def as_dict(self) -> dict:
        return asdict(self)


def begin(
    *, person: User, phone: str, based_on: str, address: str, now: datetime, is_own: bool = False
) -> NewNumber:
    """Send a code to the new number, under the limits of logging in. Those who change their own
    number are counted before it is looked up, so that nobody finds out whose numbers are here.

    Raises PhoneTaken, PersonRefused, sms.NoGateway, lockout.TooManyTries.
    """
    if is_own:
        lockout.take((lockout.OWN_NUMBER, str(person.pk)))
    refuse_taken(person, phone)
    refuse_without_gateway()
    lockout.take_code(phone=phone, address=address)
    waiting = NewNumber(
        person.pk,
        phone,
        f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}",
        now.timestamp(),
        based_on,
    )
    send_code(User(phone=phone, is_sample=person.is_sample), waiting.code)
    return waiting


def confirm(*, waiting: NewNumber, person: User, code: str, by: User, now: datetime) -> None:
    """Change the number when the code is the one that was sent. Raises CodeWrong and what
    `change_phone` raises.
    """
    if now.timestamp() - waiting.sent_at >= CODE_VALID_FOR or waiting.person != person.pk:
        raise CodeWrong(_("The code is older than 10 minutes. Get a new one."))
    try:
        lockout.take((lockout.CODE_TYPED, waiting.tries_key))
    except lockout.TooManyTries:
        raise CodeWrong(_("That was wrong too often. Get a new code.")) from None
    if not constant_time_compare(code, waiting.code):
        raise CodeWrong(
            _("This code is not right.")
            if by == person
            else _("This code is not right. Ask the person to read it out once more.")
        )
    with in_the_language_of_the_portal():
        how = _("Confirmed by a code to the new number")
    change_phone(
        person=person, phone=waiting.phone, reason=how, based_on=waiting.based_on, by=by, now=now
    )


@transaction.atomic
def change_phone(
    *, person: User, phone: str, reason: str, based_on: str, by: User, now: datetime
) -> None:
    """Give the person the number. Sessions end, for they are bound to it.

    Raises PhoneTaken, PersonRefused, PersonChangedMeanwhile.
    """
    if not reason.strip():
        raise PersonRefused(_("Say how you know that the number is this person's."))
    person, _trainee = lock_person(person, based_on)
    refuse_taken(person, phone)
    old, person.phone = person.phone, phone
    try:
        with transaction.atomic():
            person.save(update_fields=["phone"])
    except IntegrityError:
        raise PhoneTaken(User.objects.get(phone=phone)) from None
    keep_findable([person])
    with in_the_language_of_the_portal():
        change = record(
            person=person,
            kind=PersonChangeKind.PHONE,
            by=by,
            now=now,
            details=[detail(_("Mobile number"), masked(old), masked(phone))],
            reason=reason.strip()[:200],
        )
    tell_of(change, NUMBER_CHANGED, phone=masked(phone), old=masked(old))


def refuse_taken(person: User, phone: str) -> None:
    """Raise PersonRefused when it is the present number, PhoneTaken when somebody else has it."""
    if person.phone == phone:
        raise PersonRefused(_("This is the number that is on file already."))
    other = User.objects.filter(phone=phone).first()
    if other is not None:
        raise PhoneTaken(other)


def reveal(*, person: User, by: User, now: datetime) -> str:
    """The whole number, and a line in the history that says who looked."""
    record(person=person, kind=PersonChangeKind.REVEALED, by=by, now=now)
    return person.phone
