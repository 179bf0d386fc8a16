"""What is typed when a topic is asked for and answered."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.picking.widgets import PickOne

from ..models import Course, TopicRequest


class TopicRequestForm(forms.ModelForm):
    class Meta:
        model = TopicRequest
        fields = ["topic", "situation"]
        labels = {
            "topic": _("What would you like to learn?"),
            "situation": _("What happened? (optional)"),
        }
        help_texts = {
            "topic": _("A few words, such as: parking disputes in an old estate."),
            "situation": _(
                "The case behind it helps to find the right teacher. Leave out names of people."
            ),
        }
        widgets = {"situation": forms.Textarea(attrs={"rows": 4})}
        error_messages = {
            "topic": {"required": _("Say in a few words what you would like to learn.")}
        }


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("Answer"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write the answer: whoever asked will read it.")},
    )
    course = forms.ModelChoiceField(
        label=_("Course that answers it"),
        queryset=Course.objects.published(),
        required=False,
        to_field_name="code",
        widget=PickOne("course"),
        empty_label=pgettext_lazy("empty choice", "None"),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].label_from_instance = lambda course: f"{course.code} {course.title}"
