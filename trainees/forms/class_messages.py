"""What is typed to tell the people of a class something."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.templatetags.portal_tags import day, span
from courses.models import Lesson, TrainingClass

from ..models import MessageAudience
from ..models.class_messages import LONGEST_MESSAGE, LONGEST_MESSAGE_TITLE, new_message_token


class LessonChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Lesson) -> str:
        return f"{day(obj.starts_at)} {span(obj)}"


class MessageToClassesForm(forms.Form):
    """`token` stays the same from the first look to sending, so that two clicks send once."""

    audience = forms.ChoiceField(
        label=_("To whom"),
        choices=[
            (one.value, one.label) for one in (MessageAudience.BOOKED, MessageAudience.WAITING)
        ],
        widget=forms.RadioSelect,
        initial="booked",
    )
    title = forms.CharField(
        label=pgettext_lazy("of a message", "Title"),
        max_length=LONGEST_MESSAGE_TITLE,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Give the message a title.")},
    )
    text = forms.CharField(
        label=_("What people read"),
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write what people should read.")},
    )
    token = forms.RegexField(
        r"\A[\w-]{16,30}\Z", widget=forms.HiddenInput, initial=new_message_token
    )


class ClassMessageForm(MessageToClassesForm):
    """To the people of one class, or those absent from one of its lessons."""

    lesson = LessonChoice(
        label=_("Absent from which lesson"),
        queryset=Lesson.objects.none(),
        required=False,
        help_text=_("Only for those who were absent."),
    )
    field_order = ("audience", "lesson", "title", "text")

    def __init__(self, *args, training_class: TrainingClass, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["audience"].choices = MessageAudience.choices
        self.fields["lesson"].queryset = training_class.lessons.order_by("starts_at")

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("audience") == MessageAudience.ABSENT:
            if not cleaned.get("lesson") and "lesson" not in self.errors:
                self.add_error("lesson", _("Choose the lesson that they were absent from."))
        else:
            cleaned["lesson"] = None
        return cleaned
