"""Lists of lecture fees (讲课费发放表): who is paid for which lesson, one list for an owner and a
season, and the steps of it. Source: docs/rules.md R67, R68.
"""

from decimal import Decimal
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Max, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from academy.access import is_office
from academy.models import Campus, Department, Town
from courses.models import Expert, Lesson, TeachingRole
from courses.schedule.season import FIRST_YEAR, LAST_YEAR, Season

from .annual_plans import (
    OWNER_KINDS,
    Owner,
    by_code_of_owner,
    exactly_one_owner,
    kind_of,
    of_own_units,
)
from .caps import LecturerRank

PAID_ROLES = (TeachingRole.LECTURER, TeachingRole.COMMENTATOR)


class FeeListStatus(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("list of lecture fees", "Being made out")
    RETURNED = "returned", pgettext_lazy("list of lecture fees", "Sent back")
    MADE_OUT = "made_out", pgettext_lazy("list of lecture fees", "To be checked")
    CHECKED = "checked", pgettext_lazy("list of lecture fees", "To be approved")
    APPROVED = "approved", pgettext_lazy("list of lecture fees", "Approved")


FEES_EDITABLE = (FeeListStatus.DRAFT, FeeListStatus.RETURNED)
FEES_IN_HANDS = (FeeListStatus.MADE_OUT, FeeListStatus.CHECKED)


class LectureFeeListQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        """The office sees every list; town, department and campus staff their own.

        Source: docs/rules.md R11.
        """
        return self if is_office(user) else self.filter(of_own_units(user))

    def of_owner(self, owner: Owner) -> Self:
        return self.filter(**{kind_of(owner): owner})

    def in_season(self, season: Season) -> Self:
        return self.filter(year=season.year, quarter=season.quarter)

    def with_owner(self) -> Self:
        return self.select_related(*OWNER_KINDS)

    def with_totals(self) -> Self:
        """Annotate rows, lecturers, yuan, rows that are paid and those of them signed for."""
        paid = ~Q(rows__yuan=0)
        return self.annotate(
            row_total=Count("rows"),
            lecturer_total=Count("rows__expert", distinct=True),
            yuan_total=Sum("rows__yuan", default=Decimal(0)),
            paid_total=Count("rows", filter=paid),
            received_total=Count("rows", filter=paid & Q(rows__received_on__isnull=False)),
            last_received_on=Max("rows__received_on"),
        )

    def in_code_order(self) -> Self:
        """The newest season first; within it units by code, never by value."""
        return self.order_by("-year", "-quarter", *by_code_of_owner(), "number")


class LectureFeeList(models.Model):
    """What the lecturers of one owner are paid for one season. `plans/lecture_fees/` moves it.

    The first list of an owner and season has number 1; what comes later stands on a supplementary
    list, which names the first one and says why.
    """

    town = models.ForeignKey(
        Town, models.PROTECT, related_name="lecture_fee_lists", null=True, blank=True
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="lecture_fee_lists", null=True, blank=True
    )
    campus = models.ForeignKey(
        Campus, models.PROTECT, related_name="lecture_fee_lists", null=True, blank=True
    )
    year = models.PositiveSmallIntegerField(_("year"))
    quarter = models.PositiveSmallIntegerField(pgettext_lazy("of lecture fees", "quarter"))
    number = models.PositiveSmallIntegerField(pgettext_lazy("of lecture fees", "number"), default=1)
    supplements = models.ForeignKey(
        "self", models.PROTECT, related_name="supplementary_lists", null=True, blank=True
    )
    reason = models.CharField(_("why a supplementary list"), max_length=200, blank=True)
    status = models.CharField(
        _("status"), max_length=8, choices=FeeListStatus, default=FeeListStatus.DRAFT
    )
    made_out_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    approved_on = models.DateField(_("approved on"), null=True, blank=True)

    objects = LectureFeeListQuerySet.as_manager()

    class Meta:
        verbose_name = _("list of lecture fees")
        verbose_name_plural = _("lists of lecture fees")
        constraints = [
            models.CheckConstraint(
                condition=exactly_one_owner(), name="lecture_fee_list_has_exactly_one_owner"
            ),
            *(
                models.UniqueConstraint(
                    fields=[kind, "year", "quarter", "number"],
                    condition=Q(**{f"{kind}__isnull": False}),
                    name=f"one_fee_list_per_{kind}_season_and_number",
                )
                for kind in OWNER_KINDS
            ),
            models.CheckConstraint(
                condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR, quarter__gte=1)
                & Q(quarter__lte=4),
                name="lecture_fee_list_season_is_sensible",
            ),
            models.CheckConstraint(
                condition=Q(number=1, supplements__isnull=True, reason="")
                | Q(number__gt=1, supplements__isnull=False) & ~Q(reason=""),
                name="supplementary_fee_list_names_the_first_and_says_why",
            ),
            models.CheckConstraint(
                condition=Q(status__in=FeeListStatus.values), name="lecture_fee_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=FEES_EDITABLE) | Q(made_out_by__isnull=False),
                name="made_out_fee_list_says_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=(FeeListStatus.CHECKED, FeeListStatus.APPROVED))
                | Q(checked_by__isnull=False),
                name="checked_fee_list_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(
                    status=FeeListStatus.APPROVED,
                    approved_by__isnull=False,
                    approved_on__isnull=False,
                )
                | ~Q(status=FeeListStatus.APPROVED)
                & Q(approved_by__isnull=True, approved_on__isnull=True),
                name="approved_fee_list_says_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("made_out_by")),
                name="fee_list_is_checked_by_somebody_else",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | ~Q(approved_by=F("made_out_by")) & ~Q(approved_by=F("checked_by")),
                name="fee_list_is_approved_by_a_third_person",
            ),
        ]

    def __str__(self) -> str:
        words = (
            gettext("%(owner)s, lecture fees, %(season)s")
            if self.number == 1
            else gettext("%(owner)s, lecture fees, %(season)s, supplementary list %(number)d")
        )
        return words % {
            "owner": self.owner,
            "season": self.season.in_words,
            "number": self.number - 1,
        }

    def get_absolute_url(self) -> str:
        return reverse("plans:fee_list", args=[self.pk])

    @property
    def owner(self) -> Owner:
        return self.town or self.department or self.campus

    @property
    def season(self) -> Season:
        return Season(self.year, self.quarter)

    @property
    def is_editable(self) -> bool:
        return self.status in FEES_EDITABLE

    @property
    def is_approved(self) -> bool:
        return self.status == FeeListStatus.APPROVED


class LectureFeeRow(models.Model):
    """What one lecturer is paid for one lesson, in yuan after tax; 0: nothing is paid.

    What was taught stands here as it was when the row was written. A row that corrects another
    holds the difference, which may be below 0. No number of an account or a receipt is kept.
    """

    fee_list = models.ForeignKey(LectureFeeList, models.CASCADE, related_name="rows")
    # empty: the lesson is gone
    lesson = models.ForeignKey(Lesson, models.SET_NULL, related_name="fee_rows", null=True)
    expert = models.ForeignKey(
        Expert, models.PROTECT, related_name="fee_rows", verbose_name=_("expert")
    )
    corrects = models.ForeignKey(
        "self", models.PROTECT, related_name="corrections", null=True, blank=True
    )
    role = models.CharField(_("role"), max_length=15, choices=TeachingRole)
    lecturer = models.CharField(pgettext_lazy("of a person", "name"), max_length=40)
    post = models.CharField(_("post"), max_length=60, blank=True)
    taught_on = models.DateField(_("taught on"))
    taught = models.CharField(_("what was taught"), max_length=200)
    hours = models.DecimalField(_("study hours"), max_digits=5, decimal_places=2)
    # at most four for half a day: docs/rules.md R67
    counted_hours = models.DecimalField(_("hours that count"), max_digits=5, decimal_places=2)
    rank = models.CharField(
        pgettext_lazy("of a lecturer", "rank"), max_length=9, choices=LecturerRank
    )
    # empty: not typed yet
    yuan = models.DecimalField(
        _("lecture fee (yuan)"), max_digits=9, decimal_places=2, null=True, blank=True
    )
    typed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    received_on = models.DateField(_("received on"), null=True, blank=True)
    received_noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        ordering = ["fee_list", "expert__code", "taught_on", "pk"]
        verbose_name = _("row of a list of lecture fees")
        verbose_name_plural = _("rows of lists of lecture fees")
        constraints = [
            models.UniqueConstraint(
                fields=["lesson", "expert"],
                condition=Q(corrects__isnull=True),
                name="a_lecturer_is_paid_once_for_a_lesson",
                violation_error_message=_("This lecturer stands on a list for this lesson."),
            ),
            models.UniqueConstraint(
                fields=["fee_list", "corrects"],
                condition=Q(corrects__isnull=False),
                name="a_fee_row_is_corrected_once_on_a_list",
            ),
            models.CheckConstraint(
                condition=Q(role__in=PAID_ROLES), name="fee_row_is_of_a_lecturer_or_commentator"
            ),
            models.CheckConstraint(
                condition=Q(rank__in=LecturerRank.values), name="fee_row_rank_is_known"
            ),
            models.CheckConstraint(
                condition=Q(yuan__isnull=True) | Q(yuan__gte=0) | Q(corrects__isnull=False),
                name="lecture_fee_not_negative",
                violation_error_message=_("The number must not be below 0."),
            ),
            models.CheckConstraint(
                condition=Q(received_on__isnull=True, received_noted_by__isnull=True)
                | Q(
                    received_on__isnull=False,
                    received_noted_by__isnull=False,
                    yuan__isnull=False,
                ),
                name="received_lecture_fee_says_when_and_who_noted_it",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fee_list_id} {self.lesson_id} {self.expert_id}"

    @property
    def is_paid(self) -> bool:
        return bool(self.yuan)


class FeeDecision(models.TextChoices):
    BEGUN = "begun", pgettext_lazy("what was done with lecture fees", "Begun")
    MADE_OUT = "made_out", pgettext_lazy("what was done with lecture fees", "Made out")
    RECALLED = "recalled", pgettext_lazy("what was done with lecture fees", "Taken back")
    CHECKED = "checked", pgettext_lazy("what was done with lecture fees", "Checked")
    APPROVED = "approved", pgettext_lazy("what was done with lecture fees", "Approved")
    RETURNED = "returned", pgettext_lazy("what was done with lecture fees", "Sent back")
    RECEIVED = "received", pgettext_lazy("what was done with lecture fees", "Signatures noted")
    UNSIGNED = "unsigned", pgettext_lazy("what was done with lecture fees", "Signatures taken back")


class LectureFeeStep(models.Model):
    """Who did what with a list, when, and with what opinion. Rows are only added."""

    fee_list = models.ForeignKey(LectureFeeList, models.CASCADE, related_name="steps")
    at = models.DateTimeField(pgettext_lazy("of a step", "when"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decision = models.CharField(_("decision"), max_length=8, choices=FeeDecision)
    opinion = models.CharField(_("opinion"), max_length=500, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("step of a list of lecture fees")
        verbose_name_plural = _("steps of lists of lecture fees")
        constraints = [
            models.CheckConstraint(
                condition=Q(decision__in=FeeDecision.values), name="fee_step_decision_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(decision__in=(FeeDecision.RETURNED, FeeDecision.UNSIGNED))
                | ~Q(opinion=""),
                name="returned_fee_list_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fee_list_id} {self.decision}"
