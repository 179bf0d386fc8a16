"""What is typed to check a certificate, to revoke one, and to issue those of a year."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.models import Town

from ..certificates.checking import LONGEST
from ..certificates.issuing import FIRST_YEAR


class CheckForm(forms.Form):
    """Number and check code as they are printed; what they mean is said by the finding."""

    number = forms.CharField(
        label=_("Certificate number"),
        max_length=LONGEST,
        help_text=_("For example JY-2027-000123"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    code = forms.CharField(
        label=_("Check code"),
        max_length=LONGEST,
        help_text=_("16 digits and letters below the QR code"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


class RevokeForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is it revoked?"),
        max_length=200,
        help_text=_(
            "The holder and whoever runs the class read it; the page of checking does not."
        ),
    )


class YearCertificatesForm(forms.Form):
    """A year up to this one, and a street-town."""

    year = forms.TypedChoiceField(label=_("Year"), coerce=int)
    town = forms.ModelChoiceField(
        label=_("Street-town"),
        queryset=Town.objects.order_by("code"),
        to_field_name="code",
        empty_label=pgettext_lazy("in a list to choose from", "Choose"),
    )

    def __init__(self, *args, this_year: int, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [
            (year, year) for year in range(this_year, FIRST_YEAR - 1, -1)
        ]
