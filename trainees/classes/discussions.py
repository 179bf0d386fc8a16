"""结构化研讨: the sheet of each group, written by its members, and the comment on it.

Source: docs/rules.md R91.
"""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from academy.errors import PortalError
from academy.text.personal_details import personal_details
from courses.models import HELD, ClassStatus, TrainingClass

from ..booking.class_lock import lock
from ..models import ClassGrouping, Discussion, DiscussionSheet, GroupPlace
from .roster import on_the_roll_of

PARTS = ("problem", "causes", "measures")


class DiscussionRefused(PortalError):
    """A sheet that cannot be written or commented on now: the sentence says why."""


class SheetChanged(DiscussionRefused):
    """The group wrote on while the comment was typed."""


# --- Setting it -----------------------------------------------------------------------------------


@transaction.atomic
def set_discussion(
    *, training_class: TrainingClass, question: str, written_until: date, by, now: datetime
) -> Discussion:
    """Give the class its question, or change question and day; each group has a sheet at once.

    Sheets keep their texts. Raises DiscussionRefused.
    """
    training_class = lock(training_class)
    question = question.strip()
    if training_class.status not in HELD:
        raise DiscussionRefused(
            _("This class is closed or cancelled, so its discussion stays as it is.")
        )
    grouping = ClassGrouping.objects.filter(training_class=training_class).first()
    if grouping is None:
        raise DiscussionRefused(_("Mix the class into groups first."))
    if not question:
        raise DiscussionRefused(_("Write the question that the groups discuss."))
    if written_until < timezone.localdate(now):
        raise DiscussionRefused(_("The last day for writing is over already."))
    _refuse_personal(question)
    discussion, _new = Discussion.objects.update_or_create(
        training_class=training_class,
        defaults={
            "question": question,
            "written_until": written_until,
            "set_at": now,
            "set_by": by,
        },
    )
    add_sheets(training_class, grouping.groups)
    return discussion


def add_sheets(training_class: TrainingClass, groups: int) -> None:
    """A sheet for each group that has none; nothing where the class has no discussion.

    Call it under the lock of the class.
    """
    discussion = Discussion.objects.filter(training_class=training_class).first()
    if discussion is None:
        return
    there = set(discussion.sheets.values_list("number", flat=True))
    DiscussionSheet.objects.bulk_create(
        DiscussionSheet(discussion=discussion, number=number)
        for number in range(1, groups + 1)
        if number not in there
    )


# --- Who sees and writes what ---------------------------------------------------------------------


def group_of(user, training_class: TrainingClass) -> int | None:
    """The number of the group that the person is in; None for whoever takes no part or is in
    none.
    """
    return (
        GroupPlace.objects.filter(
            enrolment__in=on_the_roll_of(training_class).values("pk"),
            enrolment__trainee__user=user,
        )
        .values_list("number", flat=True)
        .first()
    )


def takes_part(user, training_class: TrainingClass) -> bool:
    """Whether the person is on the roll of the class."""
    return on_the_roll_of(training_class).filter(trainee__user=user).exists()


def sheets_of(training_class: TrainingClass) -> QuerySet[DiscussionSheet]:
    """Every sheet of the class: those of its groups, and of earlier groups those with a text."""
    grouping = ClassGrouping.objects.filter(training_class=training_class).first()
    found = DiscussionSheet.objects.filter(discussion__training_class=training_class)
    standing = found.filter(number__lte=grouping.groups if grouping else 0)
    return (
        (standing | found.exclude(written_at=None))
        .select_related("written_by", "commented_by", "discussion")
        .order_by("number")
    )


def sheets_seen_by(
    user, training_class: TrainingClass, *, sees_all: bool
) -> QuerySet[DiscussionSheet]:
    """What a person reads: whoever runs the class or teaches in it all sheets, who takes part the
    sheet of the own group and those with a comment, everybody else none.
    """
    sheets = sheets_of(training_class)
    if sees_all:
        return sheets
    if not takes_part(user, training_class):
        return sheets.none()
    own = group_of(user, training_class)
    return sheets.exclude(comment="") | sheets.filter(number=own or 0)


def is_open(discussion: Discussion, training_class: TrainingClass, now: datetime) -> bool:
    """Whether its groups write now: from the first lesson to the end of the last day."""
    return (
        training_class.status in (*HELD, ClassStatus.CLOSED)
        and training_class.has_started(now)
        and timezone.localdate(now) <= discussion.written_until
    )


# --- Writing and commenting -----------------------------------------------------------------------


@transaction.atomic
def write_sheet(
    *, sheet: DiscussionSheet, texts: dict[str, str], by, now: datetime
) -> DiscussionSheet:
    """Keep the three parts; whoever is in the group writes. Raises DiscussionRefused.

    Whether somebody else has written meanwhile the form asks before, under the same lock.
    """
    sheet = locked_sheet(sheet)
    training_class = sheet.discussion.training_class
    if group_of(by, training_class) != sheet.number:
        raise DiscussionRefused(_("Only those who are in the group write on its sheet."))
    if sheet.is_commented:
        raise DiscussionRefused(
            _("The sheet has its comment already, so it stays as it is. Ask whoever commented.")
        )
    if not is_open(sheet.discussion, training_class, now):
        raise DiscussionRefused(_("The sheet is written while the class runs, to its last day."))
    _refuse_personal("\n".join(texts.values()))
    for part in PARTS:
        setattr(sheet, part, texts[part].strip())
    sheet.written_at, sheet.written_by = now, by
    sheet.save(update_fields=[*PARTS, "written_at", "written_by"])
    return sheet


@transaction.atomic
def comment_on(
    *, sheet: DiscussionSheet, comment: str, shown: str, by, now: datetime
) -> DiscussionSheet:
    """Say what there is to say of a sheet; an empty comment takes it back, and the group writes on.

    `shown` is the fingerprint of what the commentator read. Who may is asked before. Raises
    DiscussionRefused, SheetChanged.
    """
    sheet = locked_sheet(sheet)
    if not sheet.is_written:
        raise DiscussionRefused(_("The group has written nothing yet."))
    if fingerprint(sheet) != shown:
        raise SheetChanged(
            _(
                "The group has written on since you opened the page. Read it again, then save; what"
                " you typed is kept."
            )
        )
    comment = comment.strip()
    _refuse_personal(comment)
    sheet.comment = comment
    sheet.commented_at, sheet.commented_by = (now, by) if comment else (None, None)
    sheet.save(update_fields=["comment", "commented_at", "commented_by"])
    return sheet


def locked_sheet(sheet: DiscussionSheet) -> DiscussionSheet:
    """The row as it stands, locked until the transaction ends."""
    return (
        DiscussionSheet.objects.select_for_update(of=("self",), no_key=True)
        .select_related("discussion__training_class")
        .get(pk=sheet.pk)
    )


def fingerprint(sheet: DiscussionSheet) -> str:
    """Names the three parts as they stand, so that no comment is on a text that nobody read."""
    texts = [getattr(sheet, part) for part in PARTS]
    return hashlib.sha256(repr(texts).encode()).hexdigest()


def _refuse_personal(text: str) -> None:
    if found := personal_details(text):
        raise DiscussionRefused(
            _("The text holds %(what)s. Take it out: everybody in the class reads it.")
            % {"what": "、".join(found)}
        )


def waiting_for_comment(classes: QuerySet | Iterable[int]) -> QuerySet[DiscussionSheet]:
    """Sheets of these classes with a text and without a comment, the oldest first."""
    return (
        DiscussionSheet.objects.filter(
            discussion__training_class__in=classes, written_at__isnull=False, comment=""
        )
        .exclude(problem="", causes="", measures="")
        .select_related("discussion__training_class")
        .order_by("written_at", "pk")
    )
