"""What the year asks of each post, and why people were away."""

from datetime import date
from decimal import Decimal
from typing import ClassVar

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.table_pages.table import Area, MasterTable, RulePages, Vocabulary
from academy.templatetags.portal_tags import listed

from .models import (
    AbsenceReason,
    HourEntry,
    HourTarget,
    MarkLabel,
    PathRequirement,
    Trainee,
    forget_labels,
)
from .path.standing import requirements_in_use, standings

NAMES_SHOWN = 20  # in a preview


class AbsenceReasons(Vocabulary):
    """Why people were away: a tap on the roll beside leave or absence."""

    slug, model = "absence-reasons", AbsenceReason
    title, one = gettext_lazy("Reasons for absences"), gettext_lazy("New reason for absences")
    about = gettext_lazy("They stand on the roll, beside whoever is on leave or absent.")


class MarkLabels(MasterTable):
    """What the five marks of a roll are called; their codes stay. Source: docs/rules.md R70."""

    slug, model, area = "mark-labels", MarkLabel, Area.VOCABULARIES
    title, one = gettext_lazy("Labels of the marks"), gettext_lazy("New label of a mark")
    about = gettext_lazy(
        "What the five marks of a roll are called on every page and in every file. Papers that are"
        " printed or issued stay as they are."
    )
    fields, lasting, found_by = ("label",), (), ("label",)
    shown = ("status",)
    may_add = counts_uses = False
    help_texts: ClassVar = {
        "label": gettext_lazy("One to six characters, different for each mark.")
    }

    def shown_value(self, item: MarkLabel, name: str):
        """The mark by what the code calls it, so that a changed label is still understood."""
        return str(item.usual_label) if name == "status" else super().shown_value(item, name)

    def settle(self) -> None:
        super().settle()
        transaction.on_commit(forget_labels)


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


class PathRequirements(RulePages):
    """What a post asks of whoever leaves a growth stage. Source: docs/rules.md R85."""

    slug, model, counts_uses, ends = "path", PathRequirement, False, "active"
    title, one = gettext_lazy("Path of growth"), gettext_lazy("New requirement of the path")
    about = gettext_lazy(
        "What somebody of a post has to have done before the next growth stage: hours of a track,"
        " all years together, or a course. One row for each."
    )
    shown = ("stage", "track", "hours", "course")
    fields = ("position", "stage", "track", "hours", "course")
    lasting, found_by = ("position", "stage"), ("position__name", "stage__name", "course__title")
    narrowed_by, related = "position", ("position", "stage", "track", "course")

    def name_of(self, item: PathRequirement) -> str:
        return str(item.position)

    def effects(self, form) -> list[str]:
        """Who would be proposed for the next stage with the change, and who no longer."""
        if not form.has_changed():
            return []
        new = form.instance
        people = list(
            Trainee.objects.cadres()
            .filter(position=new.position_id, stage=new.stage_id)
            .select_related("user", "stage", "position")
            .order_by("stroke_key", "pk")
        )
        present = [
            row
            for row in requirements_in_use()
            if (row.position_id, row.stage_id) == (new.position_id, new.stage_id)
        ]
        changed = [row for row in present if row.pk != new.pk] + [new]
        before = {row.trainee.pk for row in standings(people, present) if row.is_ready}
        after = {row.trainee.pk for row in standings(people, changed) if row.is_ready}
        sentences = [
            _(
                "%(post)s, %(stage)s: %(people)d people. Now %(before)d of them have met"
                " everything, with this change %(after)d."
            )
            % {
                "post": new.position,
                "stage": new.stage,
                "people": len(people),
                "before": len(before),
                "after": len(after),
            }
        ]
        for words, keys in (
            (_("Would be proposed as well: %(names)s"), after - before),
            (_("Would be proposed no longer: %(names)s"), before - after),
        ):
            if names := [person.name for person in people if person.pk in keys]:
                sentences.append(words % {"names": _some_of(names)})
        return sentences


def _some_of(names: list[str]) -> str:
    """At most twenty names, and how many more."""
    shown = listed(names[:NAMES_SHOWN])
    more = len(names) - NAMES_SHOWN
    return shown if more <= 0 else _("%(names)s and %(more)d more") % {"names": shown, "more": more}


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


TABLES = [MarkLabels, AbsenceReasons, HourTargets, PathRequirements]
