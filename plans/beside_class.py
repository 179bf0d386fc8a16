"""The plan item of a class, on its page and in its form. Source: docs/rules.md R59."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy

from courses.beside_class import Card, KnownClass
from courses.models import ClassStatus, TrainingClass

from .actual.forms import HangingForm
from .actual.hanging_classes import hang
from .actual.offering import AboutClass, about, is_asked, offered_to
from .models import ClassCost, ClassFiling

PREFIX = "plan"


def filing_of(training_class: TrainingClass) -> ClassFiling | None:
    """What is said of the class, with the item, its plan and owner."""
    return (
        ClassFiling.objects.filter(training_class=training_class)
        .select_related("item__plan__town", "item__plan__department", "item__plan__campus", "by")
        .first()
    )


def cards_of(training_class: TrainingClass, user) -> list[Card]:
    """The item or the reason, with the way to change it; nothing where no plan is filed."""
    filing = filing_of(training_class)
    known = about(training_class)
    if filing is None and (
        known is None or training_class.status == ClassStatus.CANCELLED or not is_asked(known)
    ):
        return []
    cost = ClassCost.objects.filter(training_class=training_class).last()
    context = {"training_class": training_class, "filing": filing, "cost": cost}
    return [Card("plans/_class_card.html", context)]


class PlanQuestion:
    """Which item the class carries out, or why none."""

    heading = gettext_lazy("Annual plan")

    def __init__(self, known: KnownClass, data: Mapping | None) -> None:
        filing = filing_of(known.training_class) if known.training_class else None
        initial = {"item": filing.item_id, "reason": filing.reason} if filing else {}
        is_sent = data is not None and f"{PREFIX}-item" in data
        self.form = HangingForm(
            data if is_sent else None,
            offered=offered_to(_about(known)),
            is_needed=False,
            initial=initial,
            prefix=PREFIX,
        )

    def is_valid(self, *, opens: bool) -> bool:
        if not self.form.is_bound:
            # the day was typed just now, so the question stands on the page for the first time
            if opens and not self.form.initial:
                self.form = HangingForm(
                    {}, offered=self.form.offered, is_needed=True, prefix=PREFIX
                )
                return self.form.is_valid()
            return True
        self.form.is_needed = opens
        return self.form.is_valid()

    def keep(self, training_class: TrainingClass, *, by, now: datetime) -> None:
        if self.form.is_bound and self.form.says_something:
            hang(
                training_class=training_class,
                item=self.form.chosen,
                reason=self.form.cleaned_data["reason"],
                by=by,
                now=now,
            )


def question_of(known: KnownClass, user, data: Mapping | None) -> PlanQuestion | None:
    """Asks where a plan of the year is filed for one of the class's own units."""
    return PlanQuestion(known, data) if is_asked(_about(known)) else None


def _about(known: KnownClass) -> AboutClass:
    return AboutClass(known.campus, known.department, known.first_day, known.texts)
