"""Forms of the pages that every room shares."""

from collections.abc import Iterable
from decimal import Decimal

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .cells import spelled
from .heading_words import LONGEST_WORD
from .numbers import plain
from .sheets import FileRefused, read_sheets


class PlainDecimalField(forms.DecimalField):
    """Shows 24 where the database holds 24.00."""

    def prepare_value(self, value):
        return plain(value) if isinstance(value, Decimal) else value


class SheetField(forms.FileField):
    """A workbook or CSV file. It is opened here, so that what cannot be read is said beside the field and nothing is kept.

    Cleans to the uploaded file with its bytes as `content`.
    """

    widget = forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"})
    default_error_messages = {"required": _("Choose a file."), "empty": _("The file is empty.")}

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("label", pgettext_lazy("to import", "File"))
        super().__init__(max_length=200, **kwargs)

    def clean(self, data, initial=None):
        file = super().clean(data, initial)
        if file.size > settings.UPLOAD_MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than %(limit)d MB. A table is much smaller: remove pictures and attachments.") % {
                "limit": settings.UPLOAD_MAX_BYTES // (1024 * 1024),
            })  # fmt: skip
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
            self.add_error("file", _("Choose the file again, please: the browser does not keep it."))
        return cleaned


class ImportForm(SheetForm):
    """What is imported, and the file."""

    kind = forms.ChoiceField(label=pgettext_lazy("of an import", "What"), widget=forms.RadioSelect)
    file = SheetField(help_text=_("An .xlsx or .csv file as you have it. Nothing is written before you have seen the preview."))

    def __init__(self, *args, importers: list, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(importer.kind, importer.title) for importer in importers]
        self.fields["kind"].error_messages |= {
            "required": _("Choose what to import."), "invalid_choice": _("You cannot import this. Choose one from the list."),
        }  # fmt: skip
        if len(importers) == 1:
            self.fields["kind"].widget = forms.HiddenInput()
            self.initial.setdefault("kind", importers[0].kind)


class HeadingWordForm(forms.Form):
    """Another word for a column of an import, for everybody."""

    word = forms.CharField(
        label=_("Heading as it is written"), max_length=LONGEST_WORD, help_text=_("Spaces, marks and what stands in brackets do not matter."),
        error_messages={"required": _("Write the heading.")},
    )  # fmt: skip
    meaning = forms.ChoiceField(
        label=_("What it means"),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose a column from the list.")),
    )

    def __init__(self, *args, importers: Iterable, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meaning"].choices = [
            ("", "—"),
            *((str(importer.title), self._meanings(importer)) for importer in importers),
        ]

    @staticmethod
    def _meanings(importer) -> list[tuple[str, str]]:
        """Return the choices of one kind of table: its columns, and not to read the heading."""
        columns = [column for column in importer.columns if column.is_offered]
        return [
            *((f"{importer.kind} {column.name}", column.heading) for column in columns),
            (f"{importer.kind} ", _("do not read it")),
        ]

    def clean_word(self) -> str:
        word = self.cleaned_data["word"]
        if not spelled(word):
            raise forms.ValidationError(_("Write the heading."))
        return word
