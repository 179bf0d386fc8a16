"""What a person wants by text message."""

from django import forms

from .models import NoticePreference


def _switch(name: str) -> forms.BooleanField:
    label = NoticePreference._meta.get_field(name).verbose_name
    return forms.BooleanField(label=label, required=False)


class PreferenceForm(forms.Form):
    """Three switches; a person sets only their own, and the last word counts."""

    urgent_by_sms = _switch("urgent_by_sms")
    daily_digest = _switch("daily_digest")
    suggestions = _switch("suggestions")
