"""What somebody types who asks for leave, or appeals against an absence."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from academy.web.error_summary import ErrorSummaryMixin
from courses.models import Lesson

from ..models import AbsenceReason
from ..petitions.leave import lesson_in_words
from .joining import OneOfField

TOO_LONG = _("The reason is too long: at most 200 characters.")


class LeaveForm(ErrorSummaryMixin, forms.Form):
    """The lessons, one of the reasons that the office keeps, and a sentence; one of these two is
    enough.
    """

    lessons = forms.MultipleChoiceField(
        label=_("Which lessons can you not come to?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose the lessons that you cannot come to.")},
    )
    why = OneOfField(
        label=_("Reason"),
        queryset=AbsenceReason.objects.filter(active=True),
        widget=forms.RadioSelect,
        required=False,
        empty_label=None,
    )
    reason = forms.CharField(
        label=_("In a few words"),
        max_length=200,
        required=False,
        help_text=_("Read by the coordinator of the class only. No illness need be named."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": TOO_LONG},
    )

    def __init__(self, *args, lessons: Sequence[Lesson], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.known = {str(lesson.pk): lesson for lesson in lessons}
        self.fields["lessons"].choices = [
            (key, lesson_in_words(lesson)) for key, lesson in self.known.items()
        ]
        if len(lessons) == 1:
            self.fields["lessons"].initial = list(self.known)
        if not self.fields["why"].queryset.exists():
            del self.fields["why"]

    def clean_lessons(self) -> list[Lesson]:
        return [self.known[key] for key in self.cleaned_data["lessons"]]

    def clean(self) -> dict:
        cleaned = super().clean()
        if not cleaned.get("why") and not cleaned.get("reason", "").strip():
            field = "why" if "why" in self.fields else "reason"
            if not {"why", "reason"} & self.errors.keys():
                self.add_error(field, _("Choose a reason, or write one in a few words."))
        return cleaned


class AbsenceAppealForm(ErrorSummaryMixin, forms.Form):
    """What is not right about the mark, and what happened."""

    claim = forms.ChoiceField(
        label=_("What is not right?"),
        choices=[
            ("there", _("I was there")),
            ("reason", _("I had a reason and could not ask for leave before")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is not right.")},
    )
    reason = forms.CharField(
        label=_("What happened, in a sentence"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Say in a sentence what happened."),
            "max_length": TOO_LONG,
        },
    )
