from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Feedback


class FeedbackForm(forms.ModelForm):
    class Meta:
        model = Feedback
        fields = ["text", "contact"]
        widgets = {"text": forms.Textarea(attrs={"rows": 6})}
        help_texts = {
            "text": _(
                "Please name the page or the class, so that we find it quickly. Leave out names and"
                " numbers of other people."
            ),
            "contact": _("A phone number or e-mail address, if you would like an answer."),
        }
