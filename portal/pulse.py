"""The pulse of a season (脉动): what was asked for, planned, held, answered, used, written down and
mended, one step after the other, as numbers with the way to their rows. Source: docs/rules.md R86.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from courses.models import (
    HELD,
    ClassStatus,
    Lesson,
    TopicRequest,
    TrainingClass,
)
from courses.schedule.season import Season
from practicums.models import PracticeCase
from trainees.models import (
    Enrolment,
    EnrolmentStatus,
    EvaluationAnswered,
    Improvement,
    UseFollowUp,
)

LEAST = 5  # answers of people, below which no number is shown; docs/rules.md R86
PLANNED = (*HELD, ClassStatus.CLOSED)  # no draft, nothing cancelled


@dataclass(frozen=True)
class Beat:
    """One step: its name, the number (none: it cannot be told, and `note` says why), its rows."""

    name: str
    count: int | None
    words: str
    note: str = ""
    url: str = ""


def pulse_of(season: Season, user, now: datetime) -> list[Beat]:
    """The seven steps of a season, in their order; a fixed number of queries.

    A step leads to its rows where the person may see them.
    """
    days = (season.begins_at, season.ends_at)
    inside = Lesson.objects.filter(starts_at__gte=days[0], starts_at__lt=days[1])
    classes = TrainingClass.objects.filter(
        status__in=PLANNED, pk__in=inside.values("training_class")
    )
    held = classes.aggregate(
        all=Count("pk"), closed=Count("pk", filter=Q(status=ClassStatus.CLOSED))
    )
    people = Enrolment.objects.filter(
        training_class__in=classes, status=EnrolmentStatus.COMPLETED
    ).count()
    asked = TopicRequest.objects.filter(asked_at__gte=days[0], asked_at__lt=days[1]).count()
    cases = PracticeCase.objects.published().filter(
        published_at__gte=days[0], published_at__lt=days[1]
    )
    answers = EvaluationAnswered.objects.filter(training_class__in=classes).count()
    uses = UseFollowUp.objects.filter(training_class__in=classes).count()
    mended = Improvement.objects.filter(training_class__in=classes).aggregate(
        all=Count("pk"), done=Count("pk", filter=Q(done_on__isnull=False))
    )
    is_staff = user.is_authenticated and user.has_perm("courses.view_schedule")
    is_office = user.is_authenticated and user.has_perm("courses.answer_request")
    to = _Ways(season, is_staff=is_staff, is_office=is_office)
    return [
        Beat(
            pgettext("pulse", "Requests"),
            asked,
            ngettext("topic asked for", "topics asked for", asked),
            url=to.requests,
        ),
        Beat(
            _("Schedule of the season"),
            held["all"],
            ngettext("class planned", "classes planned", held["all"]),
            url=to.schedule,
        ),
        Beat(
            pgettext("pulse", "Training"),
            people,
            ngettext("person completed a class", "people completed a class", people),
            note=ngettext("%(count)d class closed", "%(count)d classes closed", held["closed"])
            % {"count": held["closed"]},
            url=to.held,
        ),
        _of_answers(
            pgettext("pulse", "Evaluation"), answers, pgettext("pulse", "answers"), to.evaluation
        ),
        _of_answers(
            pgettext("pulse", "Follow-up"), uses, _("answers on what was used"), to.evaluation
        ),
        Beat(
            pgettext("pulse", "Cases"),
            cases.count(),
            _("published in the season"),
            url=reverse("practicums:case_list"),
        ),
        Beat(
            pgettext("pulse", "Review"),
            mended["all"],
            ngettext("improvement agreed", "improvements agreed", mended["all"]),
            note=ngettext("%(count)d done", "%(count)d done", mended["done"])
            % {"count": mended["done"]},
            url=to.review,
        ),
    ]


def _of_answers(name: str, count: int, words: str, url: str) -> Beat:
    """A number of answers; fewer than five would point at people."""
    if count >= LEAST:
        return Beat(name, count, words, url=url)
    note = (
        _("Fewer than %(least)d answers, so no number is shown.") % {"least": LEAST}
        if count
        else _("Nothing can be counted yet: nobody has answered.")
    )
    return Beat(name, None, "", note=note, url=url)


class _Ways:
    """Where each step leads for this person; nothing where they may not see the rows."""

    def __init__(self, season: Season, *, is_staff: bool, is_office: bool) -> None:
        board = f"{reverse('courses:season', args=[season])}?view=list&month=all"
        self.requests = reverse("courses:manage_requests") if is_office else ""
        self.schedule = board if is_staff else reverse("trainees:class_list")
        self.held = board if is_staff else f"{reverse('trainees:class_list')}?past=1"
        self.evaluation = reverse("trainees:evaluations") if is_staff else ""
        self.review = reverse("trainees:improvements") if is_staff else ""
