"""Plain lists that `static/js/pick.js` turns into fields to type into (WAI-ARIA combobox).

Without the script the list stays as it is, and the form checks what is sent as it does any list:
the script can only choose what stands in it.
"""

import json
from collections.abc import Mapping

from django import forms
from django.urls import reverse


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


def pick_attrs(kind: str, *, by: str = "code", asks: Mapping[str, str] | None = None) -> dict:
    """What makes a list one to type into."""
    attrs = {"data-pick": reverse("pick", args=[kind]), "data-pick-by": by}
    if asks:
        attrs["data-pick-asks"] = json.dumps(dict(asks))
    return attrs
