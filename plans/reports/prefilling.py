"""A row of the report as the classes tell it, before anybody has typed."""

from django.utils.translation import gettext as _

from ..actual.of_items import Held
from ..models import PlanItem, ReportRow

PLACE_LENGTH = ReportRow._meta.get_field("place").max_length


def prefill(item: PlanItem, held: Held | None) -> ReportRow:
    """Return the unsaved row of an item: name, audience, content and source of money as planned;
    days, places and people as they were. Money, staff and results are the unit's to write.
    """
    row = ReportRow(
        item_key=item.key,
        number=item.number,
        name=item.name,
        audience=item.audience,
        content=item.content,
        funding=item.funding,
    )
    if item.is_cancelled:
        row.problems = _("Cancelled: %(reason)s") % {"reason": item.standing_reason}
    if held is not None and held.classes:
        row.held = _days(held)
        row.place = "、".join(held.places)[:PLACE_LENGTH]
        row.people = held.people
        row.results = _("%(classes)d classes, %(hours)s study hours.") % {
            "classes": held.classes,
            "hours": f"{held.hours.normalize():f}",
        }
    return row


def _days(held: Held) -> str:
    days = (held.first_day, held.last_day)
    words = [f"{day.month}月{day.day}日" for day in dict.fromkeys(days) if day]
    return "—".join(words)
