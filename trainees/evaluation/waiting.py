"""What is to be mended after an evaluation waits on the desk of whoever sees to it."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from academy.waiting import Fold, WaitingItem

from ..models import Improvement


def waiting_for(user, now: datetime) -> Iterator[WaitingItem]:
    own = Improvement.objects.open().filter(responsible=user.pk).select_related("training_class")
    fold = Fold(
        "improvements",
        _("To mend after evaluations"),
        reverse("trainees:improvements"),
        _("See the list"),
    )
    for item in own:
        yield WaitingItem(
            title=_("To mend: %(action)s") % {"action": item.action},
            detail=_("%(finding)s (%(title)s)")
            % {"finding": item.finding, "title": item.training_class.title},
            url=f"{reverse('trainees:class_evaluation', args=[item.training_class.code])}#mend",
            due_on=item.due_on,
            action=_("Say what was done"),
            place="trainees:evaluations",
            only_me=True,
            fold=fold,
            short=item.action,
        )
