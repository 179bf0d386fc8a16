"""The seven items (七个一): evidence, handing in, signing, sending back, the appraisal, and closing
the file.

Every step locks the secondment, so that two people who act at once follow each other; a step that
was taken already changes nothing. Source: docs/rules.md R7, R33.
"""

import hashlib
import logging
import uuid
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.templatetags.portal_tags import full_day
from notices.outbox import notify

from ..errors import (
    AlreadySigned,
    CommentMissing,
    EvidenceMissing,
    FileNotKept,
    HandedInAgain,
    NotDeclared,
    NotHandedIn,
    NotNamed,
    NotYourTurn,
    SecondmentEnded,
    StillMissing,
    TextTooLong,
    WithTheSigners,
    WrongDay,
)
from ..evidence.kinds import EvidenceFile
from ..models import (
    Evidence,
    EvidenceKind,
    ItemKind,
    ItemStatus,
    Secondment,
    SecondmentStatus,
    SevenItem,
    SignOff,
    SignOffDecision,
    SignOffRole,
)
from .guidance import is_only_filled_in
from .signers import SIGNERS, may_add_to, may_send_back, missing_items, roles_of, whose_turn

logger = logging.getLogger(__name__)

# after the last day: what is still open then is agreed anew, not forgotten
LATEST_DUE = timedelta(days=92)

TEXT_LENGTH = 20_000
COMMENT_LENGTH = 500

EVERYBODY_NAMED = gettext_lazy(
    "Only those named in this secondment can do this: its mentor, its host, and the academy office."
)


# --- Evidence and handing in ----------------------------------------------------------------------


def add_evidence(
    *,
    item: SevenItem,
    by,
    now: datetime,
    declared_open: bool,
    text: str = "",
    file: EvidenceFile | None = None,
    held_on: date | None = None,
) -> list[Evidence]:
    """Add a text, a file, or both. The same again for the same hand-in adds nothing, nor does the
    same get-together.

    Raises EvidenceMissing, NotDeclared, TextTooLong, FileNotKept, WrongDay, NotNamed,
    SecondmentEnded, WithTheSigners, AlreadySigned.
    """
    text = text.replace("\r\n", "\n").strip()
    if not text and file is None:
        raise EvidenceMissing(_("Write a few lines or choose a file; one of the two is enough."))
    _refuse_long(text, TEXT_LENGTH)
    if not declared_open:
        raise NotDeclared(
            _("Say that it holds nothing classified. Classified material must not be put here.")
        )
    stored = _store(file) if file else ""
    try:
        with transaction.atomic():
            added = _add_evidence(item, by, now, text, file, stored, held_on)
    except BaseException:
        if stored:
            default_storage.delete(stored)
        raise
    if stored and not any(piece.file.name == stored for piece in added):
        default_storage.delete(stored)  # the same file was there already
    return added


def _store(file: EvidenceFile) -> str:
    try:
        return default_storage.save(f"evidence/{uuid.uuid4().hex}.{file.extension}", file.upload)
    except OSError as error:
        logger.error("A file of %d bytes cannot be kept: %s", file.size, error.strerror)
        raise FileNotKept(
            _(
                "The file could not be stored: the server's disk is full. Choose it again later, or"
                " call the academy office on %(phone)s."
            )
            % {"phone": settings.OFFICE_PHONE}
        ) from error


def _add_evidence(
    item: SevenItem,
    by,
    now: datetime,
    text: str,
    file: EvidenceFile | None,
    stored: str,
    held_on: date | None,
) -> list[Evidence]:
    item = _lock(item)
    if not may_add_to(by, item):
        raise NotNamed(
            _("The appraisal is written by the host alone.")
            if item.is_appraisal
            else _("Evidence is added by the person on the secondment.")
        )
    if item.kind == ItemKind.GET_TOGETHER:
        held_on = _day_of_get_together(item.secondment, held_on, timezone.localdate(now))
    else:
        held_on = None
        _refuse_unless_open(item)
    common = {
        "item": item,
        "round": item.round + 1,
        "held_on": held_on,
        "declared_open": True,
        "uploaded_by": by,
        "uploaded_at": now,
    }
    known = item.evidence.filter(round=item.round + 1)
    if item.is_appraisal:  # its drafts follow each other; only the newest counts
        known = _newest_of_each_kind(known)
    # recorded also after the hand-in, so a second tap finds the first in the round before
    elif item.kind == ItemKind.GET_TOGETHER:
        known = item.evidence.all()
    there = {(piece.sha256, piece.held_on): piece for piece in known}
    added = []
    if text:
        digest = hashlib.sha256(text.encode()).hexdigest()
        if not file and (digest, held_on) not in there:
            _refuse_if_only_filled_in(item, text)
        added.append(
            there.get((digest, held_on))
            or Evidence.objects.create(
                kind=EvidenceKind.TEXT, text=text, size=len(text.encode()), sha256=digest, **common
            )
        )
    if file:
        added.append(
            there.get((file.sha256, held_on))
            or Evidence.objects.create(
                kind=EvidenceKind.FILE,
                file=stored,
                original_name=file.name,
                content_type=file.content_type,
                size=file.size,
                sha256=file.sha256,
                **common,
            )
        )
    if item.status == ItemStatus.NOT_STARTED:
        item.status = ItemStatus.IN_PROGRESS
        item.save(update_fields=["status"])
    return added


def _refuse_if_only_filled_in(item: SevenItem, text: str) -> None:
    if item.is_appraisal or not is_only_filled_in(item, text):
        return
    if item.status == ItemStatus.SENT_BACK:
        raise EvidenceMissing(
            _("Nothing was added since it came back. Add what was asked for, then hand it in.")
        )
    raise EvidenceMissing(
        _("So far this is only what the portal filled in. Add what you did, or choose a file.")
    )


def _refuse_unless_open(item: SevenItem) -> None:
    if item.is_with_signers:
        raise WithTheSigners(_("It is being looked at. You can add to it when it comes back."))
    if item.is_signed:
        raise AlreadySigned(
            _("This item is done and signed. Ask the academy office if something has to change.")
        )


def _day_of_get_together(secondment: Secondment, held_on: date | None, today: date) -> date:
    if held_on is None:
        raise WrongDay(_("Say on which day it was held."))
    if held_on > today:
        raise WrongDay(_("This day is still to come. Record the get-together after it was held."))
    if not secondment.starts_on <= held_on <= secondment.ends_on + LATEST_DUE:
        raise WrongDay(
            _("The secondment runs from %(start)s to %(end)s. Choose a day in this time.")
            % {
                "start": full_day(secondment.starts_on),
                "end": full_day(secondment.ends_on),
            }
        )
    return held_on


@transaction.atomic
def hand_in(*, item: SevenItem, by, now: datetime) -> SevenItem:
    """Give the item to those who sign.

    Raises NotNamed, SecondmentEnded, EvidenceMissing, AlreadySigned.
    """
    item = _lock(item)
    if item.is_appraisal or not may_add_to(by, item):
        raise NotNamed(
            _("The appraisal is written by the host alone.")
            if item.is_appraisal
            else _("It is handed in by the person on the secondment.")
        )
    if item.is_with_signers:
        return item
    if item.is_signed:
        raise AlreadySigned(
            _("This item is done and signed. Ask the academy office if something has to change.")
        )
    if not item.evidence.filter(round=item.round + 1).exists():
        raise EvidenceMissing(
            _("Nothing was added since it came back. Add what was asked for, then hand it in.")
            if item.status == ItemStatus.SENT_BACK
            else _("There is nothing to hand in yet. Add a text or a file first.")
        )
    item.status, item.round, item.handed_in_at = ItemStatus.HANDED_IN, item.round + 1, now
    item.save(update_fields=["status", "round", "handed_in_at"])
    _tell_next(item, now)
    return item


# --- Signing and sending back ---------------------------------------------------------------------


@transaction.atomic
def sign(
    *,
    item: SevenItem,
    role: str,
    by,
    now: datetime,
    comment: str = "",
    seen_round: int | None = None,
) -> SevenItem:
    """Sign the hand-in as `role`; with the last signature the item is done. `seen_round` is the
    hand-in the page showed.

    Raises NotNamed, SecondmentEnded, NotHandedIn, NotYourTurn, AlreadySigned, HandedInAgain,
    TextTooLong.
    """
    comment = comment.strip()
    _refuse_long(comment, COMMENT_LENGTH)
    item = _lock(item)
    if (
        item.is_appraisal
        or role not in SIGNERS[item.kind]
        or role not in roles_of(by, item.secondment)
    ):
        raise NotNamed(str(EVERYBODY_NAMED))
    if seen_round is not None and seen_round != item.round:
        raise HandedInAgain(
            _("It was handed in again in the meantime. Look at the new version first.")
        )
    mine = (
        item.sign_offs.filter(round=item.round, role=role, decision=SignOffDecision.SIGNED)
        .select_related("user")
        .first()
    )
    if mine and item.status in (ItemStatus.HANDED_IN, ItemStatus.SIGNED):
        if mine.user_id == by.pk:
            return item
        raise AlreadySigned(
            _("%(name)s has signed it already.") % {"name": mine.user or mine.get_role_display()}
        )
    if not item.is_with_signers:
        raise NotHandedIn(_("It is not handed in at present; it may have been sent back just now."))
    turn = whose_turn(item)
    if role != turn:
        raise NotYourTurn(
            _("%(role)s signs first. You will get a notice when it is your turn.")
            % {"role": SignOffRole(turn).label}
        )
    SignOff.objects.create(
        item=item,
        round=item.round,
        role=role,
        user=by,
        decision=SignOffDecision.SIGNED,
        comment=comment,
        at=now,
    )
    if whose_turn(item) is None:
        item.status = ItemStatus.SIGNED
        item.save(update_fields=["status"])
        _tell_secondee(
            item, "secondment_signed", gettext_lazy("“%(item)s” is signed"), comment, now
        )
    else:
        _tell_next(item, now)
    return item


@transaction.atomic
def send_back(
    *, item: SevenItem, comment: str, by, now: datetime, seen_round: int | None = None
) -> SevenItem:
    """Give the item back with what has to change. Signatures of this hand-in no longer count.

    Raises CommentMissing, TextTooLong, NotNamed, SecondmentEnded, NotHandedIn, HandedInAgain.
    """
    comment = comment.strip()
    if not comment:
        raise CommentMissing(_("Write what has to change, so that the person knows what to do."))
    _refuse_long(comment, COMMENT_LENGTH)
    item = _lock(item)
    roles = roles_of(by, item.secondment)
    if not roles & {*SIGNERS[item.kind], SignOffRole.ACADEMY}:
        raise NotNamed(str(EVERYBODY_NAMED))
    if seen_round is not None and seen_round != item.round:
        raise HandedInAgain(
            _("It was handed in again in the meantime. Look at the new version first.")
        )
    if item.status == ItemStatus.SENT_BACK:
        last = item.sign_offs.filter(round=item.round, decision=SignOffDecision.SENT_BACK).last()
        if last and last.user_id == by.pk and last.comment == comment:
            return item
    if not may_send_back(by, item):
        if item.is_signed:
            raise AlreadySigned(_("It is signed already. The academy office can send it back."))
        raise NotHandedIn(_("It is not handed in at present; it may have been sent back just now."))
    as_role = next(
        (role for role in (whose_turn(item), *SIGNERS[item.kind]) if role in roles),
        SignOffRole.ACADEMY,
    )
    row = SignOff.objects.create(
        item=item,
        round=item.round,
        role=as_role,
        user=by,
        decision=SignOffDecision.SENT_BACK,
        comment=comment,
        at=now,
    )
    item.status = ItemStatus.SENT_BACK
    item.save(update_fields=["status"])
    title = gettext_lazy("“%(item)s” came back: have a look")
    if item.is_appraisal:
        _tell_role(
            item,
            SignOffRole.HOST,
            "secondment_sent_back",
            title,
            now,
            body=comment,
            dedupe=f"sign-off {row.pk}",
        )
    else:
        _tell_secondee(item, "secondment_sent_back", title, comment, now)
    return item


def write_appraisal(
    *,
    secondment: Secondment,
    text: str,
    by,
    now: datetime,
    declared_open: bool = True,
    file: EvidenceFile | None = None,
    issue: bool = False,
) -> SevenItem:
    """Save the host's appraisal as a draft, or issue it. The secondee reads it once it is issued
    and never edits it.

    Raises EvidenceMissing, TextTooLong, NotDeclared, NotNamed, SecondmentEnded, AlreadySigned.
    """
    if not text.strip():
        raise EvidenceMissing(_("Write the appraisal first."))
    item = secondment.items.get(kind=ItemKind.APPRAISAL)
    with transaction.atomic():
        _lock_secondment(secondment.pk)
        if issue and _issued_as(item, text, by):
            return item
        add_evidence(item=item, by=by, now=now, declared_open=declared_open, text=text, file=file)
        item = _lock(item)
        if issue:
            item.status, item.round, item.handed_in_at = ItemStatus.SIGNED, item.round + 1, now
            item.save(update_fields=["status", "round", "handed_in_at"])
            SignOff.objects.create(
                item=item,
                round=item.round,
                role=SignOffRole.HOST,
                user=by,
                decision=SignOffDecision.SIGNED,
                at=now,
            )
            _tell_secondee(
                item, "secondment_signed", gettext_lazy("Your appraisal is there to read"), "", now
            )
    return item


def _issued_as(item: SevenItem, text: str, by) -> bool:
    """A second click on “issue”."""
    item.refresh_from_db()
    newest = issued_text(item)
    return (
        item.is_signed
        and newest is not None
        and newest.uploaded_by_id == by.pk
        and newest.text == text.replace("\r\n", "\n").strip()
    )


def issued_text(item: SevenItem) -> Evidence | None:
    """The text that counts: the newest of the hand-in that was signed."""
    return issued_appraisal(item).filter(kind=EvidenceKind.TEXT).first()


def issued_appraisal(item: SevenItem) -> QuerySet[Evidence]:
    """What counts of an appraisal: the newest text and the newest sheet of the hand-in that was
    signed; before, nothing.
    """
    return (
        _newest_of_each_kind(item.evidence.filter(round=item.round))
        if item.is_signed
        else item.evidence.none()
    )


def _newest_of_each_kind(evidence: QuerySet[Evidence]) -> QuerySet[Evidence]:
    return evidence.filter(
        pk__in=evidence.order_by().values("kind").annotate(newest=Max("pk")).values("newest")
    )


def evidence_read_by(user, item: SevenItem) -> QuerySet[Evidence]:
    """What of an item the person may read, who sees its secondment.

    Drafts of an appraisal stay with the host for good.
    """
    if not item.is_appraisal or SignOffRole.HOST in roles_of(user, item.secondment):
        return item.evidence.all()
    return issued_appraisal(item)


# --- The office -----------------------------------------------------------------------------------


@transaction.atomic
def change_due(*, item: SevenItem, due_on: date, by, now: datetime) -> SevenItem:
    """Move the day an item is due. Raises NotNamed, SecondmentEnded, WrongDay."""
    item = _lock(item)
    _refuse_unless_office(by, item.secondment)
    latest = item.secondment.ends_on + LATEST_DUE
    if not item.secondment.starts_on <= due_on <= latest:
        raise WrongDay(
            _("Choose a day from %(start)s to %(end)s.")
            % {
                "start": full_day(item.secondment.starts_on),
                "end": full_day(latest),
            }
        )
    if item.due_on != due_on:
        item.due_on = due_on
        item.save(update_fields=["due_on"])
    return item


@transaction.atomic
def close(*, secondment: Secondment, by, now: datetime) -> Secondment:
    """Close the file when all seven are signed.

    Raises StillMissing with the list, NotNamed, SecondmentEnded.
    """
    secondment = _lock_secondment(secondment.pk)
    _refuse_unless_office(by, secondment)
    if secondment.status == SecondmentStatus.CLOSED:
        return secondment
    _refuse_ended(secondment)
    missing = missing_items(secondment)
    if missing:
        raise StillMissing(missing)
    _end(secondment, SecondmentStatus.CLOSED, by, now)
    _tell_all(
        secondment,
        "secondment_closed",
        gettext_lazy("The secondment is completed: all seven are done"),
        now,
    )
    return secondment


@transaction.atomic
def withdraw(*, secondment: Secondment, reason: str, by, now: datetime) -> Secondment:
    """End a secondment before its time, with a reason; its evidence stays.

    Raises CommentMissing, NotNamed, SecondmentEnded.
    """
    reason = reason.strip()
    if not reason:
        raise CommentMissing(_("Write why the secondment ends early."))
    _refuse_long(reason, 200)
    secondment = _lock_secondment(secondment.pk)
    _refuse_unless_office(by, secondment)
    if secondment.status == SecondmentStatus.WITHDRAWN:
        return secondment
    _refuse_ended(secondment)
    secondment.end_reason = reason
    _end(secondment, SecondmentStatus.WITHDRAWN, by, now)
    _tell_all(
        secondment,
        "secondment_withdrawn",
        gettext_lazy("The secondment has ended early"),
        now,
        reason,
    )
    return secondment


def _end(secondment: Secondment, status: str, by, now: datetime) -> None:
    secondment.status, secondment.ended_at, secondment.ended_by = status, now, by
    secondment.save(update_fields=["status", "ended_at", "ended_by", "end_reason"])


# --- Locks, refusals, notices ---------------------------------------------------------------------


def _lock_secondment(pk: int) -> Secondment:
    Secondment.objects.select_for_update().get(pk=pk)  # alone: a join would lock the people, too
    return Secondment.objects.with_people().get(pk=pk)


def _lock(item: SevenItem) -> SevenItem:
    """The item as it stands after the lock of its secondment. Raises SecondmentEnded."""
    secondment = _lock_secondment(item.secondment_id)
    _refuse_ended(secondment)
    item = SevenItem.objects.get(pk=item.pk)
    item.secondment = secondment
    return item


def _refuse_ended(secondment: Secondment) -> None:
    if not secondment.is_running:
        raise SecondmentEnded(_("This secondment has ended; its file stays as it is."))


def _refuse_unless_office(by, secondment: Secondment) -> None:
    if SignOffRole.ACADEMY not in roles_of(by, secondment):
        raise NotNamed(_("The academy office does this."))


def _refuse_long(text: str, length: int) -> None:
    if len(text) > length:
        raise TextTooLong(
            _(
                "The text has %(count)d characters; up to %(limit)d fit. Put the long version into"
                " a file."
            )
            % {"count": len(text), "limit": length}
        )


def _people(secondment: Secondment, role: str, now: datetime) -> Iterable:
    """Whom a notice for a role goes to. The office sees its part on its to-do page instead."""
    if role == SignOffRole.MENTOR:
        return [secondment.mentor]
    if role == SignOffRole.HOST:
        return [
            person
            for person in secondment.host_officials(timezone.localdate(now))
            if person.pk != secondment.trainee.user_id
        ]
    return []


def _tell_next(item: SevenItem, now: datetime) -> None:
    role = whose_turn(item)
    _tell_role(
        item,
        role,
        "secondment_handed_in",
        gettext_lazy("%(name)s handed in “%(item)s”: please look and sign"),
        now,
        dedupe=f"round {item.round} {role}",
    )


def _tell_role(
    item: SevenItem, role: str, kind: str, title: str, now: datetime, *, body: str = "", dedupe: str
) -> None:
    title = _title(item, title)
    for person in _people(item.secondment, role, now):
        notify(
            person=person,
            kind=kind,
            subject=item,
            title=title,
            body=body,
            link=item.get_absolute_url(),
            due_at=now,
            dedupe=dedupe,
        )


def _tell_secondee(item: SevenItem, kind: str, title: str, body: str, now: datetime) -> None:
    notify(
        person=item.secondment.trainee.user,
        kind=kind,
        subject=item,
        title=_title(item, title),
        body=body,
        due_at=now,
        dedupe=f"round {item.round}",
        link=reverse("practicums:my_item", args=[item.secondment.code, item.kind]),
    )


def _title(item: SevenItem, title: str) -> str:
    """The lazy title, filled in in the language of the portal and not of whoever acts."""
    with translation.override(settings.LANGUAGE_CODE):
        return title % {"name": item.secondment.trainee.name, "item": item.get_kind_display()}


def _tell_all(secondment: Secondment, kind: str, title: str, now: datetime, body: str = "") -> None:
    """The secondee and the mentor; the host sees it on the board."""
    for person, link in (
        (secondment.trainee.user, reverse("practicums:my_secondment")),
        (secondment.mentor, secondment.get_absolute_url()),
    ):
        notify(
            person=person,
            kind=kind,
            subject=secondment,
            title=title,
            body=body,
            link=link,
            due_at=now,
            dedupe="once",
        )
