"""Plain lists that `static/js/pick.js` turns into fields to type into (WAI-ARIA combobox).

Without the script the list stays as it is, and the form checks what is sent as it does any list:
the script can only choose what stands in it.
"""

import json
from collections.abc import Mapping

from django import forms
from django.urls import reverse

from ..people_keys import keys_of_text
from ..search.spelling import normalised


class Pick:
    """Mix into a list: `kind` says what is chosen, `by` what the form names it by (`code`, or `key`
    where it is a row's key).
    """

    def __init__(self, kind: str, *, by: str = "code", **kwargs) -> None:
        super().__init__(**kwargs)
        self.kind, self.by = kind, by
        self.asks: Mapping[str, str] = {}  # what is asked with it → the field that holds it

    def build_attrs(self, base_attrs, extra_attrs=None) -> dict:
        return super().build_attrs(base_attrs, extra_attrs) | pick_attrs(
            self.kind, by=self.by, asks=self.asks
        )


class PickOne(Pick, forms.Select):
    """One of many."""


class PickSome(Pick, forms.SelectMultiple):
    """Several of many, which stand as chips before the field."""


class PickListed(forms.Select):
    """One of a list that only the form knows, such as the people of a street-town who may come
    instead: nothing is asked, each choice carries its spellings. A form that knows shorter ones
    gives them as `spellings`, by value.
    """

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.spellings: Mapping[str, str] = {}

    def build_attrs(self, base_attrs, extra_attrs=None) -> dict:
        attrs = super().build_attrs(base_attrs, extra_attrs)
        return attrs | {"data-pick": "", "data-pick-by": "code"}

    def create_option(self, name, value, label, *args, **kwargs) -> dict:
        option = super().create_option(name, value, label, *args, **kwargs)
        option["attrs"]["data-keys"] = self.spellings.get(str(value)) or spellings_of(str(label))
        return option


def spellings_of(text: str) -> str:
    """What the words of a text are found by, in pinyin and initials."""
    keys = {key for word in normalised(text).split() for key in keys_of_text(word)}
    return " ".join(sorted(key for key in keys if key.isascii()))


def pick_attrs(kind: str, *, by: str = "code", asks: Mapping[str, str] | None = None) -> dict:
    """What makes a list one to type into."""
    attrs = {"data-pick": reverse("pick", args=[kind]), "data-pick-by": by}
    if asks:
        attrs["data-pick-asks"] = json.dumps(dict(asks))
    return attrs
