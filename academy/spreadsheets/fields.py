"""The field of a form that takes a workbook or a CSV file."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .opening import FileRefused, read_sheets


class SheetField(forms.FileField):
    """A workbook or CSV file. It is opened here, so that what cannot be read is said beside the
    field and nothing is kept.

    Cleans to the uploaded file with its bytes as `content`.
    """

    widget = forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.et,.csv"})
    default_error_messages = {"required": _("Choose a file."), "empty": _("The file is empty.")}

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("label", pgettext_lazy("to import", "File"))
        super().__init__(max_length=200, **kwargs)

    def clean(self, data, initial=None):
        file = super().clean(data, initial)
        if file.size > settings.UPLOAD_MAX_BYTES:
            raise forms.ValidationError(
                _(
                    "The file is larger than %(limit)d MB. A table is much smaller: remove pictures"
                    " and attachments."
                )
                % {
                    "limit": settings.UPLOAD_MAX_BYTES // (1024 * 1024),
                }
            )
        file.content = file.read()
        try:
            read_sheets(file.content, file.name)
        except FileRefused as error:
            raise forms.ValidationError(str(error)) from error
        return file


class SheetForm(forms.Form):
    """A form with a SheetField `file`.

    When the rest of the form is refused, it says that a good file has to be chosen again.
    """

    def clean(self):
        cleaned = super().clean()
        if self.errors and self.cleaned_data.get("file"):
            self.add_error(
                "file", _("Choose the file again, please: the browser does not keep it.")
            )
        return cleaned
