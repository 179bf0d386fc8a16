"""What people are told about evaluations: the invitation, one reminder, whether they use it, what
is to be mended.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from notices.kinds import NoticeKind
from notices.models import Notice
from notices.reminders import PLAN_AHEAD, NoticeDraft, Reminder, instant

from ..models import ClassEvaluation, EvaluationAnswered, Improvement, UseFollowUp
from ..notices.evaluation import (
    EVALUATION_CLOSES,
    EVALUATION_OPEN,
    IMPROVEMENT_DUE,
    USED_AFTER_A_MONTH,
    USED_AFTER_A_SEASON,
)
from .follow_ups import Asked, asked_classes
from .windows import attendees_of


class _ToWhoeverHasNotAnswered(Reminder):
    """About an open evaluation. That somebody has answered takes them out of it, and nothing is
    written about them; what waits in the outbox is withdrawn by the sweep, for all at once.
    """

    text: NoticeKind

    def due(self, now: datetime) -> Iterator[NoticeDraft]:
        opened = ClassEvaluation.objects.open_at(now).defer("box")
        for evaluation in opened.select_related("training_class"):
            if self._due_at(evaluation) > now + PLAN_AHEAD:
                continue
            training_class = evaluation.training_class
            answered = EvaluationAnswered.objects.filter(training_class=training_class)
            people = attendees_of(training_class).exclude(trainee__in=answered.values("trainee"))
            for enrolment in people.select_related("trainee__user"):
                yield NoticeDraft(
                    person=enrolment.trainee.user,
                    subject=training_class,
                    moment=evaluation.closes_at,
                    due_at=self._due_at(evaluation),
                    kind=self.text,
                    values={"title": training_class.title, "until": evaluation.closes_at},
                    link=reverse("trainees:evaluate", args=[training_class.code]),
                )

    def still_true(self, notice: Notice) -> bool:
        evaluation = ClassEvaluation.objects.filter(pk=notice.subject_id).defer("box").first()
        return (
            evaluation is not None
            and evaluation.closes_at == notice.moment
            and not EvaluationAnswered.objects.filter(
                training_class=notice.subject_id, trainee__user=notice.person_id
            ).exists()
        )

    def _due_at(self, evaluation: ClassEvaluation) -> datetime:
        raise NotImplementedError


class EvaluationOpen(_ToWhoeverHasNotAnswered):
    """The invitation, when the last lesson has ended; the rule says only whether it is sent."""

    kind = "evaluation_open"
    name = gettext_lazy("Evaluate the class: the invitation")
    days_before = 0
    text = EVALUATION_OPEN

    def _due_at(self, evaluation: ClassEvaluation) -> datetime:
        return evaluation.opens_at


class EvaluationCloses(_ToWhoeverHasNotAnswered):
    """The one reminder, some days before the evaluation closes."""

    kind = "evaluation_closes"
    name = gettext_lazy("Evaluate the class: the reminder")
    days_before = 3
    text = EVALUATION_CLOSES

    def _due_at(self, evaluation: ClassEvaluation) -> datetime:
        return self.due_at(evaluation.closes_at)


class _Used(Reminder):
    """So many days after the class, at the hour of the rule, to whoever was there."""

    days_before = 0
    days: int
    text: NoticeKind

    def due(self, now: datetime) -> Iterator[NoticeDraft]:
        for asked in asked_classes(now):
            if asked.days != self.days:
                continue
            training_class = asked.training_class
            given = UseFollowUp.objects.filter(training_class=training_class, days=self.days)
            people = attendees_of(training_class).exclude(trainee__in=given.values("trainee"))
            for enrolment in people.select_related("trainee__user"):
                yield NoticeDraft(
                    person=enrolment.trainee.user,
                    subject=training_class,
                    moment=asked.closes_at,
                    due_at=self._due_at(asked),
                    kind=self.text,
                    values={"title": training_class.title},
                    link=reverse("trainees:say_use", args=[training_class.code, self.days]),
                )

    def still_true(self, notice: Notice) -> bool:
        training_class = notice.subject
        return (
            training_class.ends_at is not None
            and Asked(training_class, self.days).closes_at == notice.moment
            and not UseFollowUp.objects.filter(
                training_class=training_class, days=self.days, trainee__user=notice.person_id
            ).exists()
        )

    def _due_at(self, asked: Asked) -> datetime:
        """The morning after; the hour of the rule of the day on which it opens lies behind."""
        day = timezone.localdate(asked.opens_at) + timedelta(days=1)
        return timezone.make_aware(datetime.combine(day, time(self.rule.at_hour)))


class UsedAfterAMonth(_Used):
    """Asked 30 days after the class."""

    kind = "used_after_30_days"
    name = gettext_lazy("30 days later: do you use it?")
    days = 30
    text = USED_AFTER_A_MONTH


class UsedAfterASeason(_Used):
    """Asked 90 days after the class."""

    kind = "used_after_90_days"
    name = gettext_lazy("90 days later: do you use it?")
    days = 90
    text = USED_AFTER_A_SEASON


class ImprovementDue(Reminder):
    """Before the last day of something to mend, to whoever sees to it."""

    kind = "improvement_due"
    name = gettext_lazy("Something to mend after an evaluation is due")
    days_before = 3

    def due(self, now: datetime) -> Iterator[NoticeDraft]:
        first, last = (timezone.localdate(moment) for moment in self.window(now))
        open_still = Improvement.objects.open().filter(due_on__range=(first, last))
        for item in open_still.select_related("training_class", "responsible"):
            yield self.draft(
                IMPROVEMENT_DUE,
                item.responsible,
                subject=item,
                moment=item.due_on,
                values={
                    "action": item.action,
                    "title": item.training_class.title,
                    "until": item.due_on,
                },
                link=reverse("trainees:class_evaluation", args=[item.training_class.code]),
            )

    def still_true(self, notice: Notice) -> bool:
        item: Improvement = notice.subject
        due_on: date = item.due_on
        return item.done_on is None and instant(due_on) == notice.moment
