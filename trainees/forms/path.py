"""What is typed to decide about somebody's next stage."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import StageOutcome


class StageDecisionForm(forms.Form):
    """`seen` is what the page showed; whether a reason is needed is the rule's."""

    outcome = forms.ChoiceField(choices=StageOutcome, widget=forms.HiddenInput)
    seen = forms.CharField(max_length=2000, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why"),
        max_length=200,
        required=False,
        help_text=_("Needed for “not yet”, and where not everything is met. The person reads it."),
    )
