"""The lists of the import pages: what was imported so far, and what headings mean."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from ..lists.actions import Link, Nothing
from ..lists.columns import Action, Badge, Column, Moment, Number
from ..lists.listing import OfficeList
from ..models import HeadingWord, ImportRow, ImportRun, ImportStatus, RowOutcome
from .importer import Importer
from .registry import importer_of, importers, importers_for, runs_visible_to

STATUS_BADGES = {
    ImportStatus.PREVIEWED: "wait",
    ImportStatus.IMPORTED: "ok",
    ImportStatus.UNDONE: "idle",
    ImportStatus.DISCARDED: "idle",
}
BIG = ("before", "marks", "content", "warnings", "hidden", "questions", "choices")  # not for a list


def counts_of(runs: Iterable[ImportRun]) -> dict[int, dict[str, int]]:
    """Key of a run → outcome → how many of its rows have it."""
    counts = {run.pk: dict.fromkeys(RowOutcome.values, 0) for run in runs}
    for run, outcome, count in (
        ImportRow.objects.filter(run__in=counts)
        .order_by()
        .values_list("run", "outcome")
        .annotate(Count("pk"))
    ):
        counts[run][outcome] = count
    return counts


class RunFilter(forms.Form):
    """What was imported, and what became of it."""

    table = forms.ChoiceField(label=pgettext_lazy("of an import", "Table"), required=False)
    status = forms.ChoiceField(label=gettext_lazy("State"), required=False)

    def __init__(self, data: Any, *, user: Any) -> None:
        super().__init__(data)
        every = [("", pgettext("filter", "All"))]
        kinds = importers_for(user) if user else []
        self.fields["table"].choices = every + [(item.kind, item.title) for item in kinds]
        self.fields["status"].choices = every + ImportStatus.choices


class ImportRunList(OfficeList):
    """Every file that was sent, the latest first; of one kind where the address names it."""

    slug, address = "imports", "imports:import_list"
    template = "academy/import_list.html"
    heading = gettext_lazy("Imports so far")
    needs_query = ("kind",)
    tie = ("-pk",)
    nothing = Nothing(
        gettext_lazy("No import yet"),
        gettext_lazy(
            "Every file that is sent stands here with what became of it, and can be undone from"
            " here."
        ),
    )

    file = Column(pgettext_lazy("of an import", "File"), "file_name", sort="file_name")
    what = Column(
        pgettext_lazy("of an import", "What"), lambda row: importer_of(row.kind).title, sort="kind"
    )
    status = Badge(
        gettext_lazy("State"),
        lambda row: (STATUS_BADGES[row.status], row.get_status_display()),
        sort="status",
    )
    sender = Column(
        gettext_lazy("Sent by"),
        lambda row: row.user.name if row.user else _("a command of the server"),
        sort="user__name",
    )
    at = Moment(pgettext_lazy("of an import", "When"), "previewed_at", sort="previewed_at")
    new = Number(gettext_lazy("New rows"), lambda row: row.counts["new"])
    changed = Number(gettext_lazy("Changed rows"), lambda row: row.counts["changed"])
    same = Number(gettext_lazy("Rows as before"), lambda row: row.counts["same"])
    rejected = Number(gettext_lazy("Rejected rows"), lambda row: row.counts["rejected"])
    imported = Moment(
        gettext_lazy("Imported on"), "imported_at", sort="imported_at", on=False, on_phone=False
    )

    @cached_property
    def only(self) -> type[Importer] | None:
        """The kind that the address names."""
        asked = self.request.GET.get("kind")
        return next((item for item in importers_for(self.user) if item.kind == asked), None)

    @cached_property
    def form(self) -> RunFilter:
        return RunFilter(self.request.GET, user=self.user)

    def rows(self) -> QuerySet[ImportRun]:
        runs = runs_visible_to(self.user).defer(*BIG).select_related("user").order_by("-pk")
        return runs.filter(kind=self.only.kind) if self.only else runs

    @cached_property
    def found(self) -> Any:
        if not self.is_known:
            return []
        wanted = self.form.cleaned_data
        rows = self.rows()
        if wanted["table"]:
            rows = rows.filter(kind=wanted["table"])
        return rows.filter(status=wanted["status"]) if wanted["status"] else rows

    def prepared(self, rows: list[ImportRun]) -> list[ImportRun]:
        counts = counts_of(rows)
        for run in rows:
            run.counts = counts[run.pk]
        return rows

    def link(self, row: ImportRun) -> str:
        return row.get_absolute_url()

    def count_words(self, count: int) -> str:
        return ngettext("%(count)d file", "%(count)d files", count) % {"count": count}


def _meaning_of(word: HeadingWord) -> str:
    return importer_of(word.kind).heading_of(word.column) if word.column else _("do not read it")


def _unit_of(word: HeadingWord) -> str:
    return importer_of(word.kind).scope_name(word.owner) or _("everybody")


class HeadingWordList(OfficeList):
    """The words that were added for everybody or for one unit."""

    slug, address = "heading-words", "imports:heading_words"
    template = "academy/heading_words.html"
    heading = gettext_lazy("Noted words")
    searched = ("word", "column")
    has_steps_of_rows = True
    nothing = Nothing(
        gettext_lazy("No word noted yet"), gettext_lazy("The words below are read in any case.")
    )

    word = Column(pgettext_lazy("of a table", "Heading"), sort="spelling")
    column = Column(pgettext_lazy("of a table", "Column"), _meaning_of, sort="column")
    table = Column(
        pgettext_lazy("of an import", "Table"), lambda row: importer_of(row.kind).title, sort="kind"
    )
    owner = Column(pgettext_lazy("words of headings", "For whom"), _unit_of, sort="owner")
    by = Column(gettext_lazy("Noted by"), "added_by.name", sort="added_by__name", on=False)
    at = Moment(gettext_lazy("Noted on"), "added_at", sort="added_at", on=False)
    remove = Action(pgettext_lazy("button", "Take out"))

    @property
    def crumb(self) -> Link:
        return Link(pgettext("page", "Import"), reverse("imports:import_list"))

    def rows(self) -> QuerySet[HeadingWord]:
        return HeadingWord.objects.filter(kind__in=list(importers())).select_related("added_by")

    def show_remove(self, row: HeadingWord) -> str:
        return format_html(
            '<button class="btn btn-plain" formaction="{}" aria-label="{}">{}</button>',
            reverse("imports:heading_word_remove", args=[row.pk]),
            _("Take out: %(word)s") % {"word": row.word},
            pgettext("button", "Take out"),
        )
