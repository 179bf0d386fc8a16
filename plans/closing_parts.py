"""The programme of a class (培训方案): the item of an annual plan it carries out, or why none.

Source: docs/rules.md R59, R80.
"""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from courses.models import TrainingClass
from trainees.record.closing_parts import ClosingPart

from .actual.offering import about, is_asked
from .models import ClassFiling


def programme(training_class: TrainingClass, now: datetime) -> ClosingPart:
    """There where it is said, and where no plan of its units is filed, so that nothing is asked."""
    name = pgettext("part of a class's file", "Programme")
    known = about(training_class)
    if (
        known is None
        or ClassFiling.objects.filter(training_class=training_class).exists()
        or not is_asked(known)
    ):
        return ClosingPart("programme", name, is_there=True)
    return ClosingPart(
        "programme",
        name,
        is_there=False,
        sentence=_(
            "It is not said which item of the annual plan the class carries out, or why none."
        ),
        url=reverse("plans:class_filing", args=[training_class.code]),
    )


PARTS = [programme]
