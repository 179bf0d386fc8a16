"""The programme of a class (培训方案): the item of an annual plan it carries out, or why none.

Source: docs/rules.md R59, R80.
"""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from courses.models import TrainingClass
from trainees.record.closing_parts import ClosingPart

from .actual.offering import classes_asked
from .models import ClassFiling


def programme(classes: Sequence[TrainingClass], now: datetime) -> dict[int, ClosingPart]:
    """There where it is said, and where no plan of its units is filed, so that nothing is asked."""
    name = pgettext("part of a class's file", "Programme")
    asked = classes_asked(classes)
    filings = ClassFiling.objects.filter(training_class__in=asked)
    said = set(filings.values_list("training_class", flat=True))
    return {
        one.pk: ClosingPart(
            "programme",
            name,
            is_there=False,
            sentence=_(
                "It is not said which item of the annual plan the class carries out, or why none."
            ),
            url=reverse("plans:class_filing", args=[one.code]),
        )
        if one.pk in asked - said
        else ClosingPart("programme", name, is_there=True)
        for one in classes
    }


PARTS = [programme]
