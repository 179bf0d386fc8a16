"""What stands on a certificate, once for paper and for PDF; always in the portal's language."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from academy.templatetags.portal_tags import full_day, hours
from academy.web.qr import QrPicture, qr_picture

from ..models import Certificate, CertificateKind
from ..people.person_notices import in_the_language_of_the_portal


@dataclass(frozen=True)
class Paper:
    """One certificate in words. `address` is what its code leads to, `seal` the issuer's line."""

    academy: str
    title: str
    number: str
    name: str
    text: str
    closing: str
    seal: str
    issuer: str
    issued_on: str
    code: str
    address: str
    comrade: str
    number_label: str
    hint: str

    @property
    def qr(self) -> QrPicture:
        return qr_picture(self.address)


def papers_of(
    certificates: Iterable[Certificate], address_of: Callable[[Certificate], str]
) -> list[Paper]:
    """The certificates in words; `address_of` gives the address of the page of checking."""
    with in_the_language_of_the_portal():
        return [_paper(row, address_of(row)) for row in certificates]


def _paper(row: Certificate, address: str) -> Paper:
    is_class = row.kind == CertificateKind.CLASS
    return Paper(
        academy=_("Community Governance Academy, Baoshan"),
        title=_("Certificate of completion") if is_class else _("Certificate of study hours"),
        number=row.number,
        name=row.trainee.name,
        text=_of_class(row) if is_class else _of_year(row),
        closing=_("This certificate is issued as proof."),
        seal=_("Issued by (seal):"),
        issuer=row.issuer,
        issued_on=full_day(row.issued_at),
        code=row.code_in_groups,
        address=address,
        comrade=_("Comrade"),
        number_label=_("Certificate number"),
        hint=_("Scan to check, or type number and check code on the portal’s page of checking"),
    )


def _of_class(row: Certificate) -> str:
    values = {
        "title": row.title,
        "first": full_day(row.starts_on),
        "last": full_day(row.ends_on),
        "hours": hours(row.hours),
    }
    if row.starts_on == row.ends_on:
        return (
            _(
                "took part in the class “%(title)s” on %(first)s, with %(hours)s study hours"
                " counted, and has completed it."
            )
            % values
        )
    return (
        _(
            "took part in the class “%(title)s” from %(first)s to %(last)s, with %(hours)s study"
            " hours counted, and has completed it."
        )
        % values
    )


def _of_year(row: Certificate) -> str:
    return _(
        "took part in training from %(first)s to %(last)s, with %(hours)s study hours entered in"
        " the ledger of the academy."
    ) % {
        "first": full_day(row.starts_on),
        "last": full_day(row.ends_on),
        "hours": hours(row.hours),
    }
