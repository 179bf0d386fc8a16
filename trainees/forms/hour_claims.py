"""Asking for hours from elsewhere."""

from datetime import date, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.uploads.kinds import ACCEPT, CheckedFile, FileRefused, examine
from academy.web.fields import PlainDecimalField

from ..models.hour_claims import CLAIMED, LONGEST_CLAIM_TITLE

OLDEST = timedelta(days=400)  # a training of last year can still be handed in
MOST_HOURS = 200


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write a day, such as 2027-11-15.")},
    )


class HourClaimForm(forms.Form):
    """`checked` is the evidence after a look at its content."""

    kind = forms.ChoiceField(label=_("What it was"), choices=CLAIMED)
    title = forms.CharField(
        label=pgettext_lazy("of a training", "Title of the training"),
        max_length=LONGEST_CLAIM_TITLE,
    )
    organiser = forms.CharField(label=_("Organiser"), max_length=80)
    starts_on = _day(pgettext_lazy("of a training", "First day"))
    ends_on = _day(pgettext_lazy("of a training", "Last day"))
    hours = PlainDecimalField(
        label=_("Study hours"),
        min_value=0,
        max_value=MOST_HOURS,
        decimal_places=2,
        help_text=_("As the certificate says, in steps of 0.25."),
        widget=forms.NumberInput(attrs={"step": "0.25", "min": "0.25"}),
    )
    file = forms.FileField(
        label=_("Evidence"),
        max_length=255,
        help_text=_("A photo of the certificate or the notice, or a PDF, up to 10 MB."),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        error_messages={
            "empty": _("The file is empty. Choose it again."),
            "required": _("Choose a file."),
        },
    )
    checked: CheckedFile | None = None

    def clean_file(self):
        upload = self.cleaned_data["file"]
        try:
            self.checked = examine(upload)
        except FileRefused as refused:
            raise forms.ValidationError(str(refused)) from refused
        return upload

    def clean(self) -> dict:
        cleaned = super().clean()
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        today: date = timezone.localdate()
        if first and last and last < first:
            self.add_error("ends_on", _("The last day lies before the first day."))
        elif last and last > today:
            self.add_error("ends_on", _("Hand it in once the training is over."))
        elif first and first < today - OLDEST:
            self.add_error("starts_on", _("That is more than a year ago. Call the academy office."))
        return cleaned
