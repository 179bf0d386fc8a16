"""What a person wants by text message."""

from django import forms

from .models import NoticePreference


class PreferenceForm(forms.ModelForm):
    """Three switches."""

    class Meta:
        model = NoticePreference
        fields = ["urgent_by_sms", "daily_digest", "suggestions"]
