"""The evaluation of a class: what was answered, kept apart from who has answered; what is to be
mended because of it; and whether what was learnt is used.

No row of an answer has a person, a time, or a key that says when it was written. Source:
docs/rules.md R82; `trainees/evaluation/box.py` says which attack each measure stands against.
"""

import uuid
from datetime import date, datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.models import ClassStatus, TrainingClass

from .people import Trainee

MOST_CHARACTERS = 300  # of a free text: an answer has to fit into its place in the sealed box


class Grade(models.IntegerChoices):
    """The five grades, the best first."""

    VERY_GOOD = 5, pgettext_lazy("grade", "Very good")
    GOOD = 4, pgettext_lazy("grade", "Good")
    FAIR = 3, pgettext_lazy("grade", "Fair")
    POOR = 2, pgettext_lazy("grade", "Poor")
    BAD = 1, pgettext_lazy("grade", "Bad")


GOOD_GRADES = (Grade.VERY_GOOD, Grade.GOOD)


class Aspect(models.TextChoices):
    """What is graded; the fields of EvaluationAnswer.

    Source: 《干部教育培训工作条例》 (2015), art. 59.
    """

    MANNER = "manner", pgettext_lazy("aspect of teaching", "Attitude")
    CONTENT = "content", pgettext_lazy("aspect of teaching", "Content")
    METHOD = "method", pgettext_lazy("aspect of teaching", "Method")
    EFFECT = "effect", pgettext_lazy("aspect of teaching", "Effect")


class ClassEvaluationQuerySet(models.QuerySet):
    def standing(self) -> Self:
        """Those of classes that took place."""
        return self.exclude(training_class__status=ClassStatus.CANCELLED)

    def open_at(self, now: datetime) -> Self:
        return self.standing().filter(opens_at__lte=now, closes_at__gt=now)


class ClassEvaluation(models.Model):
    """When the people of a class can answer, and the answers that are still sealed.

    `closes_at` is kept from the day of opening: a changed setting moves no evaluation that people
    were invited to. `box` holds fewer than five answers, enciphered; empty means none.
    """

    training_class = models.OneToOneField(
        TrainingClass, models.CASCADE, primary_key=True, related_name="evaluation"
    )
    opens_at = models.DateTimeField(_("opens at"))
    closes_at = models.DateTimeField(_("closes at"))
    box = models.TextField(blank=True, editable=False)

    objects = ClassEvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = _("evaluation of a class")
        verbose_name_plural = _("evaluations of classes")
        indexes = [models.Index(fields=["closes_at"], name="evaluation_by_its_end")]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=models.F("opens_at")),
                name="an_evaluation_closes_after_it_opens",
            )
        ]

    def __str__(self) -> str:
        return f"{self.training_class_id}"

    def is_open(self, now: datetime) -> bool:
        return self.opens_at <= now < self.closes_at


class EvaluationAnswered(models.Model):
    """That a person has answered for a class, and nothing else: no time, no answer, a random
    key.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    training_class = models.ForeignKey(TrainingClass, models.CASCADE, related_name="+")
    trainee = models.ForeignKey(Trainee, models.PROTECT, related_name="evaluations_answered")

    class Meta:
        verbose_name = _("that an evaluation was answered")
        verbose_name_plural = _("that evaluations were answered")
        constraints = [
            models.UniqueConstraint(
                fields=["training_class", "trainee"], name="a_class_is_evaluated_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.training_class_id}"


class EvaluationAnswer(models.Model):
    """The grades of one answer, by nobody, at no time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    training_class = models.ForeignKey(
        TrainingClass, models.CASCADE, related_name="evaluation_answers"
    )
    manner = models.PositiveSmallIntegerField(Aspect.MANNER.label, choices=Grade)
    content = models.PositiveSmallIntegerField(Aspect.CONTENT.label, choices=Grade)
    method = models.PositiveSmallIntegerField(Aspect.METHOD.label, choices=Grade)
    effect = models.PositiveSmallIntegerField(Aspect.EFFECT.label, choices=Grade)

    class Meta:
        verbose_name = _("answer of an evaluation")
        verbose_name_plural = _("answers of evaluations")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    manner__in=Grade.values,
                    content__in=Grade.values,
                    method__in=Grade.values,
                    effect__in=Grade.values,
                ),
                name="grades_are_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.training_class_id}"


class RemarkKind(models.TextChoices):
    USEFUL = "useful", _("What was most useful")
    IMPROVE = "improve", _("What should be better")


class EvaluationRemark(models.Model):
    """A free text of one answer, kept apart from its grades and from the other text."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    training_class = models.ForeignKey(TrainingClass, models.CASCADE, related_name="remarks")
    kind = models.CharField(max_length=8, choices=RemarkKind)
    text = models.CharField(max_length=MOST_CHARACTERS)

    class Meta:
        verbose_name = _("remark of an evaluation")
        verbose_name_plural = _("remarks of evaluations")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=RemarkKind.values), name="remark_kind_is_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.training_class_id} {self.kind}"


# --- What follows ---------------------------------------------------------------------------------


class ImprovementQuerySet(models.QuerySet):
    def open(self) -> Self:
        return self.filter(done_on__isnull=True)

    def visible_to(self, user) -> Self:
        """Of the classes that the person runs, and those that they are to see to."""
        return self.filter(
            Q(training_class__in=TrainingClass.objects.run_by(user).order_by())
            | Q(responsible=user.pk)
        )


class Improvement(models.Model):
    """What is to be mended after an evaluation (整改事项): who, what, until when; done with a
    sentence. It is never edited: what was done is added once.
    """

    training_class = models.ForeignKey(
        TrainingClass, models.PROTECT, related_name="improvements", verbose_name=_("training class")
    )
    finding = models.CharField(pgettext_lazy("improvement", "What was found"), max_length=200)
    action = models.CharField(_("What is to be done"), max_length=200)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="improvements",
        verbose_name=_("Who sees to it"),
    )
    due_on = models.DateField(pgettext_lazy("of an improvement", "Until"))
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    done_on = models.DateField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    outcome = models.CharField(
        pgettext_lazy("improvement", "What was done"), max_length=200, blank=True
    )

    objects = ImprovementQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("improvement")
        verbose_name_plural = _("improvements")
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on__isnull=True, done_by__isnull=True, outcome="")
                | (Q(done_on__isnull=False, done_by__isnull=False) & ~Q(outcome="")),
                name="an_improvement_is_done_with_a_sentence",
            )
        ]

    def __str__(self) -> str:
        return self.action

    def is_overdue(self, today: date) -> bool:
        return self.done_on is None and self.due_on < today


class Use(models.TextChoices):
    """Whether what was learnt is used (用上了没有)."""

    USED = "used", _("I use it")
    PARTLY = "partly", _("I use some of it")
    NOT_YET = "not_yet", pgettext_lazy("whether it is used", "Not yet")
    NO_OCCASION = "no_occasion", _("There was no occasion")


USED = (Use.USED, Use.PARTLY)
FOLLOW_UP_DAYS = (30, 90)  # after the last lesson


class UseFollowUp(models.Model):
    """What a person answered 30 or 90 days after a class: one tap, and a text if they like.

    It is not anonymous: whoever runs the class reads the text with its name, the tap is only
    counted. Source: docs/rules.md R83.
    """

    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="use_follow_ups")
    trainee = models.ForeignKey(Trainee, models.PROTECT, related_name="use_follow_ups")
    days = models.PositiveSmallIntegerField()
    use = models.CharField(max_length=12, choices=Use)
    text = models.CharField(max_length=MOST_CHARACTERS, blank=True)

    class Meta:
        verbose_name = _("answer whether it is used")
        verbose_name_plural = _("answers whether it is used")
        constraints = [
            models.UniqueConstraint(
                fields=["training_class", "trainee", "days"], name="asked_once_whether_it_is_used"
            ),
            models.CheckConstraint(condition=Q(use__in=Use.values), name="use_is_known"),
            models.CheckConstraint(
                condition=Q(days__in=FOLLOW_UP_DAYS), name="follow_up_days_are_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.training_class_id} {self.days}"
