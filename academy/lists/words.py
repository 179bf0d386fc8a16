"""The search box of a list that has no filters of its own."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from .columns import follow

MOST_CHARACTERS = 60  # of what is sought


class WordForm(forms.Form):
    """A word that stands in one of the columns that are searched."""

    q = forms.CharField(
        label=_("Find in this list"), max_length=MOST_CHARACTERS, required=False, strip=True
    )

    @property
    def word(self) -> str:
        return self.cleaned_data["q"] if self.is_valid() else ""


def with_word(rows: QuerySet | list, word: str, names: Iterable[str]) -> QuerySet | list:
    """The rows that have the word in one of the fields, which are named as the database names
    them.
    """
    if not word:
        return rows
    if isinstance(rows, QuerySet):
        found = Q()
        for name in names:
            found |= Q(**{f"{name}__icontains": word})
        return rows.filter(found)
    paths = [name.replace("__", ".") for name in names]
    return [row for row in rows if any(_holds(row, path, word) for path in paths)]


def _holds(row: Any, path: str, word: str) -> bool:
    value = follow(row, path)
    return value is not None and word.casefold() in str(value).casefold()
