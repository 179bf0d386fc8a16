"""What a person writes to bring along to a class."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models.enrolments import LONGEST_QUESTION


class _Text(forms.CharField):
    """Counts a new line as one character, as the browser does that limits the box."""

    def to_python(self, value) -> str:
        return super().to_python(str(value or "").replace("\r\n", "\n"))


class QuestionForm(forms.Form):
    question = _Text(
        label=_("Your question"),
        max_length=LONGEST_QUESTION,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
