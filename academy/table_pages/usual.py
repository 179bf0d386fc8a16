"""The usual words of vocabularies that are empty: looked over, changed, and kept in one step."""

from collections.abc import Iterator

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from ..access import require
from ..text.pasted import plain
from ..web.error_summary import ErrorSummaryMixin
from ..web.safe_next import path_of_ours
from .registry import tables
from .table import Vocabulary

MOST_ROWS = 60  # of one vocabulary in one step
MOST_CHARACTERS = 4_000


class UsualWordsForm(ErrorSummaryMixin, forms.Form):
    """A field for each vocabulary, one word to a line."""

    def __init__(self, data=None, *, vocabularies: list[Vocabulary]) -> None:
        super().__init__(data)
        self.vocabularies = vocabularies
        for table in vocabularies:
            self.fields[table.slug] = forms.CharField(
                label=table.title,
                required=False,
                max_length=MOST_CHARACTERS,
                initial="\n".join(table.usual),
                help_text=table.usual_help,
                widget=forms.Textarea(attrs={"rows": len(table.usual) + 1}),
            )

    def clean(self) -> dict:
        self.rows = {}
        for table in self.vocabularies:
            try:
                self.rows[table] = rows_in(table, self.cleaned_data.get(table.slug, ""))
            except ValidationError as wrong:
                self.add_error(table.slug, wrong)
        return self.cleaned_data


def rows_in(table: Vocabulary, text: str) -> list:
    """The rows that the lines stand for, not yet kept. Raises ValidationError that names a line."""
    lines = list(dict.fromkeys(filter(None, (plain(line) for line in text.splitlines()))))
    if len(lines) > MOST_ROWS:
        raise ValidationError(_("At most %(count)d lines.") % {"count": MOST_ROWS})
    found, seen = [], set()
    for number, line in enumerate(lines):
        place = {"sort_order": number} if table.ordered else {}
        item = table.model(**place, **table.row_of(line))
        try:
            item.full_clean()
        except ValidationError as wrong:
            raise ValidationError(
                _("“%(line)s”: %(why)s") % {"line": line[:40], "why": " ".join(wrong.messages)}
            ) from wrong
        for name in table.unlike:
            if (name, getattr(item, name)) in seen:
                raise ValidationError(_("“%(line)s” stands twice.") % {"line": line[:40]})
            seen.add((name, getattr(item, name)))
        found.append(item)
    return found


def still_empty(user) -> list[Vocabulary]:
    """The vocabularies with usual words that have no row yet and that the person keeps."""
    return list(_still_empty(user))


def has_still_empty(user) -> bool:
    """Return whether there is one of them; it asks no further than the first."""
    return any(True for _table in _still_empty(user))


def _still_empty(user) -> Iterator[Vocabulary]:
    for table in tables().values():
        if (
            getattr(table, "usual", ())
            and table.may_keep(user)
            and not table.model._default_manager.exists()
        ):
            yield table


@transaction.atomic
def keep(rows: dict[Vocabulary, list]) -> int:
    """Keep the rows of vocabularies that are still empty. Returns how many."""
    kept = 0
    for table, items in rows.items():
        if items and not table.model._default_manager.exists():
            table.model._default_manager.bulk_create(items)
            table.settle()
            kept += len(items)
    return kept


@require_http_methods(["GET", "HEAD", "POST"])
def usual_words(request: HttpRequest) -> HttpResponse:
    """Look the words over and keep them; the page is there as long as a vocabulary is empty."""
    require(
        request.user,
        "academy.view_tables",
        who=_("The academy office keeps these tables and settings."),
    )
    vocabularies = still_empty(request.user)
    if not vocabularies:
        messages.info(request, _("Every vocabulary has its words already. Change them here."))
        return redirect("tables:index")
    form = UsualWordsForm(
        request.POST if request.method == "POST" else None, vocabularies=vocabularies
    )
    if form.is_valid():
        kept = keep(form.rows)
        messages.success(
            request,
            ngettext("%(count)d word kept.", "%(count)d words kept.", kept) % {"count": kept},
        )
        return redirect(path_of_ours(request, request.GET.get("next", "")) or "tables:index")
    return render(request, "academy/tables/usual.html", {"form": form})
