"""The posts of a person: which are held, since when, and on which day one may begin or end."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from academy.models import Village
from academy.templatetags.portal_tags import full_day

from ..models import Posting, Trainee
from .as_seen import PersonRefused

DAYS_BACK = 366  # a post is put on file within a year of its first day


def unit_of(village: Village) -> str:
    """Return the village with its street-town."""
    return f"{village.town.name} {village.name}"


def open_postings(trainee: Trainee) -> list[Posting]:
    """The posts held now, the main one first."""
    return list(
        trainee.postings.filter(valid_to__isnull=True)
        .select_related("village__town", "position")
        .order_by("is_extra", "valid_from", "pk")
    )


def new_main_post(trainee: Trainee, on: date) -> Posting:
    """Keep that the present post began on the day."""
    return Posting.objects.create(
        trainee=trainee, village=trainee.village, position=trainee.position, valid_from=on
    )


def refuse_wrong_day(on: date, now: datetime) -> None:
    """Raise PersonRefused for a day in the future or more than a year ago."""
    today = timezone.localdate(now)
    if not today - timedelta(days=DAYS_BACK) <= on <= today:
        raise PersonRefused(
            _("The day must lie within the last year and not in the future; today is %(day)s.")
            % {"day": full_day(today)}
        )
