"""Secondments (挂职) and their batches."""

from datetime import date
from functools import cached_property
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.access import departments_of, is_office, towns_of
from academy.models import Department, Position, Role, RoleGrant, Town, Village
from academy.text.codes import CodeField, code_constraint
from trainees.models import Trainee


class SecondmentBatch(models.Model):
    """An approved intake of a programme, such as 丰羽行动, 2026年第一批: a fixed term, no silent
    extension.

    Source: docs/rules.md R33.
    """

    programme = models.CharField(pgettext_lazy("of secondments", "programme"), max_length=40)
    name = models.CharField(pgettext_lazy("of a batch", "batch"), max_length=40)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    approval = models.CharField(_("approved by, with date"), max_length=120, blank=True)

    class Meta:
        ordering = ["-starts_on", "name"]
        verbose_name = _("batch of secondments")
        verbose_name_plural = _("batches of secondments")
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "name"],
                name="one_batch_per_name",
                violation_error_message=_("The programme has a batch of this name already."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="batch_ends_after_it_begins",
                violation_error_message=_("The last day lies before the first day."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def whole_name(self) -> str:
        """With the programme: two programmes may have a batch of one name."""
        return f"{self.programme} {self.name}"


class SecondmentStatus(models.TextChoices):
    RUNNING = "running", pgettext_lazy("of a secondment", "Under way")
    CLOSED = "closed", pgettext_lazy("of a secondment", "Completed")
    WITHDRAWN = "withdrawn", pgettext_lazy("of a secondment", "Withdrawn")


class SecondmentQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        """One's own, those one mentors, hosts, or sent from one's town; all for the office.

        Source: docs/rules.md R11.
        """
        if is_office(user):
            return self
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(
            Q(trainee__user=user)
            | Q(mentor=user)
            | Q(host_department__in=departments_of(user))
            | Q(town__in=towns_of(user))
        )

    def worked_on_by(self, user) -> Self:
        """What the board shows a person: the visible ones but the own."""
        return self.visible_to(user).exclude(trainee__user=user)

    def running(self) -> Self:
        return self.filter(status=SecondmentStatus.RUNNING)

    def with_people(self) -> Self:
        return self.select_related(
            "batch", "trainee__user", "mentor", "host_department", "village", "town", "position"
        )

    def with_items(self) -> Self:
        return self.prefetch_related("items__sign_offs")


class Secondment(models.Model):
    """One cadre's term of practice in a host unit.

    Home village, town and post are those of the day it was arranged.
    """

    code = CodeField(_("code"), max_length=20, unique=True)
    batch = models.ForeignKey(
        SecondmentBatch,
        models.PROTECT,
        related_name="secondments",
        verbose_name=pgettext_lazy("of a batch", "batch"),
    )
    trainee = models.ForeignKey(
        Trainee, models.PROTECT, related_name="secondments", verbose_name=_("trainee")
    )
    village = models.ForeignKey(
        Village, models.PROTECT, related_name="secondments", verbose_name=_("home unit")
    )
    town = models.ForeignKey(
        Town, models.PROTECT, related_name="secondments", verbose_name=_("home town")
    )
    position = models.ForeignKey(
        Position, models.PROTECT, related_name="secondments", verbose_name=_("post at home")
    )
    host_department = models.ForeignKey(
        Department,
        models.PROTECT,
        related_name="secondments",
        null=True,
        blank=True,
        verbose_name=_("host department"),
    )
    # also for hosts that are no department of the portal
    host_name = models.CharField(_("host"), max_length=60)
    mentor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="mentored_secondments",
        verbose_name=_("mentor"),
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    project_title = models.CharField(_("practical project"), max_length=120, blank=True)
    case_title = models.CharField(_("work case"), max_length=120, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=SecondmentStatus, default=SecondmentStatus.RUNNING
    )
    # when the file was closed, or the person withdrew
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    # empty: taken over from a list
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    end_reason = models.CharField(_("reason for the withdrawal"), max_length=200, blank=True)

    objects = SecondmentQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("secondment")
        verbose_name_plural = _("secondments")
        constraints = [
            models.UniqueConstraint(
                fields=["trainee"],
                condition=Q(status="running"),
                name="one_running_secondment_per_trainee",
                violation_error_message=_("This person is on a secondment already."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="secondment_ends_after_it_begins",
                violation_error_message=_("The last day lies before the first day."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=SecondmentStatus.values), name="secondment_status_is_known"
            ),
            models.CheckConstraint(condition=~Q(host_name=""), name="secondment_has_a_host"),
            code_constraint(name="secondment_code_fits_addresses"),
            models.CheckConstraint(
                condition=Q(status="running", ended_at__isnull=True)
                | (~Q(status="running") & Q(ended_at__isnull=False)),
                name="ended_secondment_has_its_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="withdrawn", end_reason=""), name="withdrawn_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("practicums:secondment", args=[self.code])

    @property
    def is_running(self) -> bool:
        return self.status == SecondmentStatus.RUNNING

    @property
    def host_is_outside(self) -> bool:
        """The host has no department in the portal: the academy office acts for it, with the host's
        paper in hand.
        """
        return self.host_department_id is None

    def days_left(self, today: date) -> int:
        return (self.ends_on - today).days

    def host_officials(self, today: date) -> list:
        """Who works for the host department on the day."""
        if self.host_is_outside:
            return []
        grants = RoleGrant.objects.current(today).filter(
            role=Role.DEPARTMENT_STAFF, department=self.host_department_id, user__is_active=True
        )
        return list({grant.user_id: grant.user for grant in grants.select_related("user")}.values())

    @cached_property
    def items_in_order(self) -> list:
        """The seven, first to seventh; they know their secondment without another query."""
        items = sorted(self.items.all(), key=lambda item: item.number)
        for item in items:
            item.secondment = self
        return items

    @property
    def signed_count(self) -> int:
        return sum(item.is_signed for item in self.items_in_order)


def mentors_somebody() -> Exists:
    """For a query on people: whether each is or was the mentor of a secondment."""
    return Exists(Secondment.objects.filter(mentor=OuterRef("pk")))
