"""Secondments and cases of two entries of one person."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _

from academy.models import User
from academy.person_rows import ACTED

from .models import Secondment

MOVES = (
    "practicums.Secondment.trainee",
    "practicums.Secondment.mentor",
    "practicums.PracticeCase.author",
    "practicums.EvidenceDraft.owner",
    "practicums.HeldFile.owner",
)
STAYS = {
    "practicums.Secondment.ended_by": ACTED,
    "practicums.CaseStep.by": ACTED,
    "practicums.Evidence.uploaded_by": ACTED,
    "practicums.SignOff.user": ACTED,
}


def refusals(survivor: User, away: User) -> Iterator[str]:
    """Nobody is on two secondments at once, or the own mentor: docs/rules.md R33."""
    both = (survivor, away)
    running = Secondment.objects.running().filter(trainee__user__in=both)
    if running.count() > 1:
        yield _("Both are on a secondment that runs. End one of the two first.")
    if Secondment.objects.filter(
        Q(trainee__user=survivor, mentor=away) | Q(trainee__user=away, mentor=survivor)
    ).exists():
        yield _("One of them is the mentor of the other's secondment, so they are two people.")
