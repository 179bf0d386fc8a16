"""What people record of the organisation department's consent."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import FIRST_YEAR, LAST_YEAR, ConsentState, ItemConsent


class ConsentForm(forms.ModelForm):
    """One record; only an administrator may record that a plan is filed without consent."""

    class Meta:
        model = ItemConsent
        fields = ("state", "asked_on", "answered_on", "by_whom", "document", "opinion")
        widgets = {
            "state": forms.RadioSelect,
            "opinion": forms.Textarea(attrs={"rows": 2}),
            **{
                name: forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
                for name in ("asked_on", "answered_on")
            },
        }

    def __init__(self, *args, may_waive: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [
            (value, words)
            for value, words in ConsentState.choices
            if may_waive or value != ConsentState.WAIVED
        ]
        self.fields["state"].error_messages["invalid_choice"] = _(
            "Choose one of the states. An administrator records that a plan is filed without it."
        )
        for name in ("asked_on", "answered_on"):
            self.fields[name].error_messages["invalid"] = _("Write a day such as 2027-03-01.")

    def clean(self) -> dict:
        cleaned = super().clean()
        state = cleaned.get("state")
        needed = {
            ConsentState.ASKED: ("asked_on",),
            ConsentState.GIVEN: ("answered_on", "by_whom"),
            ConsentState.REFUSED: ("answered_on", "by_whom", "opinion"),
            ConsentState.WAIVED: ("opinion",),
        }.get(state, ())
        for name in needed:
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("Fill in “%(field)s”.") % {"field": self.fields[name].label})
        for name in ("asked_on", "answered_on"):
            day = cleaned.get(name)
            if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
                self.add_error(name, _("Write a day such as 2027-03-01."))
        asked, answered = cleaned.get("asked_on"), cleaned.get("answered_on")
        if asked and answered and answered < asked:
            self.add_error(
                "answered_on", _("The answer lies before the day on which it was asked for.")
            )
        return cleaned
