"""The indicators of the four complaints (一多三不): what each counts of what, in words.

What cannot be counted yet stands beside them with the reason, and is never shown as zero. Source:
docs/rules.md R62.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Complaint(models.TextChoices):
    REPEATS = "repeats", pgettext_lazy("complaint", "Much is repeated")
    THIRST = "thirst", pgettext_lazy("complaint", "It does not quench the thirst")
    TROUBLE = "trouble", pgettext_lazy("complaint", "It is not convenient")
    SUPPORT = "support", pgettext_lazy("complaint", "Support does not last")


@dataclass(frozen=True)
class Indicator:
    """`part` of `whole` in words; without a whole it is a count and no share.

    `by_year`: of a year's plans, not of the last four seasons. `for_all`: only the whole district
    can be told, for nobody wrote down where it comes from.
    """

    slug: str
    complaint: Complaint
    title: str
    formula: str
    part: str
    whole: str = ""
    by_year: bool = False
    for_all: bool = False


@dataclass(frozen=True)
class NotYet:
    """What a complaint should be measured by and cannot, and why."""

    complaint: Complaint
    title: str
    reason: str


INDICATORS = (
    Indicator(
        "repeats",
        Complaint.REPEATS,
        _("Booked again"),
        _(
            "Cadres' bookings that stand in which the same was taken within 24 months (the course,"
            " one that counts as the same, or nearly the same content), out of all cadres' bookings"
            " that stand. By the season of the class; cancelled classes are left out."
        ),
        pgettext_lazy("indicator", "bookings that repeat"),
        pgettext_lazy("indicator", "bookings that stand"),
    ),
    Indicator(
        "overlaps",
        Complaint.REPEATS,
        _("Trainings that overlap"),
        _(
            "Trainings of the year's plans that overlap another and are unanswered or held"
            " together, out of all trainings of the year that are not cancelled. A training without"
            " a planned time counts in the year and in no season."
        ),
        pgettext_lazy("indicator", "trainings that overlap"),
        pgettext_lazy("indicator", "trainings of the year"),
        by_year=True,
    ),
    Indicator(
        "requests-met",
        Complaint.THIRST,
        _("Requests met"),
        _(
            "Requests answered with a course, out of all requests that were not withdrawn. By the"
            " day on which they were asked."
        ),
        pgettext_lazy("indicator", "requests with a course"),
        pgettext_lazy("indicator", "requests"),
    ),
    Indicator(
        "requests-open",
        Complaint.THIRST,
        _("Requests without an answer"),
        _(
            "Requests that wait for an answer, out of all requests that were not withdrawn. By the"
            " day on which they were asked."
        ),
        pgettext_lazy("indicator", "requests that wait"),
        pgettext_lazy("indicator", "requests"),
    ),
    Indicator(
        "searches",
        Complaint.THIRST,
        _("Looked for and not found"),
        _(
            "Searches that found nothing, by the week in which they were typed. Words are kept for"
            " 26 weeks and without a person, so no street-town or department can be told."
        ),
        pgettext_lazy("indicator", "searches without an answer"),
        for_all=True,
    ),
    Indicator(
        "taught-well",
        Complaint.THIRST,
        _("What people say of the teaching"),
        _(
            "Answers that call the effect of the teaching very good or good, out of all answers"
            " that are opened. Answers have no name; a class counts from five on. By the season of"
            " the class, the street-town of its campus and its department."
        ),
        pgettext_lazy("indicator", "good answers"),
        pgettext_lazy("indicator", "answers"),
    ),
    Indicator(
        "near-own",
        Complaint.TROUBLE,
        _("Classes in the own street-town"),
        _(
            "Cadres' bookings that stand whose class is held in the street-town of their unit, out"
            " of all whose class is in a street-town. Distance is counted in street-towns, by the"
            " unit of the day of booking."
        ),
        pgettext_lazy("indicator", "bookings in the own street-town"),
        pgettext_lazy("indicator", "bookings that stand"),
    ),
    Indicator(
        "near-next",
        Complaint.TROUBLE,
        _("Classes in a neighbouring street-town"),
        _(
            "The same bookings; the class is held in a street-town that borders their own, by the"
            " table of borders."
        ),
        pgettext_lazy("indicator", "bookings in a neighbouring street-town"),
        pgettext_lazy("indicator", "bookings that stand"),
    ),
    Indicator(
        "near-far",
        Complaint.TROUBLE,
        _("Classes further away"),
        _("The same bookings; the class is held neither in their own street-town nor next to it."),
        pgettext_lazy("indicator", "bookings further away"),
        pgettext_lazy("indicator", "bookings that stand"),
    ),
    Indicator(
        "queue",
        Complaint.TROUBLE,
        _("Waiting without a seat"),
        _(
            "Cadres who wait, or whose waiting ended without a seat, out of all who booked and did"
            " not leave. By the season of the class; cancelled classes are left out."
        ),
        pgettext_lazy("indicator", "people without a seat"),
        pgettext_lazy("indicator", "people who wanted one"),
    ),
    Indicator(
        "cancels",
        Complaint.TROUBLE,
        _("Bookings given back"),
        _(
            "Cadres' bookings that were given back, out of all that were made. By the season of the"
            " class; cancelled classes are left out."
        ),
        pgettext_lazy("indicator", "bookings given back"),
        pgettext_lazy("indicator", "bookings made"),
    ),
    Indicator(
        "cancel-reasons",
        Complaint.TROUBLE,
        _("Given back with a reason"),
        _(
            "Bookings given back with a written reason, out of all given back. One asks for a"
            " reason only after the deadline; the rows show what was written."
        ),
        pgettext_lazy("indicator", "with a reason"),
        pgettext_lazy("indicator", "bookings given back"),
    ),
    Indicator(
        "mentoring",
        Complaint.SUPPORT,
        _("Paired with a mentor"),
        _(
            "Secondments whose item on the mentor is signed, out of all that were not withdrawn. By"
            " the season in which they began."
        ),
        pgettext_lazy("indicator", "with a signed mentor item"),
        pgettext_lazy("indicator", "secondments"),
    ),
    Indicator(
        "get-togethers",
        Complaint.SUPPORT,
        _("Regular get-togethers"),
        _(
            "Secondments whose item on get-togethers is signed, out of all that were not withdrawn."
            " By the season in which they began."
        ),
        pgettext_lazy("indicator", "with signed get-togethers"),
        pgettext_lazy("indicator", "secondments"),
    ),
    Indicator(
        "used-30",
        Complaint.SUPPORT,
        _("Used after a month"),
        _(
            "People who say 30 days after a class that they use it or some of it, out of all who"
            " answered. A class counts from five answers on. By the season of the class, the"
            " street-town of its campus and its department."
        ),
        pgettext_lazy("indicator", "who use it"),
        pgettext_lazy("indicator", "who answered"),
    ),
    Indicator(
        "used-90",
        Complaint.SUPPORT,
        _("Used after a season"),
        _("The same, asked 90 days after the class."),
        pgettext_lazy("indicator", "who use it"),
        pgettext_lazy("indicator", "who answered"),
    ),
)
BY_SLUG = {indicator.slug: indicator for indicator in INDICATORS}
# counted class by class, from five answers on
BY_CLASS = ("taught-well", "used-30", "used-90")

NOT_YET = (
    NotYet(
        Complaint.SUPPORT,
        _("Each meeting with the mentor"),
        _("Meetings are not written down one by one; the signed items above stand for them."),
    ),
    NotYet(
        Complaint.SUPPORT,
        _("Clinics"),
        _("Can be counted once clinics are held through the portal."),
    ),
)
