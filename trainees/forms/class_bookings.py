"""What is typed when whoever runs a class books somebody, ends a booking or hands a seat on."""

from django import forms
from django.utils.translation import gettext_lazy as _

from academy.text.phones import PhoneField

from .colleagues import PassOnByPhoneForm


class BookPersonForm(forms.Form):
    phone = PhoneField(
        label=_("Mobile number of the person"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        error_messages={"required": _("Enter the 11 digits of a mobile number.")},
    )
    repeat_reason = forms.CharField(
        label=_("Why they take it again, if they have taken it before (optional)"),
        required=False,
        max_length=200,
    )


class WithdrawPersonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why? The person reads it"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Say in a few words why: the person reads it.")},
    )


class SwapByPhoneForm(PassOnByPhoneForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].help_text = _(
            "Somebody of the same village who is on the roster. Both get a notice."
        )
