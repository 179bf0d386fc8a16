"""Whether bookings need somebody's approval: set for a kind of class, and taken over by each class
of it.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ClassApproval(models.TextChoices):
    NONE = "none", pgettext_lazy("approval of a class", "Not needed")
    CHAIN = "chain", pgettext_lazy("approval of a class", "Needed, one level after the other")


class ApprovalLevel(models.TextChoices):
    """Who is asked, in this order. Source: docs/rules.md R17."""

    VILLAGE = "village", pgettext_lazy("level of approval", "Village")
    TOWN = "town", pgettext_lazy("level of approval", "Street-town")
    DISTRICT = "district", pgettext_lazy("level of approval", "District")


class ApprovalPolicy(models.Model):
    """Which levels are asked one after the other, and after how many silent workdays the next one
    decides instead.
    """

    approval = models.CharField(
        _("approval"), max_length=5, choices=ClassApproval, default=ClassApproval.NONE
    )
    approval_village = models.BooleanField(_("the village is asked"), default=True)
    approval_town = models.BooleanField(_("the street-town is asked"), default=True)
    approval_district = models.BooleanField(_("the district is asked"), default=True)
    approval_days = models.PositiveSmallIntegerField(
        _("workdays of silence, then the next level decides"), default=2
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(approval__in=ClassApproval.values), name="%(class)s_approval_is_known"
            ),
            models.CheckConstraint(
                condition=Q(approval="none")
                | Q(approval_village=True)
                | Q(approval_town=True)
                | Q(approval_district=True),
                name="%(class)s_approval_has_a_level",
                violation_error_message=_(
                    "Tick at least one level that approves, or ask for no approval."
                ),
            ),
            models.CheckConstraint(
                condition=Q(approval_days__gt=0),
                name="%(class)s_approval_takes_a_day",
                violation_error_message=_("Give each level at least one workday for its answer."),
            ),
        ]

    @property
    def needs_approval(self) -> bool:
        return self.approval == ClassApproval.CHAIN

    @property
    def approval_levels(self) -> list[ApprovalLevel]:
        """The levels that are asked, the first one first; none where no approval is needed."""
        return [
            level
            for level in ApprovalLevel
            if self.needs_approval and getattr(self, f"approval_{level}")
        ]

    @property
    def approval_policy(self) -> dict:
        """The policy as field values, for a class that takes it over."""
        return {
            field.name: getattr(self, field.name) for field in ApprovalPolicy._meta.local_fields
        }
