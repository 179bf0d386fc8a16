"""Putting an answer into the sealed box of a class, and opening the box when five are in it.

What is kept: who has answered (EvaluationAnswered), and what was answered (EvaluationAnswer,
EvaluationRemark), with nothing that leads from one to the other. Which measure stands against which
way of joining them:

- By key: answers have no person, no booking, no invitation; their keys are random, and new ones are
  given whenever the box is opened.
- By time: neither table has a column of time, and every opening writes all rows of the class anew
  in one transaction, so that PostgreSQL's own marks of transactions are the same for all of them.
- By order: both tables of a class are written anew in an order drawn by lot, this one with each
  answer, the answers with each opening. The order on disk, `rowid` and `ctid`, then tells neither
  who came first nor which answers came together.
- By being the only one: while fewer than five are in it, the box is one enciphered text of a fixed
  length (`sealing.py`), shuffled with each answer; one person who has answered and one answer are
  not side by side in any table. It is opened when the fifth comes, and then holds none.
- By difference: nothing is shown before five, and then in steps of five or more; the sixth to ninth
  stay sealed. What is left over when the evaluation closes is destroyed unread.
- By handwriting: the two free texts stand apart from the grades and from each other, so that a text
  that somebody recognises does not tell how its writer graded.
- By the outbox and the log: the invitation and the reminder go to whoever has not answered; nothing
  is written for whoever has, no event is logged, the address names the class alone, and the answer
  goes in the body of the request.

Not kept from: whoever has the secret of the running portal and the database at once reads a box of
fewer than five; old pages of PostgreSQL before VACUUM, and its write-ahead log, hold what was there
before; what somebody writes about themselves. Source: docs/rules.md R82.
"""

import logging
import secrets
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import TrainingClass

from ..models import (
    MOST_CHARACTERS,
    Aspect,
    ClassEvaluation,
    EvaluationAnswer,
    EvaluationAnswered,
    EvaluationRemark,
    Grade,
    RemarkKind,
    Trainee,
)
from .sealing import BoxUnreadable, seal, unseal
from .windows import EvaluationError, refuse_unless_asked

OPENS_AT = 5  # answers in the box; fewer are never shown, nor added to what is shown

log = logging.getLogger(__name__)
lot = secrets.SystemRandom()


class NotGraded(EvaluationError):
    """A grade is missing or unknown."""


@transaction.atomic
def answer(
    *,
    training_class: TrainingClass,
    trainee: Trainee,
    grades: Mapping[str, int],
    useful: str = "",
    improve: str = "",
    now: datetime,
) -> None:
    """Put the answer of somebody who was there into the box, once.

    `grades` are by Aspect. Raises NotOpen, WasNotThere, AlreadyAnswered, NotGraded.
    """
    evaluation = (
        ClassEvaluation.objects.select_for_update(of=("self",))
        .select_related("training_class")
        .filter(pk=training_class.pk)
        .first()
    )
    refuse_unless_asked(trainee, evaluation, now)
    if any(grades.get(aspect) not in Grade.values for aspect in Aspect.values):
        raise NotGraded(_("Give each of the four a grade."))
    _note_that_they_answered(training_class, trainee)
    sealed = _content(evaluation)
    sealed.append(
        [
            [int(grades[aspect]) for aspect in Aspect.values],
            useful.strip()[:MOST_CHARACTERS],
            improve.strip()[:MOST_CHARACTERS],
        ]
    )
    if len(sealed) >= OPENS_AT:
        _pour_out(training_class, sealed)
        sealed = []
    lot.shuffle(sealed)
    evaluation.box = seal(sealed) if sealed else ""
    evaluation.save(update_fields=["box"])


def _content(evaluation: ClassEvaluation) -> list:
    if not evaluation.box:
        return []
    try:
        return unseal(evaluation.box)
    except BoxUnreadable:  # the secret was changed without keeping the old one
        log.warning("The sealed box of an evaluation cannot be read any more; it begins anew.")
        return []


def _note_that_they_answered(training_class: TrainingClass, trainee: Trainee) -> None:
    """All rows of the class are written anew, so that the last one is not the newest."""
    rows = EvaluationAnswered.objects.filter(training_class=training_class)
    answered = [*rows, EvaluationAnswered(training_class=training_class, trainee=trainee)]
    rows.delete()
    lot.shuffle(answered)
    EvaluationAnswered.objects.bulk_create(answered)


def _pour_out(training_class: TrainingClass, sealed: list) -> None:
    """The answers of the class with those of the box, all with new keys, in an order drawn by
    lot.
    """
    answers = EvaluationAnswer.objects.filter(training_class=training_class)
    remarks = EvaluationRemark.objects.filter(training_class=training_class)
    grades = [
        *answers.values_list(*Aspect.values),
        *(tuple(given) for given, _useful, _improve in sealed),
    ]
    texts = [
        *remarks.values_list("kind", "text"),
        *((RemarkKind.USEFUL, useful) for _given, useful, _improve in sealed if useful),
        *((RemarkKind.IMPROVE, improve) for _given, _useful, improve in sealed if improve),
    ]
    answers.delete()
    remarks.delete()
    lot.shuffle(grades)
    lot.shuffle(texts)
    EvaluationAnswer.objects.bulk_create(
        EvaluationAnswer(
            training_class=training_class, **dict(zip(Aspect.values, given, strict=True))
        )
        for given in grades
    )
    EvaluationRemark.objects.bulk_create(
        EvaluationRemark(training_class=training_class, kind=kind, text=text)
        for kind, text in texts
    )
