"""What is typed when a class is held once more."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import TrainingClass
from .fields import in_reach, name_required


class CopyForm(forms.Form):
    """The day of the first lesson, and what the new class is called."""

    first = forms.DateField(
        label=_("Day of the first lesson"),
        validators=[in_reach],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write a day, such as 2027-11-15.")},
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=TrainingClass._meta.get_field("title").max_length,
        required=False,
        help_text=_("Empty: as it is called now."),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        name_required(self)
