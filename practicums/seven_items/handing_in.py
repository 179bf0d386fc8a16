"""From a draft to the signers and, until one of them has looked, back again.

Source: docs/rules.md R7.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from academy.errors import PortalError
from academy.uploads.kinds import CheckedFile

from ..errors import (
    AlreadyLooked,
    DraftChanged,
    EvidenceMissing,
    NotHandedIn,
    NotNamed,
)
from ..evidence import drafts
from ..evidence.held_files import as_checked, as_evidence, delete_after_commit
from ..models import (
    EvidenceDraft,
    EvidenceKind,
    HeldFile,
    ItemKind,
    ItemStatus,
    SevenItem,
    SignOffDecision,
)
from .evidence_steps import (
    TEXT_LENGTH,
    add_evidence,
    day_of_get_together,
    refuse_if_only_filled_in,
    refuse_unless_open,
)
from .guidance import is_only_filled_in, with_start
from .locks import lock_item, refuse_long
from .questions import MAIN, QUESTIONS, as_text, names_a_day
from .signers import SIGNERS, roles_of, signed_roles
from .step_notices import take_notices_back
from .steps import hand_in


def open_draft(item: SevenItem, owner) -> EvidenceDraft:
    """The draft as it is kept, or one that begins with what is known and is not saved yet."""
    draft = drafts.draft_of(item, owner) or EvidenceDraft(item=item, owner=owner, revision=0)
    draft.item = item
    return with_start(draft)


def lock_to_draft(item: SevenItem, by) -> SevenItem:
    """The item after its lock. Raises NotNamed, SecondmentEnded, WithTheSigners, AlreadySigned."""
    item = lock_item(item)
    if item.is_appraisal or item.secondment.trainee.user_id != by.pk:
        raise NotNamed(_("Evidence is added by the person on the secondment."))
    if item.kind != ItemKind.GET_TOGETHER:
        refuse_unless_open(item)
    return item


@transaction.atomic
def keep(
    *, item: SevenItem, by, answers: Mapping[str, str], held_on: date | None, now: datetime
) -> EvidenceDraft:
    """Keep what is typed. Nothing is written while it is only what the portal filled in.

    Raises what `lock_to_draft` raises.
    """
    item = lock_to_draft(item, by)
    draft = open_draft(item, by)
    typed = {name: text for name, text in answers.items() if text}
    if draft.pk is None and typed == draft.answers and held_on in (None, timezone.localdate(now)):
        return draft
    return drafts.save(item=item, owner=by, answers=typed, held_on=held_on, now=now)


@transaction.atomic
def keep_file(*, item: SevenItem, by, file: CheckedFile, now: datetime) -> HeldFile:
    """Keep a file with the draft; what is known already is kept with the first one.

    Raises TooManyFiles, FileNotKept and what `lock_to_draft` raises.
    """
    item = lock_to_draft(item, by)
    draft = open_draft(item, by)
    if draft.pk is None and draft.answers:
        drafts.save(item=item, owner=by, answers=draft.answers, now=now)
    return drafts.add_file(item=item, owner=by, file=file, now=now)


def missing_in(draft: EvidenceDraft, now: datetime) -> dict[str, str]:
    """Name of a field of the form → what it lacks; empty means ready to hand in."""
    return dict(_missing_in(draft, now))


def _missing_in(draft: EvidenceDraft, now: datetime) -> Iterator[tuple[str, str]]:
    item = draft.item
    for question in QUESTIONS[item.kind]:
        for day, line in question.row_names():
            yield from _missing_in_row(draft, day, line)
    if item.kind == ItemKind.GET_TOGETHER:
        try:
            day_of_get_together(item.secondment, draft.held_on, timezone.localdate(now))
        except PortalError as error:
            yield "held_on", str(error)
    text = as_text(item.kind, draft.answers)
    try:
        refuse_long(text, TEXT_LENGTH)
        if not (drafts.files_of(item, draft.owner) or _was_kept_before(item)):
            if not text:
                raise EvidenceMissing(
                    _("Write a few lines or choose a file; one of the two is enough.")
                )
            refuse_if_only_filled_in(item, text)
    except PortalError as error:
        yield MAIN, str(error)


def _missing_in_row(draft: EvidenceDraft, day: str, line: str) -> Iterator[tuple[str, str]]:
    said_day, said = draft.answers.get(day, ""), draft.answers.get(line, "")
    if said and not names_a_day(said_day):
        yield day, _("Write the day, such as 20 November.")
    elif said_day and not said:
        yield line, _("Write what was or will be done by then.")


def _was_kept_before(item: SevenItem) -> bool:
    """Evidence that waits for the next hand-in, such as what a list brought."""
    return item.evidence.filter(round=item.round + 1).exists()


@transaction.atomic
def hand_in_draft(
    *, item: SevenItem, by, now: datetime, declared_open: bool, revision: int
) -> SevenItem:
    """Give the draft to those who sign; the record of a get-together is only added where the item
    is with them or signed. `revision` is that of the draft which the person looked at.

    Raises DraftChanged, EvidenceMissing and what `add_evidence` and `hand_in` raise.
    """
    item = lock_item(item)
    waits = item.is_with_signers or (item.is_signed and item.kind == ItemKind.GET_TOGETHER)
    draft = drafts.locked_draft(item, by)
    if draft.pk is None and item.is_with_signers:
        return item  # a second click
    if draft.revision != revision:
        raise DraftChanged(_("The draft has changed since. Look at it once more, then hand it in."))
    draft.item = item
    files = list(_checked_files(draft))
    text = as_text(item.kind, draft.answers)
    if draft.pk and (files or (text and not is_only_filled_in(item, text))):
        for sentence in missing_in(draft, now).values():
            raise EvidenceMissing(sentence)
        add_evidence(
            item=item,
            by=by,
            now=now,
            declared_open=declared_open,
            text=text,
            answers=draft.answers,
            files=files,
            held_on=draft.held_on,
        )
    if draft.pk:
        drafts.let_go(draft)
    return item if waits else hand_in(item=item, by=by, now=now)


def _checked_files(draft: EvidenceDraft) -> Iterator[CheckedFile]:
    for held in drafts.files_of(draft.item, draft.owner):
        file = as_evidence(held)
        if file is None:
            raise EvidenceMissing(
                _("“%(name)s” is no longer there. Take it out and choose it again.")
                % {"name": held.original_name}
            )
        yield file


def may_take_back(user, item: SevenItem) -> bool:
    """The secondee, while nobody who signs has looked."""
    return (
        item.is_with_signers
        and item.secondment.trainee.user_id == user.pk
        and item.looked_at is None
        and not signed_roles(item)
    )


@transaction.atomic
def take_back(*, item: SevenItem, by, now: datetime) -> SevenItem:
    """Make what was handed in a draft again, with its text and files.

    Raises NotNamed, SecondmentEnded, NotHandedIn, AlreadyLooked, FileNotKept.
    """
    item = lock_item(item)
    if item.secondment.trainee.user_id != by.pk:
        raise NotNamed(_("It is taken back by the person on the secondment."))
    if not item.is_with_signers:
        raise NotHandedIn(_("It is not handed in at present; it may have been sent back just now."))
    came_back = item.sign_offs.filter(
        round=item.round - 1, decision=SignOffDecision.SENT_BACK
    ).exists()
    nobody_looked = SevenItem.objects.filter(
        pk=item.pk, status=ItemStatus.HANDED_IN, looked_at=None
    )
    if signed_roles(item) or not nobody_looked.update(
        status=ItemStatus.SENT_BACK if came_back else ItemStatus.IN_PROGRESS,
        round=F("round") - 1,
        handed_in_at=None,
    ):
        raise AlreadyLooked(
            _(
                "It has been opened already, so it stays handed in. It can still be sent back to"
                " you."
            )
        )
    take_notices_back(item)
    _draft_again(item, by, now)
    return SevenItem.objects.select_related("secondment").get(pk=item.pk)


def _draft_again(item: SevenItem, by, now: datetime) -> None:
    """What was handed in with the last step, as it was typed and chosen."""
    given = item.evidence.filter(round=item.round, uploaded_by=by, uploaded_at=item.handed_in_at)
    pieces = list(given)
    for piece in pieces:
        if piece.kind == EvidenceKind.TEXT:
            answers = piece.answers or {MAIN: piece.text}
            drafts.save(item=item, owner=by, answers=answers, held_on=piece.held_on, now=now)
    for piece in pieces:
        file = as_checked(piece) if piece.kind == EvidenceKind.FILE else None
        if file:
            drafts.add_file(item=item, owner=by, file=file, now=now)
    given.forget_unseen()
    delete_after_commit([piece.file.name for piece in pieces if piece.file])


def mark_looked(*, item: SevenItem, by, now: datetime) -> None:
    """Write down that somebody who signs has opened the hand-in; the first time counts."""
    if item.is_with_signers and roles_of(by, item.secondment) & set(SIGNERS[item.kind]):
        SevenItem.objects.filter(
            pk=item.pk, status=ItemStatus.HANDED_IN, round=item.round, looked_at=None
        ).update(looked_at=now)
