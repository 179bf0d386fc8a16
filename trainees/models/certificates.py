"""Certificates for a class and for the hours of a year."""

import secrets
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.access import campuses_of, departments_of, is_office
from courses.models import TrainingClass

from .enrolments import EnrolmentStatus
from .hours import HourEntry
from .people import Trainee

# Crockford's digits: no I, L, O and U, so that a code can be read from paper. 16 of them are 80
# bits: nobody guesses one.
CODE_DIGITS, CODE_LENGTH = "0123456789ABCDEFGHJKMNPQRSTVWXYZ", 16


def new_check_code() -> str:
    """A code by chance, of a generator made for secrets."""
    return "".join(secrets.choice(CODE_DIGITS) for _digit in range(CODE_LENGTH))


class CertificateKind(models.TextChoices):
    CLASS = "class", pgettext_lazy("certificate", "For a class")
    YEAR = "year", pgettext_lazy("certificate", "For the hours of a year")


PREFIX = {CertificateKind.CLASS: "JY", CertificateKind.YEAR: "XS"}  # 结业, 学时


class CertificateState(models.TextChoices):
    VALID = "valid", pgettext_lazy("certificate", "Valid")
    OUTDATED = "outdated", pgettext_lazy("certificate", "To be issued again")
    REPLACED = "replaced", pgettext_lazy("certificate", "Replaced")
    REVOKED = "revoked", pgettext_lazy("certificate", "Revoked")


class CertificateQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        """Own ones, those of the classes that the person runs, all for the office."""
        if is_office(user):
            return self
        return self.filter(Q(trainee__user=user) | _run_by(user))

    def run_by(self, user) -> Self:
        """Those of the classes that the person runs, all for the office."""
        return self if is_office(user) else self.filter(_run_by(user))

    def standing(self) -> Self:
        """Neither revoked nor replaced by a newer one."""
        return self.filter(revoked_at__isnull=True, replaced_at__isnull=True)

    def with_hours_now(self) -> Self:
        """Annotate `hours_now`: what the ledger says now of what the certificate is about."""
        own = HourEntry.objects.filter(trainee=OuterRef("trainee"))
        of_class = own.filter(
            enrolment__training_class=OuterRef("training_class"),
            enrolment__status=EnrolmentStatus.COMPLETED,
        )
        of_year = own.filter(earned_on__range=(OuterRef("starts_on"), OuterRef("ends_on")))
        zero = models.Value(0, output_field=models.DecimalField())
        return self.annotate(
            hours_now=Coalesce(
                Case(
                    When(kind=CertificateKind.CLASS, then=_summed(of_class)),
                    default=_summed(of_year),
                ),
                zero,
            )
        )

    def with_paper(self) -> Self:
        """What a certificate shows."""
        return self.select_related("trainee__user", "training_class").with_hours_now()


def _run_by(user) -> Q:
    return Q(training_class__campus__in=campuses_of(user)) | Q(
        training_class__department__in=departments_of(user)
    )


def _summed(entries: QuerySet[HourEntry]) -> Subquery:
    total = entries.order_by().values("trainee").annotate(total=Sum("hours")).values("total")
    return Subquery(total, output_field=models.DecimalField())


class Certificate(models.Model):
    """A certificate (证书) as it was issued. The name is that of the person's entry.

    It is never changed: a mistake is revoked, other hours are a new one that replaces it. Source:
    docs/rules.md R84.
    """

    kind = models.CharField(_("kind"), max_length=8, choices=CertificateKind)
    trainee = models.ForeignKey(Trainee, models.PROTECT, related_name="certificates")
    training_class = models.ForeignKey(
        TrainingClass, models.PROTECT, related_name="certificates", null=True, blank=True
    )
    title = models.CharField(_("title of the class"), max_length=80, blank=True)
    # of the class, or of the part of the year that is counted; Shanghai days
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    hours = models.DecimalField(_("study hours"), max_digits=6, decimal_places=2)
    issuer = models.CharField(_("issuer"), max_length=100)
    check_code = models.CharField(
        _("check code"), max_length=CODE_LENGTH, unique=True, default=new_check_code
    )
    replaces = models.OneToOneField(
        "self", models.PROTECT, related_name="replaced_by", null=True, blank=True
    )
    replaced_at = models.DateTimeField(
        pgettext_lazy("certificate", "replaced at"), null=True, blank=True
    )
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    revoked_reason = models.CharField(_("reason"), max_length=200, blank=True)
    issued_at = models.DateTimeField(_("issued at"))
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at", "-pk"]
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        indexes = [models.Index(fields=["kind", "issued_at"], name="certificates_by_kind")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="class", training_class__isnull=False)
                | Q(kind="year", training_class__isnull=True),
                name="certificate_kind_fits",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on"), hours__gt=0),
                name="certificate_has_days_and_hours",
            ),
            models.CheckConstraint(
                condition=Q(check_code__regex=rf"^[{CODE_DIGITS}]{{{CODE_LENGTH}}}$"),
                name="certificate_code_is_known",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_reason="")
                | (Q(revoked_at__isnull=False) & ~Q(revoked_reason="")),
                name="a_revoked_certificate_says_why",
            ),
            models.UniqueConstraint(
                fields=["trainee", "training_class"],
                condition=Q(kind="class", revoked_at__isnull=True, replaced_at__isnull=True),
                name="one_certificate_of_a_class",
            ),
            models.UniqueConstraint(
                fields=["trainee", "starts_on"],
                condition=Q(kind="year", revoked_at__isnull=True, replaced_at__isnull=True),
                name="one_certificate_of_a_year",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """JY-2027-000123: the kind, the year of issue, the key of the row. Not a secret."""
        return f"{PREFIX[self.kind]}-{timezone.localdate(self.issued_at).year}-{self.pk:06d}"

    @property
    def code_in_groups(self) -> str:
        """7F3K-9Q2M-…: as it is printed."""
        return "-".join(self.check_code[at : at + 4] for at in range(0, CODE_LENGTH, 4))

    @property
    def year(self) -> int:
        """The year that a certificate of a year is about."""
        return self.starts_on.year

    @property
    def state(self) -> CertificateState:
        """What it is worth now; rows come from `with_hours_now`. Source: docs/rules.md R84."""
        if self.revoked_at:
            return CertificateState.REVOKED
        if self.replaced_at:
            return CertificateState.REPLACED
        if self.hours_now != self.hours:
            return CertificateState.OUTDATED
        return CertificateState.VALID
