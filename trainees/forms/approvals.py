"""What approvers type: their decision on one or several bookings, and who stands in for them."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.picking.fields import PersonPhoneField

from ..on_behalf.colleagues import MOST_AT_ONCE

CHOOSE = _("Press “Approve” or “Do not approve”.")


class DecisionsForm(forms.Form):
    steps = forms.TypedMultipleChoiceField(
        coerce=int,
        error_messages={
            "required": _(
                "Nobody is ticked. Tick whose booking you decide on, then press the button again."
            )
        },
    )
    decision = forms.ChoiceField(
        choices=[("approve", ""), ("refuse", "")],
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )
    opinion = forms.CharField(
        max_length=200,
        required=False,
        error_messages={"max_length": _("The reason is too long: at most 200 characters.")},
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        # whose they are is asked later
        self.fields["steps"].valid_value = lambda value: (
            value.isascii() and value.isdecimal() and len(value) < 19
        )

    def clean_steps(self) -> set[int]:
        steps = set(self.cleaned_data["steps"])
        if len(steps) > MOST_AT_ONCE:
            raise forms.ValidationError(
                _("Choose at most %(most)d people at a time; you chose %(count)d.")
                % {
                    "most": MOST_AT_ONCE,
                    "count": len(steps),
                }
            )
        return steps

    def clean(self) -> dict:
        cleaned = super().clean()
        if (
            cleaned.get("decision") == "refuse"
            and not cleaned.get("opinion", "").strip()
            and "opinion" not in self.errors
        ):
            self.add_error("opinion", _("Say why it is not approved: the person reads it."))
        return cleaned


class DeputyForm(forms.Form):
    phone = PersonPhoneField(
        kind="deputy",
        label=_("Name or mobile number of the deputy"),
        help_text=_("Somebody of your unit who can log in."),
        error_messages={
            "required": _("Enter the name or the mobile number of whoever stands in for you.")
        },
    )
    valid_from = forms.DateField(
        label=pgettext_lazy("deputy", "First day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose the first day.")},
    )
    valid_to = forms.DateField(
        label=pgettext_lazy("deputy", "Last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose the last day.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        error_messages={
            "required": _(
                "Say in a few words why somebody stands in for you: it stays in the records."
            )
        },
    )

    def __init__(self, *args, approver, today: date, **kwargs) -> None:
        super().__init__(*args, initial={"valid_from": today}, **kwargs)
        self.fields["phone"].asker = approver
