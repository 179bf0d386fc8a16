"""What is typed at the door."""

import re
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.models import LearnerGroup
from academy.people_keys import TAIL
from academy.text.names import PersonNameField
from academy.text.pasted import plain
from academy.text.phones import PhoneField, mobile_in, mobile_number
from academy.uploads.kinds import CheckedFile, FileRefused, examine

from .joining import OneOfField, VillageField

LAST_DIGITS = re.compile(rf"[0-9]{{{TAIL}}}")


class WalkInForm(forms.Form):
    """Whom to look for: the number alone finds, the name with its last four digits as well."""

    name = PersonNameField(
        label=pgettext_lazy("of a person", "Name"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    phone = forms.CharField(
        label=_("Mobile number, or its last four digits"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
        error_messages={"required": _("Write the number, or its last four digits.")},
    )

    def clean_phone(self) -> str:
        typed = plain(self.cleaned_data["phone"]).replace(" ", "")
        if LAST_DIGITS.fullmatch(typed):
            return typed
        number = mobile_in(typed)
        try:
            mobile_number(number)
        except ValidationError:
            raise ValidationError(
                _("Write all 11 digits of the mobile number, or the last four.")
            ) from None
        return number

    def clean(self) -> dict:
        cleaned = super().clean()
        if len(cleaned.get("phone", "")) == TAIL and not cleaned.get("name"):
            self.add_error("name", _("With four digits the name is needed as well."))
        return cleaned


class UnknownForm(forms.Form):
    """Somebody whom the portal does not know, in a class that is open to their group."""

    name = PersonNameField(label=pgettext_lazy("of a person", "Name"), min_length=2, max_length=40)
    phone = PhoneField(widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}))
    village = VillageField(label=_("Village of the person"))
    group = OneOfField(label=_("Comes as"), queryset=LearnerGroup.objects.none(), empty_label=None)

    def __init__(self, *args, today: date, groups, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["village"].offer(today)
        self.fields["group"].queryset = groups


class SheetPhotoForm(forms.Form):
    """One photo."""

    photo = forms.FileField(
        label=_("Photo of the sheet"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"}),
        error_messages={"required": _("Choose a photo.")},
    )
    checked: CheckedFile

    def clean_photo(self):
        try:
            self.checked = examine(self.cleaned_data["photo"])
        except FileRefused as refused:
            raise ValidationError(str(refused)) from refused
        return self.cleaned_data["photo"]
