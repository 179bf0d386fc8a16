"""The list of certificates."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from academy.lists.actions import Bulk, Link, Nothing
from academy.lists.columns import Action, Badge, Column, FullDay, Hours, LongText
from academy.lists.listing import OfficeList

from ..models import Certificate, CertificateKind, CertificateState

BADGES = {
    CertificateState.VALID: "ok",
    CertificateState.OUTDATED: "wait",
    CertificateState.REPLACED: "idle",
    CertificateState.REVOKED: "bad",
}


def badge_of(certificate: Certificate) -> tuple[str, str]:
    """The colour and the words of what a certificate is worth now."""
    return BADGES[certificate.state], certificate.state.label


class CertificateList(OfficeList):
    """Certificates of the classes that the person runs; all for the office."""

    slug, address = "certificates", "trainees:certificates"
    heading = pgettext_lazy("navigation", "Certificates")
    about = gettext_lazy("Those of a class are issued on its records, after it is closed.")
    searched = ("trainee__user__name", "title")
    bulk = (
        Bulk(
            "pdf",
            gettext_lazy("One PDF of these"),
            address="trainees:certificates_pdf",
            is_file=True,
        ),
    )
    nothing = Nothing(
        gettext_lazy("No certificate has been issued yet."),
        gettext_lazy("Close a class, then issue the certificates on its records."),
    )

    number = Column(gettext_lazy("Certificate number"), sort="pk")
    person = Column(
        pgettext_lazy("of a person", "Name"), "trainee.name", sort="trainee__stroke_key"
    )
    unit = Column(
        pgettext_lazy("unit", "Village"), "trainee.village.name", sort="trainee__village__code"
    )
    about_what = LongText(
        pgettext_lazy("certificate", "What for"),
        lambda row: row.title or _("hours of %(year)d") % {"year": row.year},
        sort="title",
    )
    hours = Hours(gettext_lazy("Study hours"), sort="hours")
    issued = FullDay(gettext_lazy("Issued on"), "issued_at", sort="issued_at")
    state = Badge(pgettext_lazy("of a certificate", "State"), badge_of)
    revoke = Action(pgettext_lazy("certificate", "Revoke"))

    def rows(self) -> QuerySet[Certificate]:
        return (
            Certificate.objects.run_by(self.user)
            .with_paper()
            .select_related("trainee__village")
            .order_by("-issued_at", "-pk")
        )

    def count_words(self, count: int) -> str:
        return ngettext("%(count)d certificate", "%(count)d certificates", count) % {"count": count}

    def name(self, row: Certificate) -> str:
        return row.number

    def link(self, row: Certificate) -> str:
        return reverse("trainees:certificate", args=[row.check_code])

    def links(self) -> list[Link]:
        if not self.user.has_perm("trainees.issue_year_certificates"):
            return []
        return [Link(_("Issue those of a year"), reverse("trainees:year_certificates"), "award")]

    def show_revoke(self, row: Certificate) -> str:
        if row.revoked_at or row.replaced_at:
            return ""
        if row.kind == CertificateKind.YEAR and not self.user.has_perm(
            "trainees.issue_year_certificates"
        ):
            return ""
        return format_html(
            '<a class="btn btn-plain" href="{}" aria-label="{}：{}">{}</a>',
            reverse("trainees:revoke_certificate", args=[row.pk]),
            pgettext("certificate", "Revoke"),
            row.number,
            pgettext("certificate", "Revoke"),
        )
