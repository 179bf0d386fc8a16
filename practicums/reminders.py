"""What the people on secondments are reminded of."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from notices.models import Notice
from notices.reminders import NoticeDraft, Reminder, instant

from .models import ItemKind, ItemStatus, SecondmentStatus, SevenItem
from .notices import ITEM_IS_DUE

WITH_THE_SECONDEE = (ItemStatus.NOT_STARTED, ItemStatus.IN_PROGRESS, ItemStatus.SENT_BACK)


class ItemIsDue(Reminder):
    """A week before an item is due, while it still lies with the secondee.

    The appraisal is the host's, so nobody is reminded here.
    """

    kind = "secondment_item_is_due"
    name = gettext_lazy("An item of the secondment is due")
    days_before = 7
    at_hour = 9

    def due(self, now: datetime) -> Iterable[NoticeDraft]:
        start, end = self.window(now)
        items = SevenItem.objects.filter(
            due_on__range=(timezone.localdate(start), timezone.localdate(end)),
            status__in=WITH_THE_SECONDEE,
            secondment__status=SecondmentStatus.RUNNING,
            secondment__trainee__user__is_active=True,
        ).exclude(kind=ItemKind.APPRAISAL)
        for item in items.select_related("secondment__trainee__user"):
            yield self.draft(
                ITEM_IS_DUE,
                item.secondment.trainee.user,
                subject=item,
                moment=item.due_on,
                values={"item": item.kind, "day": item.due_on},
                link=reverse("practicums:my_item", args=[item.secondment.code, item.kind]),
            )

    def still_true(self, notice: Notice) -> bool:
        item = notice.subject
        return (
            instant(item.due_on) == notice.moment
            and item.status in WITH_THE_SECONDEE
            and item.secondment.is_running
        )
