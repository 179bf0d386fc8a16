"""A file for the people of a lesson."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.uploads.kinds import ACCEPT_WITH_SLIDES, CheckedFile, FileRefused, examine
from courses.models import TrainingClass

from ..models.materials import LONGEST_MATERIAL_TITLE
from .class_messages import LessonChoice


class MaterialForm(forms.Form):
    """`checked` is the file after a look at its content."""

    lesson = LessonChoice(
        label=pgettext_lazy("of a material", "For which lesson"), queryset=None, empty_label=None
    )
    title = forms.CharField(
        label=pgettext_lazy("of a material", "Title"),
        max_length=LONGEST_MATERIAL_TITLE,
        required=False,
        help_text=_("Empty: the name of the file."),
    )
    file = forms.FileField(
        label=_("File"),
        max_length=255,
        help_text=_("PDF, Word, Excel, PowerPoint or a photo, up to 10 MB."),
        widget=forms.FileInput(attrs={"accept": ACCEPT_WITH_SLIDES}),
        error_messages={
            "empty": _("The file is empty. Choose it again."),
            "required": _("Choose a file."),
        },
    )
    checked: CheckedFile | None = None

    def __init__(self, *args, training_class: TrainingClass, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lesson"].queryset = training_class.lessons.order_by("starts_at")

    def clean_file(self):
        upload = self.cleaned_data["file"]
        try:
            self.checked = examine(upload, slides=True)
        except FileRefused as refused:
            raise forms.ValidationError(str(refused)) from refused
        return upload
