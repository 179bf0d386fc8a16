"""The pulse of a season on the pages of other rooms."""

from django import template
from django.utils import timezone

from ..pulse import pulse_of

register = template.Library()


@register.inclusion_tag("portal/_pulse.html", takes_context=True)
def season_pulse(context: template.Context, season) -> dict[str, object]:
    """The seven steps of the season, as the person may follow them."""
    return {"beats": pulse_of(season, context["request"].user, timezone.now()), "season": season}
