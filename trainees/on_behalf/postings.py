"""The posts of a person: moving to another unit, ending a post, adding one.

The archive belongs to the person and goes along; bookings keep the unit of their day. Source:
docs/rules.md R11.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from academy.models import PersonChangeKind, Position, User, Village
from academy.people_history import detail, record
from academy.templatetags.portal_tags import full_day

from ..models import Enrolment, Posting, Trainee
from ..notices.people import PERSON_MOVED, POST_ADDED, POST_ENDED
from ..people.as_seen import PersonChangedMeanwhile, PersonRefused, lock_person
from ..people.light_accounts import become_cadre
from ..people.person_notices import in_the_language_of_the_portal, tell_of
from ..people.posts import new_main_post, open_postings, refuse_wrong_day, unit_of
from ..people.stroke_order import stroke_key
from .seats_ahead import SeatFate, follow_the_move, give_all_up, keys_of, lock_classes


@dataclass(frozen=True)
class Moved:
    """A move as it was made, or would be."""

    posting: Posting
    fates: Sequence[SeatFate] = field(default_factory=list)


# --- Moving ---------------------------------------------------------------------------------------


def try_move(*, person: User, **where) -> Moved:
    """What the move would do: it is made and taken back."""
    with transaction.atomic():
        moved = _move(person, **where)
        transaction.set_rollback(True)
    return moved


def move(*, person: User, expected: str, by: User, now: datetime, **where) -> Moved:
    """Move somebody to another unit or post, if the seats fare as was shown (`expected`).

    `where`: village, position, on (the first day there), based_on. Raises PersonRefused,
    PersonChangedMeanwhile.
    """
    with transaction.atomic():
        before = _words_of(person)
        moved = _move(person, by=by, now=now, **where)
        if keys_of(moved.fates) != expected:
            raise PersonChangedMeanwhile(
                _("Nothing was saved: the seats ahead have changed. Look at them again, then move.")
            )
        posting = moved.posting
        with in_the_language_of_the_portal():
            unit = unit_of(posting.village)
            change = record(
                person=person,
                kind=PersonChangeKind.MOVED,
                by=by,
                now=now,
                details=[
                    detail(_("Unit"), before[0], unit),
                    detail(_("Post"), before[1], posting.position.name),
                    detail(_("From"), "", full_day(posting.valid_from)),
                    *(
                        detail(fate.enrolment.training_class.title, "", fate.words)
                        for fate in moved.fates
                        if fate.kind == "open"
                    ),
                ],
            )
        tell_of(
            change,
            PERSON_MOVED,
            unit=unit,
            post=posting.position.name,
            day=posting.valid_from,
        )
    return moved


def _words_of(person: User) -> tuple[str, str]:
    trainee = (
        Trainee.objects.filter(user=person)
        .select_related("village__town", "position", "learner_group")
        .first()
    )
    return (unit_of(trainee.village), trainee.post) if trainee else ("", "")


def _move(
    person: User,
    *,
    village: Village,
    position: Position,
    on: date,
    based_on: str,
    by: User,
    now: datetime,
) -> Moved:
    trainee = Trainee.objects.filter(user=person).first()
    classes = lock_classes(trainee, now) if trainee else {}
    _person, trainee = lock_person(person, based_on)
    if trainee is None or trainee.is_light or trainee.left_on is not None:
        raise PersonRefused(
            _("%(name)s holds no post that could be moved. Add a post instead.")
            % {"name": person.name}
        )
    if (trainee.village_id, trainee.position_id) == (village.pk, position.pk):
        raise PersonRefused(_("This is the unit and the post that is on file already."))
    refuse_wrong_day(on, now)
    old = trainee.postings.filter(valid_to__isnull=True, is_extra=False).first()
    if old is not None:
        if on <= old.valid_from:
            raise PersonRefused(
                _("The present post began on %(day)s; the new one must begin later.")
                % {"day": full_day(old.valid_from)}
            )
        old.valid_to = on - timedelta(days=1)
        old.save(update_fields=["valid_to"])
    posting = Posting.objects.create(
        trainee=trainee, village=village, position=position, valid_from=on
    )
    trainee.village, trainee.position = village, position
    trainee.save(update_fields=["village", "position"])
    return Moved(posting, follow_the_move(trainee, village.town_id, classes, now))


# --- Ending ---------------------------------------------------------------------------------------


@transaction.atomic
def end_post(
    *,
    person: User,
    posting: Posting,
    on: date,
    gives_seats_up: bool,
    reason: str,
    based_on: str,
    by: User,
    now: datetime,
) -> list[Enrolment]:
    """End a post with its last day. Where another is held, that one becomes the main one; where
    none is left, the person books nothing from now on, and keeps the seats ahead or gives them up.

    Returns the bookings that were ended. Raises PersonRefused, PersonChangedMeanwhile.
    """
    trainee = Trainee.objects.get(user=person)
    classes = lock_classes(trainee, now)
    _person, trainee = lock_person(person, based_on)
    posting = (
        trainee.postings.select_related("village__town", "position")
        .filter(pk=posting.pk, valid_to__isnull=True)
        .first()
    )
    if posting is None:
        raise PersonRefused(_("This post has ended already; nothing was changed."))
    refuse_wrong_day(on, now)
    if on < posting.valid_from:
        raise PersonRefused(
            _("The post began on %(day)s; it cannot end before that.")
            % {"day": full_day(posting.valid_from)}
        )
    posting.valid_to = on
    posting.save(update_fields=["valid_to"])
    others = open_postings(trainee)
    if others and not posting.is_extra:
        main = others[0]
        main.is_extra = False
        main.save(update_fields=["is_extra"])
        trainee.village, trainee.position = main.village, main.position
        follow_the_move(trainee, main.village.town_id, classes, now)
    trainee.left_on = None if others else on
    trainee.save(update_fields=["village", "position", "left_on"])
    ended = []
    with in_the_language_of_the_portal():
        if gives_seats_up and not others:
            ended = give_all_up(
                trainee, classes, by=by, now=now, reason=_("The person left the post")
            )
        _tell_ended(person, posting, ended, by=by, now=now, reason=reason)
    return ended


def _tell_ended(
    person: User,
    posting: Posting,
    ended: list[Enrolment],
    *,
    by: User,
    now: datetime,
    reason: str,
) -> None:
    words = {
        "post": posting.position.name,
        "unit": unit_of(posting.village),
        "day": full_day(posting.valid_to),
    }
    details = [
        detail(_("Post"), f"{words['unit']} {words['post']}", ""),
        detail(_("Last day"), "", words["day"]),
    ]
    details += [
        detail(enrolment.training_class.title, "", _("Booking ended")) for enrolment in ended
    ]
    change = record(
        person=person,
        kind=PersonChangeKind.POSTING_ENDED,
        by=by,
        now=now,
        details=details,
        reason=reason,
    )
    tell_of(
        change,
        POST_ENDED,
        unit=unit_of(posting.village),
        post=posting.position.name,
        day=posting.valid_to,
        ended=[enrolment.training_class.title for enrolment in ended],
    )


# --- Adding ---------------------------------------------------------------------------------------


@transaction.atomic
def add_post(
    *,
    person: User,
    village: Village,
    position: Position,
    on: date,
    based_on: str,
    by: User,
    now: datetime,
) -> Posting:
    """Give somebody a post: beside the main one where one is held, else as the main one. A light
    account becomes a cadre's.

    Raises PersonRefused, PersonChangedMeanwhile.
    """
    _person, trainee = lock_person(person, based_on)
    refuse_wrong_day(on, now)
    if trainee is None:
        trainee = Trainee.objects.create(
            user=person,
            village=village,
            position=position,
            stroke_key=stroke_key(person.name),
        )
        posting = new_main_post(trainee, on)
    elif trainee.is_light:
        trainee = become_cadre(trainee=trainee, village=village, position=position, on=on, now=now)
        posting = trainee.postings.get(valid_to__isnull=True, is_extra=False)
    elif trainee.left_on is not None:
        if on <= trainee.left_on:
            raise PersonRefused(
                _("The last post ended on %(day)s; the new one must begin later.")
                % {"day": full_day(trainee.left_on)}
            )
        trainee.village, trainee.position, trainee.left_on = village, position, None
        trainee.save(update_fields=["village", "position", "left_on"])
        posting = new_main_post(trainee, on)
    else:
        posting = _extra_post(trainee, village, position, on)
    with in_the_language_of_the_portal():
        words = {"post": position.name, "unit": unit_of(village), "day": full_day(on)}
        change = record(
            person=person,
            kind=PersonChangeKind.POSTING,
            by=by,
            now=now,
            details=[
                detail(_("Post"), "", f"{words['unit']} {words['post']}"),
                detail(_("From"), "", words["day"]),
            ],
        )
    tell_of(change, POST_ADDED, unit=words["unit"], post=words["post"], day=on)
    return posting


def _extra_post(trainee: Trainee, village: Village, position: Position, on: date) -> Posting:
    held = {(item.village_id, item.position_id) for item in open_postings(trainee)}
    if (village.pk, position.pk) in held | {(trainee.village_id, trainee.position_id)}:
        raise PersonRefused(_("This post is on file already; nothing was changed."))
    return Posting.objects.create(
        trainee=trainee, village=village, position=position, valid_from=on, is_extra=True
    )
