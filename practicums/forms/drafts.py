"""The draft of an item, and the last step before it is handed in."""

from collections.abc import Mapping

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from academy.uploads.kinds import ACCEPT
from academy.web.concurrent_edits import ConcurrentEdit

from ..evidence import drafts
from ..models import EvidenceDraft, ItemKind
from ..seven_items.guidance import with_start
from ..seven_items.questions import DAY_LENGTH, LINE_LENGTH, QUESTIONS, Question, names_of
from .seven_items import PageForm, day_field, declared_field, text_field

TOO_LONG_LINE = _("This line has %(show_value)d characters; up to %(limit_value)d fit.")


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; each is looked at by itself, so that one that is refused costs no other."""

    widget = SeveralFiles

    def clean(self, data, initial=None) -> list:
        return [upload for upload in data or () if upload]


class DraftForm(ConcurrentEdit, PageForm):
    """The draft of an item: the questions fit for it, and files.

    Nothing need be complete; what is missing is said when it is to be handed in.
    """

    ids = "draft"
    not_of_the_row = ("files",)
    files = FilesField(
        label=_("Photos and files"),
        required=False,
        widget=SeveralFiles(attrs={"accept": ACCEPT, "multiple": True}),
    )

    def __init__(self, *args, instance: EvidenceDraft, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.instance = instance
        kind = instance.item.kind
        if kind == ItemKind.GET_TOGETHER:
            self.fields["held_on"] = held_on = day_field(_("Held on"))
            held_on.required = False
            held_on.widget.attrs["max"] = timezone.localdate().isoformat()
        for question in QUESTIONS[kind]:
            self.fields |= _fields_of(question)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"
        self.initial = {
            **instance.answers,
            "held_on": instance.held_on or timezone.localdate(),
            **self.initial,
        }
        self.questions = [Asked(self, question) for question in QUESTIONS[kind]]

    @property
    def answers(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in names_of(self.instance.item.kind)}

    # --- Two windows, one draft ---

    changes_a_row = True  # also the first save: another window may have made the draft

    @property
    def _salt(self) -> str:
        return f"draft.{self.instance.item_id}.{self.instance.owner_id}"

    def locked_row(self) -> EvidenceDraft:
        draft = drafts.locked_draft(self.instance.item, self.instance.owner)
        draft.item = self.instance.item
        return with_start(draft)

    def say(self, missing: Mapping[str, str]) -> None:
        """Put what is missing beside its fields."""
        self.is_valid()
        for name, sentence in missing.items():
            self.add_error(name if name in self.fields else None, sentence)


class Asked:
    """A question with the bound fields of its answers, for the page."""

    def __init__(self, form: DraftForm, question: Question) -> None:
        self.label, self.hint, self.name = question.label, question.hint, question.name
        self.field = None if question.rows else form[question.name]
        self.rows = [(form[day], form[line]) for day, line in question.row_names()]

    @property
    def errors(self) -> list[str]:
        """What is said below the question, each sentence once."""
        fields = [self.field] if self.field else [field for row in self.rows for field in row]
        return list(dict.fromkeys(error for field in fields for error in field.errors))


def _fields_of(question: Question) -> dict[str, forms.Field]:
    if not question.rows:
        if question.lines > 1:
            field = text_field(question.label, question.lines, required=False)
        else:
            field = _line(question.label, LINE_LENGTH)
        return {question.name: field}
    fields = {}
    for number, (day, line) in enumerate(question.row_names(), 1):
        fields[day] = _line(_("Day of no. %(number)d") % {"number": number}, DAY_LENGTH)
        fields[day].widget.attrs["placeholder"] = _("which day")
        fields[line] = _line(_("What, no. %(number)d") % {"number": number}, LINE_LENGTH)
    return fields


def _line(label, length: int) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=length,
        required=False,
        error_messages={"max_length": TOO_LONG_LINE},
    )


class HandInForm(PageForm):
    """The last step: which draft was looked at, and the one declaration."""

    ids = "hand-in"
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    declared_open = declared_field()

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["declared_open"].widget.attrs["class"] = "form-check-input"
