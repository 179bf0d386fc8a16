"""What people type about imports: the file with its kind, and another word for a column."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..spreadsheets.cell_text import spelled
from ..spreadsheets.fields import SheetField, SheetForm
from .heading_words import LONGEST_WORD


class ImportForm(SheetForm):
    """What is imported, and the file."""

    kind = forms.ChoiceField(label=pgettext_lazy("of an import", "What"), widget=forms.RadioSelect)
    file = SheetField(
        help_text=_(
            "An .xlsx, .xls or .csv file as you have it. Nothing is written before you have seen"
            " the preview."
        )
    )

    def __init__(self, *args, importers: list, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(importer.kind, importer.title) for importer in importers]
        self.fields["kind"].error_messages |= {
            "required": _("Choose what to import."),
            "invalid_choice": _("You cannot import this. Choose one from the list."),
        }
        if len(importers) == 1:
            self.fields["kind"].widget = forms.HiddenInput()
            self.initial.setdefault("kind", importers[0].kind)


class HeadingWordForm(forms.Form):
    """Another word for a column of an import, for everybody."""

    word = forms.CharField(
        label=_("Heading as it is written"),
        max_length=LONGEST_WORD,
        help_text=_("Spaces, marks and what stands in brackets do not matter."),
        error_messages={"required": _("Write the heading.")},
    )
    meaning = forms.ChoiceField(
        label=_("What it means"),
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Choose a column from the list.")
        ),
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
