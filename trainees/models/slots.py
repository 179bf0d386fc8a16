"""Which of several parallel slots of a lesson somebody comes to, and with it which lessons somebody
attends at all. Source: docs/rules.md R90.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from courses.models import Lesson

from .enrolments import Enrolment


class SlotChoiceQuerySet(models.QuerySet):
    def standing(self) -> Self:
        """Choices that hold a seat of their slot."""
        return self.filter(left_at__isnull=True, lesson__isnull=False)


class SlotChoice(models.Model):
    """A booking's seat in one of the parallel slots of a lesson.

    A slot that was left stays as a row with its `left_at`: calendars have to be told.
    """

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="slot_choices")
    slot_group = models.PositiveSmallIntegerField(_("parallel slots"))
    # empty once the slot was taken out of the class
    lesson = models.ForeignKey(Lesson, models.SET_NULL, related_name="slot_choices", null=True)
    lesson_key = models.PositiveBigIntegerField(_("key of the lesson"))
    chosen_at = models.DateTimeField(_("chosen at"))
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    left_at = models.DateTimeField(_("left at"), null=True, blank=True)

    objects = SlotChoiceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("choice of a slot")
        verbose_name_plural = _("choices of slots")
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "slot_group"],
                condition=Q(left_at__isnull=True, lesson__isnull=False),
                name="one_slot_of_each_group",
            ),
            models.CheckConstraint(
                condition=Q(lesson__isnull=True) | Q(lesson_key=F("lesson")),
                name="slot_choice_keeps_its_key",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.slot_group} {self.lesson_key}"


# --- Who attends what -----------------------------------------------------------------------------


def attended_by(enrolment, *, lesson: str = "") -> Q:
    """The lessons of its class that a booking attends: those for everybody and the chosen slots.

    For a query of lessons, or of rows that lead to one by `lesson`. `enrolment` is a booking, or
    leads to it with OuterRef. Everything that asks who attends what asks here, `expected_in` or
    `choices_in`. Source: docs/rules.md R90.
    """
    path = f"{lesson}__" if lesson else ""
    chosen = SlotChoice.objects.standing().filter(
        enrolment=enrolment, lesson=OuterRef(lesson or "pk")
    )
    return Q(**{f"{path}slot_group__isnull": True}) | Exists(chosen)


def expected_in(lesson: Lesson) -> Q:
    """The bookings of its class that attend the lesson, for a query of bookings: the same rule."""
    if lesson.slot_group is None:
        return Q()
    chosen = SlotChoice.objects.standing().filter(lesson=lesson, enrolment=OuterRef("pk"))
    return Q(Exists(chosen))


def expected_in_each() -> QuerySet[Enrolment]:
    """The bookings that take part in a lesson, as a subquery of a query of lessons."""
    chosen = SlotChoice.objects.standing().filter(
        enrolment=OuterRef("pk"), lesson=OuterRef(OuterRef("pk"))
    )
    return (
        Enrolment.objects.taking_part()
        .filter(training_class=OuterRef("training_class"))
        .alias(slot_group=ExpressionWrapper(OuterRef("slot_group"), models.IntegerField()))
        .filter(Q(slot_group__isnull=True) | Exists(chosen))
    )


def lessons_of(enrolment: Enrolment) -> QuerySet[Lesson]:
    """The lessons that the booking attends."""
    return Lesson.objects.filter(attended_by(enrolment), training_class=enrolment.training_class_id)


@dataclass(frozen=True)
class Chosen:
    """The standing choices of several bookings, to ask without the database."""

    pairs: frozenset[tuple[int, int]]  # booking, lesson

    def attends(self, enrolment: int, lesson: Lesson) -> bool:
        """Whether the booking (its key) attends this lesson of its class: the same rule."""
        return lesson.slot_group is None or (enrolment, lesson.pk) in self.pairs


def choices_in(lessons: Iterable[Lesson], enrolments: Iterable | None = None) -> Chosen:
    """Who has chosen which of these lessons, or which of these bookings did; one query, none where
    no lesson is a slot.
    """
    slots = [lesson.pk for lesson in lessons if lesson.slot_group is not None]
    if not slots:
        return Chosen(frozenset())
    found = SlotChoice.objects.standing().filter(lesson__in=slots)
    if enrolments is not None:
        found = found.filter(enrolment__in=enrolments)
    return Chosen(frozenset(found.order_by().values_list("enrolment", "lesson")))
