"""What each person may do, where, and from when to when."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .network import Campus, Department, Town, Village, on_the_day
from .people import User


class Role(models.TextChoices):
    VILLAGE_COORDINATOR = "village_coordinator", _("Village coordinator")
    BRANCH_COORDINATOR = "branch_coordinator", _("Branch coordinator")
    TOWN_STAFF = "town_staff", _("Town staff")
    DEPARTMENT_STAFF = "department_staff", _("Department staff")
    DISTRICT_STAFF = "district_staff", _("District staff")
    ADMINISTRATOR = "administrator", _("Administrator")
    AUDITOR = "auditor", _("Auditor")


OFFICE = (Role.DISTRICT_STAFF, Role.ADMINISTRATOR)


DISTRICT_WIDE = (Role.DISTRICT_STAFF, Role.ADMINISTRATOR, Role.AUDITOR)


def _scope_fits(roles: tuple[str, ...], filled: str | None) -> Q:
    empty = {
        f"{name}__isnull": name != filled for name in ("village", "campus", "town", "department")
    }
    return Q(role__in=roles, **empty)


class RoleGrantQuerySet(models.QuerySet):
    def current(self, today: date) -> Self:
        return self.filter(on_the_day(today))


class RoleGrant(models.Model):
    """What a person may do, where, and from when to when.

    A grant on a town covers its villages and its salon.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="grants", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=20, choices=Role)
    village = models.ForeignKey(
        Village,
        models.PROTECT,
        related_name="grants",
        null=True,
        blank=True,
        verbose_name=pgettext_lazy("unit", "village"),
    )
    campus = models.ForeignKey(
        Campus,
        models.PROTECT,
        related_name="grants",
        null=True,
        blank=True,
        verbose_name=_("campus"),
    )
    town = models.ForeignKey(
        Town, models.PROTECT, related_name="grants", null=True, blank=True, verbose_name=_("town")
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        related_name="grants",
        null=True,
        blank=True,
        verbose_name=_("department"),
    )
    valid_from = models.DateField(_("valid from"), default=timezone.localdate)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    # nobody where a command or the demonstration granted it
    granted_by = models.ForeignKey(
        User,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("granted by"),
    )
    granted_at = models.DateTimeField(_("granted at"), null=True, blank=True)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("role grant")
        verbose_name_plural = _("role grants")
        constraints = [
            models.CheckConstraint(
                condition=_scope_fits((Role.VILLAGE_COORDINATOR,), "village")
                | _scope_fits((Role.BRANCH_COORDINATOR,), "campus")
                | _scope_fits((Role.TOWN_STAFF,), "town")
                | _scope_fits((Role.DEPARTMENT_STAFF,), "department")
                | _scope_fits(DISTRICT_WIDE, None),
                name="grant_scope_fits_the_role",
                violation_error_message=_(
                    "Choose exactly the one place that this role works for; a district-wide role"
                    " has none."
                ),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="grant_ends_after_it_begins",
                violation_error_message=_("The last day lies before the first day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.scope or _('district')}"

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    @property
    def scope(self) -> Village | Campus | Town | Department | None:
        return self.village or self.campus or self.town or self.department
