"""What the year asks of each post, and why people were away."""

from datetime import date
from decimal import Decimal

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.table_pages.table import RulePages, Vocabulary

from .models import AbsenceReason, HourEntry, HourTarget, Trainee


class AbsenceReasons(Vocabulary):
    """Why people were away: a tap on the roll beside leave or absence."""

    slug, model = "absence-reasons", AbsenceReason
    title, one = gettext_lazy("Reasons for absences"), gettext_lazy("New reason for absences")
    about = gettext_lazy("They stand on the roll, beside whoever is on leave or absent.")


class HourTargets(RulePages):
    """Targets are rows with their legal basis and their dates. Source: docs/rules.md R27."""

    slug, model, importer, counts_uses = "hour-targets", HourTarget, "hour-targets", False
    title, one = gettext_lazy("Hour targets"), gettext_lazy("New hour target")
    about = gettext_lazy("A target that ends gets a last day; the one behind it is a new row.")
    shown = ("hours", "centralised_sessions", "valid_from", "valid_to", "legal_basis")
    fields = (
        "position",
        "hours",
        "centralised_sessions",
        "legal_basis",
        "valid_from",
        "valid_to",
    )
    lasting, found_by = (), ("position__name", "legal_basis")
    narrowed_by, related = "position", ("position",)

    def name_of(self, item: HourTarget) -> str:
        return str(item.position)

    def effects(self, form) -> list[str]:
        """How many of the post reach the hours of this year before the change and behind it."""
        if not form.has_changed():
            return []
        new, year = form.instance, timezone.localdate().year
        last_day = date(year, 12, 31)
        if new.valid_from > last_day or (new.valid_to and new.valid_to < last_day):
            return [_("It does not hold at the end of %(year)d.") % {"year": year}]
        done = _hours_of_a_post(new.position_id, year)
        sentence = _(
            "%(post)s: %(people)d people. With %(hours)s hours %(enough)d of them have enough in"
            " %(year)d by today"
        ) % {
            "post": new.position,
            "people": len(done),
            "hours": new.hours.normalize(),
            "enough": sum(hours >= new.hours for hours in done),
            "year": year,
        }
        old = (
            HourTarget.objects.filter(position=new.position_id, valid_from__lte=last_day)
            .exclude(valid_to__lt=last_day)
            .order_by("-valid_from")
            .first()
        )
        if old:
            sentence += _(", with the present %(hours)s it is %(enough)d") % {
                "hours": old.hours.normalize(),
                "enough": sum(hours >= old.hours for hours in done),
            }
        return [sentence + _(".")]


def _hours_of_a_post(position: int, year: int) -> list[Decimal]:
    """The hours of the year of everybody who holds the post."""
    people = list(Trainee.objects.filter(position=position).values_list("pk", flat=True))
    done = dict(
        HourEntry.objects.filter(trainee__position=position, earned_on__year=year)
        .order_by()
        .values_list("trainee")
        .annotate(total=Sum("hours"))
    )
    return [done.get(pk, Decimal(0)) for pk in people]


TABLES = [AbsenceReasons, HourTargets]
