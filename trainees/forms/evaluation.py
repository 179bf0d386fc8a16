"""What is typed into an evaluation, and what is to be mended after it."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.models import User
from academy.web.error_summary import ErrorSummaryMixin

from ..models import MOST_CHARACTERS, Aspect, Grade, Improvement, RemarkKind

REMARK = {
    "max_length": MOST_CHARACTERS,
    "required": False,
    "widget": forms.Textarea(attrs={"rows": 2, "maxlength": MOST_CHARACTERS}),
}


class AnswerForm(ErrorSummaryMixin, forms.Form):
    """Four grades, and two texts if one likes."""

    useful = forms.CharField(label=RemarkKind.USEFUL.label, **REMARK)
    improve = forms.CharField(label=RemarkKind.IMPROVE.label, **REMARK)

    def __init__(self, data=None) -> None:
        super().__init__(data)
        for aspect in Aspect:
            self.fields[aspect] = forms.TypedChoiceField(
                label=aspect.label,
                choices=Grade.choices,
                coerce=int,
                widget=forms.RadioSelect,
                error_messages={"required": _("Give each of the four a grade.")},
            )

    @property
    def aspects(self) -> list[forms.BoundField]:
        return [self[aspect] for aspect in Aspect]

    @property
    def grades(self) -> dict[str, int]:
        return {aspect: self.cleaned_data[aspect] for aspect in Aspect.values}


class ImprovementForm(ErrorSummaryMixin, forms.ModelForm):
    """What was found, what is done about it, by whom, until when; one is entered, none changed."""

    class Meta:
        model = Improvement
        fields = ("finding", "action", "responsible", "due_on")
        widgets = {
            "finding": forms.Textarea(attrs={"rows": 2}),
            "action": forms.Textarea(attrs={"rows": 2}),
            "due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, data=None, *, people, today: date) -> None:
        super().__init__(data)
        self.today = today
        self.fields["responsible"].queryset = people
        self.fields["responsible"].empty_label = pgettext_lazy("in a list to choose from", "Choose")
        self.fields["responsible"].label_from_instance = _name_of
        self.fields["due_on"].widget.attrs["min"] = today.isoformat()

    def clean_due_on(self) -> date:
        due_on = self.cleaned_data["due_on"]
        if due_on < self.today:
            raise ValidationError(_("This day is past. Choose today or a later day."))
        return due_on


def _name_of(person: User) -> str:
    return person.name
