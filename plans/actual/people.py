"""The people behind a figure: who has hours of which class on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from courses.models import TrainingClass
from trainees.models import Enrolment, HourEntry, Trainee

from .figures import HeldClass
from .ledger import end_of, standing


@dataclass
class PersonRow:
    """One person in one class; `shown` fills the name, which only those who may see the person read
    in full.
    """

    enrolment: int
    training_class: TrainingClass
    hours: Decimal
    name: str = ""
    town: str = ""
    village: str = ""
    user: int | None = None  # whose page may be opened


def people_of(held: Iterable[HeldClass], as_of: date) -> list[PersonRow]:
    """A row for each person with hours of each class, class by class; one statement."""
    classes = {row.training_class.pk: row.training_class for row in held}
    found = (
        HourEntry.objects.filter(
            standing(as_of), enrolment__training_class__in=classes, posted_at__lt=end_of(as_of)
        )
        .order_by()
        .values_list("enrolment", "enrolment__training_class")
        .annotate(total=Sum("hours"))
        .order_by(
            "enrolment__training_class__starts_at",
            "enrolment__training_class__code",
            "enrolment__village__town__code",
            "enrolment__trainee__stroke_key",
            "enrolment",
        )
    )
    return [PersonRow(key, classes[of_class], hours) for key, of_class, hours in found]


def shown(rows: list[PersonRow], user) -> list[PersonRow]:
    """Fill in who it is, as the reader may see it; two statements for a page."""
    enrolments = Enrolment.objects.filter(pk__in=[row.enrolment for row in rows]).select_related(
        "trainee__user", "village__town"
    )
    by_key = {enrolment.pk: enrolment for enrolment in enrolments}
    known = set(
        Trainee.objects.visible_to(user)
        .filter(pk__in=[enrolment.trainee_id for enrolment in by_key.values()])
        .values_list("pk", flat=True)
    )
    for row in rows:
        enrolment = by_key[row.enrolment]
        trainee = enrolment.trainee
        row.name = masked_name(trainee.user.name)
        row.village, row.town = enrolment.village.name, enrolment.village.town.name
        row.user = trainee.user_id if trainee.pk in known else None
    return rows


def masked_name(name: str) -> str:
    """周＊＊: the first character, and a sign for each other."""
    return name[:1] + "＊" * (len(name) - 1)
