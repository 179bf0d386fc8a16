"""What people type about the seven items: evidence, a comment, an appraisal, a day."""

import uuid
from typing import Self

from django import forms
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.uploads.kinds import ACCEPT, CheckedFile, FileRefused, examine
from academy.web.concurrent_edits import ConcurrentEdit

from ..evidence import held_files
from ..models import HeldFile, Secondment, SevenItem, SignOffRole
from ..seven_items.evidence_steps import TEXT_LENGTH
from ..seven_items.guidance import last_text
from ..seven_items.locks import COMMENT_LENGTH

TOO_LONG = _(
    "The text has %(show_value)d characters; up to %(limit_value)d fit. Put the long version into a"
    " file."
)
GONE = _(
    "The file you chose before is no longer kept. If it is not listed on this page, choose it"
    " again."
)


def text_field(label, rows: int, **options) -> forms.CharField:
    """Return a text area with so many rows, and sentences for a text that is too long."""
    return forms.CharField(
        label=label,
        max_length=options.pop("max_length", TEXT_LENGTH),
        strip=True,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"max_length": TOO_LONG, **options.pop("error_messages", {})},
        **options,
    )


def key_of(text: str) -> uuid.UUID | None:
    """The key of a file as a page sends it; nothing where it is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def day_field(label) -> forms.DateField:
    """Return the field of the day on which something was held."""
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={
            "required": _("Say on which day it was held."),
            "invalid": _("Write the day as 2027-03-01."),
        },
    )


def declared_field() -> forms.BooleanField:
    """Return the box that is ticked once: nothing classified."""
    return forms.BooleanField(
        label=_("It holds nothing classified and nobody's private matters"),
        error_messages={
            "required": _(
                "Say that it holds nothing classified. Classified material must not be put here."
            )
        },
    )


class PageForm(forms.Form):
    """One of several forms on a page: `ids` keeps the names of their fields in the page apart."""

    ids = ""

    def __init__(self, *args, **kwargs) -> None:
        kwargs.setdefault("auto_id", f"{self.ids}_%s")
        super().__init__(*args, **kwargs)


class FileForm(PageForm):
    """A form with an optional file; `evidence_file` is the file after a look at its content.

    When another field is refused, `hold_file` keeps the file and the form offers it for the next
    try.
    """

    file = forms.FileField(
        label=_("Photo or file"),
        required=False,
        max_length=255,
        help_text=_("Photo, PDF, Word or Excel, up to 10 MB."),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        error_messages={"empty": _("The file is empty. Choose it again.")},
    )
    declared_open = declared_field()
    held = forms.MultipleChoiceField(
        label=_("Chosen before, sent along"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    evidence_file: CheckedFile | None = None

    def __init__(self, *args, item: SevenItem, owner, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.item, self.owner = item, owner
        self._offer(held_files.held_for(item=item, owner=owner))

    def _offer(self, held: HeldFile | None) -> None:
        self.held_file = held
        field = self.fields["held"]
        if held:
            field.choices = [(str(held.key), f"{held.original_name} ({filesizeformat(held.size)})")]
            field.initial = [str(held.key)]
        else:
            # what an old page sends is refused, not dropped
            field.widget = forms.MultipleHiddenInput()

    def hold_file(self) -> None:
        """Keep the chosen file for the next try. Call it when the form was refused."""
        chosen = self.cleaned_data.get("file") and self.evidence_file
        if not chosen or "file" in self.errors:
            return
        try:
            held = held_files.hold(
                file=chosen, item=self.item, owner=self.owner, now=timezone.now()
            )
        except OSError:
            self.add_error("file", _("Choose the file again, please: it could not be kept."))
            return
        self.fields["held"].widget = forms.CheckboxSelectMultiple()
        self._offer(held)
        self.data = self.data.copy()
        self.data.setlist("held", [str(held.key)])

    def let_file_go(self) -> None:
        """Forget the file that was held. Call it when the form was taken."""
        if self.held_file:
            held_files.let_go(item=self.item, owner=self.owner)

    def clean(self):
        cleaned = super().clean()
        if self.errors.pop("held", None):
            self.add_error("file", GONE)
        if self.evidence_file is None and cleaned.get("held") and "file" not in self.errors:
            self.evidence_file = held_files.as_evidence(self.held_file)
            if self.evidence_file is None:
                self.add_error("file", GONE)
        return cleaned

    def clean_file(self):
        upload = self.cleaned_data["file"]
        if upload:
            try:
                self.evidence_file = examine(upload)
            except FileRefused as error:
                raise forms.ValidationError(str(error)) from error
        return upload


class EvidenceForm(FileForm):
    """A get-together that the office records."""

    ids = "evidence"
    held_on = day_field(_("Held on"))
    text = text_field(pgettext_lazy("of evidence", "Text"), 3, required=False)

    field_order = ["held_on", "text", "held", "file", "declared_open"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["held_on"].widget.attrs["max"] = timezone.localdate().isoformat()

    def clean(self):
        cleaned = super().clean()
        if (
            not cleaned.get("text")
            and not self.evidence_file
            and not self.errors.keys() & {"text", "file"}
        ):
            self.add_error(
                "text", _("Write a few lines or choose a file; one of the two is enough.")
            )
        return cleaned


class ItemEdit(ConcurrentEdit):
    """Mix into a form that changes one of the seven."""

    def __init__(self, *args, instance: SevenItem, **kwargs) -> None:
        self.instance = instance
        super().__init__(*args, **kwargs)

    def locked_row(self) -> SevenItem | None:
        """Whoever changes an item locks its secondment."""
        Secondment.objects.select_for_update().filter(pk=self.instance.secondment_id).first()
        return SevenItem.objects.select_related("secondment").filter(pk=self.instance.pk).first()


class AppraisalForm(ItemEdit, FileForm):
    ids = "appraisal"

    def who_changed(self, row: SevenItem) -> str:
        last = row.evidence.select_related("uploaded_by").last()
        return last.uploaded_by.name if last else ""

    text = text_field(
        pgettext_lazy("one of the seven", "Appraisal"),
        10,
        error_messages={"required": _("Write the appraisal first.")},
    )

    field_order = ["text", "held", "file", "declared_open"]
    not_of_the_row = ("held",)

    def __init__(self, *args, instance: SevenItem, owner, **kwargs) -> None:
        super().__init__(*args, instance=instance, item=instance, owner=owner, **kwargs)
        self.fields["file"].label = _("Sheet with the seal")
        last = last_text(self.instance)
        self.initial = {"text": last.text if last else ""} | self.initial

    def opened_on(self, row: SevenItem) -> Self:
        return type(self)(instance=row, owner=self.owner)


class SeenForm(PageForm):
    """Which hand-in the page showed, so that nobody decides about one they have not seen."""

    seen_round = forms.IntegerField(min_value=0, max_value=32_767, widget=forms.HiddenInput)


class DecideForm(SeenForm):
    """One box for a word: it goes with a signature, and says what has to change when the item is
    sent back.
    """

    ids = "decide"
    role = forms.ChoiceField(choices=SignOffRole.choices, required=False, widget=forms.HiddenInput)
    comment = text_field(
        _("A word to go with it"),
        3,
        required=False,
        max_length=COMMENT_LENGTH,
        help_text=_("Not needed to sign. When you send it back: what has to change, one line."),
    )


class DueForm(ItemEdit, PageForm):
    ids = "due"
    due_on = forms.DateField(
        label=_("Due on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={
            "required": _("Choose a day."),
            "invalid": _("Write the day as 2027-03-01."),
        },
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"due_on": self.instance.due_on} | self.initial


class WithdrawForm(PageForm):
    ids = "withdraw"
    reason = text_field(
        _("Why it ends early"),
        2,
        max_length=200,
        error_messages={"required": _("Write why the secondment ends early.")},
    )
