"""The case library: writing a case, its review, publishing it, and taking it down again.

Every step locks the case, checks where it stands, writes, and leaves a CaseStep. Nothing with a
phone number, an identity number or the number of a door is handed in or published. Source:
docs/rules.md R34.
"""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from academy.errors import InvalidTransition, PortalError
from academy.models import User
from academy.search import index
from academy.text.codes import next_in_series
from academy.text.personal_details import personal_details
from courses.models import Course
from notices.kinds import NoticeKind
from notices.outbox import tell
from trainees.classes.discussions import locked_sheet
from trainees.models import DiscussionSheet

from .models import (
    CaseDecision,
    CaseStatus,
    CaseStep,
    EvidenceKind,
    ItemKind,
    PracticeCase,
    SevenItem,
)
from .notices import CASE_BEGUN, CASE_DECIDED

# what the public reads
STORY = ("title", "theme", "place", "problem", "approach", "result", "lessons_learned", "remark")
PREFIX = "AL-"
ATTEMPTS = 40  # at a free code: each attempt that fails means that one other person got a case
REASON_LENGTH = 500


class CaseNotEditable(InvalidTransition):
    """The case lies with the reviewers, or is published."""


class CaseElsewhere(InvalidTransition):
    """The case does not stand where the step begins."""


class TellsOnSomebody(PortalError):
    """The text holds what leads to a person or a flat."""


class CaseReasonMissing(PortalError):
    """Sending back and taking down need a reason."""


class NoCommentYet(PortalError):
    """The sheet of a group has no comment."""


class NoSignedCase(PortalError):
    """The work case of the secondment is not signed, or is only a file."""


@transaction.atomic
def begin(
    *,
    story: dict,
    courses: Iterable[Course],
    private_note: str = "",
    by,
    now: datetime,
    secondment=None,
    sheet=None,
) -> PracticeCase:
    """A new draft with the next code.

    `story` holds the public fields by name. The same story again gives the draft that is there.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # a second tap waits for the first
    if there := PracticeCase.objects.filter(
        author=by,
        status=CaseStatus.DRAFT,
        secondment=secondment,
        sheet=sheet,
        private_note=private_note,
        **story,
    ).first():
        return there
    for _attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                case = PracticeCase.objects.create(
                    code=_next_code(),
                    author=by,
                    updated_at=now,
                    private_note=private_note,
                    secondment=secondment,
                    sheet=sheet,
                    **story,
                )
                break
        except IntegrityError:
            if (
                secondment is not None
                and PracticeCase.objects.filter(secondment=secondment).exists()
            ):
                return PracticeCase.objects.get(secondment=secondment)  # a second tap
            if sheet is not None and PracticeCase.objects.filter(sheet=sheet).exists():
                return PracticeCase.objects.get(sheet=sheet)  # somebody else was quicker
    else:
        raise CaseElsewhere(_("Many people are writing at this moment. Please save again."))
    case.courses.set(courses)
    return case


def _next_code() -> str:
    codes = PracticeCase.objects.filter(code__startswith=PREFIX).values_list("code", flat=True)
    return next_in_series(PREFIX, codes, digits=2)


@transaction.atomic
def rewrite(
    *,
    case: PracticeCase,
    story: dict,
    courses: Iterable[Course],
    private_note: str = "",
    by,
    now: datetime,
) -> PracticeCase:
    """Change what a draft says. Raises CaseNotEditable."""
    case = _lock(case)
    if not case.is_writable:
        raise CaseNotEditable(
            _("“%(title)s” is in review or published. Take it back or take it down first.")
            % {"title": case.title}
        )
    for name, value in story.items():
        setattr(case, name, value)
    case.private_note, case.updated_at = private_note, now
    case.author = case.author or by  # one that came from a file is the portal's own from now on
    case.save()
    case.courses.set(courses)
    return case


@transaction.atomic
def begin_from(*, item: SevenItem, by, now: datetime) -> PracticeCase:
    """Take a signed work case of a secondment into the library, as a draft of whoever wrote it, who
    is asked to complete it.

    Whether it is published is decided here and not by the signature. Raises NoSignedCase. Source:
    docs/rules.md R34.
    """
    if item.kind != ItemKind.WORK_CASE or not item.is_signed:
        raise NoSignedCase(
            _(
                "The work case is not signed. Take it into the case library when its mentor has"
                " signed it."
            )
        )
    # an earlier one was sent back, maybe for the names in it
    text = item.evidence.filter(kind=EvidenceKind.TEXT, round=item.round).last()
    if text is None:
        raise NoSignedCase(
            _(
                "What was signed is only a file. Send it back and ask for the case as a text, or"
                " write it into the case library from the file."
            )
        )
    secondment = item.secondment
    with translation.override(settings.LANGUAGE_CODE):
        title, theme = secondment.case_title[:60] or item.get_kind_display(), _("Secondment case")
    story = {
        "title": title,
        "theme": theme,
        "problem": text.text[:3000],
        "approach": "",
        "result": "",
    }
    case = begin(
        story=story, courses=(), by=secondment.trainee.user, now=now, secondment=secondment
    )
    _tell(CASE_BEGUN, case, "begun", now, title=case.title, name=by.name)
    return case


@transaction.atomic
def begin_from_sheet(*, sheet: DiscussionSheet, title: str, by, now: datetime) -> PracticeCase:
    """A draft of whoever begins it, with what the group wrote; the comment is a note among
    colleagues.

    A sheet becomes a case once: a second time gives the draft that is there. Raises NoCommentYet.
    Source: docs/rules.md R91.
    """
    sheet = locked_sheet(sheet)
    if there := PracticeCase.objects.filter(sheet=sheet).first():
        return there
    if not sheet.is_commented:
        raise NoCommentYet(_("The sheet has no comment. It becomes a case once it has one."))
    with translation.override(settings.LANGUAGE_CODE):
        theme = _("Structured discussion")
        causes = _("Causes: %(text)s") % {"text": sheet.causes} if sheet.causes else ""
        note = _("Comment by %(name)s: %(text)s") % {
            "name": sheet.commented_by.name,
            "text": sheet.comment,
        }
    story = {
        "title": title.strip()[:60],
        "theme": theme,
        "problem": "\n\n".join(text for text in (sheet.problem, causes) if text),
        "approach": sheet.measures,
        "result": "",
    }
    return begin(story=story, courses=(), private_note=note[:1000], by=by, now=now, sheet=sheet)


@transaction.atomic
def submit(*, case: PracticeCase, by, now: datetime) -> PracticeCase:
    """Hand a draft in. Raises CaseElsewhere, TellsOnSomebody."""
    case = _lock_at(case, CaseStatus.DRAFT, CaseStatus.TAKEN_DOWN)
    _refuse_unfinished(case)
    return _move(case, CaseStatus.IN_REVIEW, CaseDecision.SUBMITTED, by, now)


@transaction.atomic
def take_back(*, case: PracticeCase, by, now: datetime) -> PracticeCase:
    """Take it out of review to go on writing. Raises CaseElsewhere."""
    return _move(
        _lock_at(case, CaseStatus.IN_REVIEW), CaseStatus.DRAFT, CaseDecision.TAKEN_BACK, by, now
    )


@transaction.atomic
def return_for_changes(*, case: PracticeCase, reason: str, by, now: datetime) -> PracticeCase:
    """Send it back with a reason; the author is told. Raises CaseElsewhere, CaseReasonMissing."""
    reason = _reason(reason, _("Write what has to change, so that the author knows what to do."))
    return _move(
        _lock_at(case, CaseStatus.IN_REVIEW),
        CaseStatus.DRAFT,
        CaseDecision.RETURNED,
        by,
        now,
        reason,
    )


@transaction.atomic
def publish(*, case: PracticeCase, by, now: datetime, opinion: str = "") -> PracticeCase:
    """Show it to everybody; drafts of the office need no hand-in.

    Raises CaseElsewhere, TellsOnSomebody.
    """
    case = _lock_at(case, CaseStatus.IN_REVIEW, CaseStatus.DRAFT, CaseStatus.TAKEN_DOWN)
    _refuse_unfinished(case)
    case.published_at = now
    return _move(
        case, CaseStatus.PUBLISHED, CaseDecision.PUBLISHED, by, now, opinion.strip()[:REASON_LENGTH]
    )


@transaction.atomic
def take_down(*, case: PracticeCase, reason: str, by, now: datetime) -> PracticeCase:
    """Nobody finds it any more; the author may mend it. Raises CaseElsewhere, CaseReasonMissing."""
    reason = _reason(reason, _("Write why the case is taken down; the author is told."))
    return _move(
        _lock_at(case, CaseStatus.PUBLISHED),
        CaseStatus.TAKEN_DOWN,
        CaseDecision.TAKEN_DOWN,
        by,
        now,
        reason,
    )


def personal_details_in(case: PracticeCase) -> list[str]:
    """What of the public text leads to a person or a flat, in words."""
    return personal_details("\n".join(getattr(case, name) for name in STORY))


def _refuse_unfinished(case: PracticeCase) -> None:
    if not all(getattr(case, name).strip() for name in ("problem", "approach", "result")):
        raise TellsOnSomebody(
            _("“%(title)s” still lacks what the matter was, what was done, or what came of it.")
            % {"title": case.title}
        )
    if found := personal_details_in(case):
        raise TellsOnSomebody(
            _("The text holds %(what)s. Take it out: a case names no resident and no flat.")
            % {"what": "、".join(found)}
        )


def _lock(case: PracticeCase) -> PracticeCase:
    return PracticeCase.objects.select_for_update(no_key=True).get(pk=case.pk)


def _lock_at(case: PracticeCase, *statuses: str) -> PracticeCase:
    case = _lock(case)
    if case.status not in statuses:
        raise CaseElsewhere(
            _("“%(title)s” is “%(status)s” by now. Somebody may have decided just now.")
            % {
                "title": case.title,
                "status": case.get_status_display(),
            }
        )
    return case


def _move(
    case: PracticeCase, status: str, decision: str, by, now: datetime, opinion: str = ""
) -> PracticeCase:
    was_public = case.status == CaseStatus.PUBLISHED
    case.status, case.updated_at = status, now
    case.save()
    step = CaseStep.objects.create(case=case, at=now, by=by, decision=decision, opinion=opinion)
    if was_public or status == CaseStatus.PUBLISHED:
        index.rebuild(["case"])
    if case.author_id and case.author_id != by.pk:
        _tell_author(case, step)
    return case


def _reason(text: str, sentence: str) -> str:
    if not text.strip():
        raise CaseReasonMissing(sentence)
    return text.strip()[:REASON_LENGTH]


def _tell_author(case: PracticeCase, step: CaseStep) -> None:
    _tell(
        CASE_DECIDED[step.decision],
        case,
        f"step {step.pk}",
        step.at,
        title=case.title,
        decision=step.decision,
        opinion=step.opinion,
    )


def _tell(
    kind: NoticeKind, case: PracticeCase, dedupe: str, at: datetime, **values: object
) -> None:
    tell(
        kind,
        case.author,
        values=values,
        link=reverse("practicums:manage_case", args=[case.code]),
        subject=case,
        dedupe=dedupe,
        due_at=at,
    )
