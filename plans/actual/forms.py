"""What is said of a class and its plan item."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from academy.picking.widgets import PickListed

from ..models import ClassCost, ClassFiling, PlanItem
from .offering import Offered


def item_words(item: PlanItem) -> str:
    """房管局 3 物业纠纷调处（二季度）."""
    words = f"{item.plan.owner} {item.number} {item.name}"
    if not item.months:
        return words
    return _("%(words)s (%(detail)s)") % {"words": words, "detail": item.months}


class HangingForm(forms.Form):
    """One item of those offered, or the reason why there is none."""

    item = forms.TypedChoiceField(
        label=pgettext_lazy("of a class", "Plan item"),
        required=False,
        coerce=int,
        empty_value=None,
        widget=PickListed,
        error_messages={"invalid_choice": gettext_lazy("Choose an item from the list.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Outside the plans, because"),
        required=False,
        max_length=ClassFiling._meta.get_field("reason").max_length,
        help_text=gettext_lazy("Only where no item fits. It can be added to the plan afterwards."),
    )

    def __init__(self, *args, offered: Offered, is_needed: bool = True, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.offered, self.is_needed = offered, is_needed
        groups: dict[str, list] = {}
        for item in offered.others:
            groups.setdefault(str(item.plan.owner), []).append((item.pk, item_words(item)))
        likely = [(item.pk, item_words(item)) for item in offered.likely]
        self.fields["item"].choices = [
            ("", pgettext("plan item", "Choose one")),
            *([(pgettext("plan items", "Likely"), likely)] if likely else []),
            *groups.items(),
        ]

    @property
    def chosen(self) -> PlanItem | None:
        return self.offered.items.get(self.cleaned_data["item"])

    @property
    def says_something(self) -> bool:
        return bool(self.cleaned_data["item"] or self.cleaned_data["reason"])

    def clean(self) -> dict:
        cleaned = super().clean()
        if self.is_needed and not self.errors and not self.says_something:
            self.add_error(
                "item",
                _("Choose the plan item that the class carries out, or write why there is none."),
            )
        return cleaned


class CostForm(forms.Form):
    """What a class has cost."""

    amount = forms.DecimalField(
        label=gettext_lazy("Spent (yuan)"),
        min_value=Decimal(0),
        max_digits=ClassCost._meta.get_field("amount").max_digits,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
