"""The page of the office's settings: typed, looked at with its effect, saved."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ..access import require
from ..models import SettingChange
from ..office_settings import (
    BY_KEY,
    SETTINGS,
    ChangedMeanwhile,
    changes_in,
    current_values,
    newest_change,
    save_settings,
)
from .error_summary import ErrorSummaryMixin

CHANGES_SHOWN = 20


class SettingsForm(ErrorSummaryMixin, forms.Form):
    """A field for each setting, and on which state the page was opened."""

    based_on = forms.IntegerField(min_value=0, max_value=2**62, widget=forms.HiddenInput)

    def __init__(self, data=None) -> None:
        values = current_values()
        if isinstance(values.get("waiting_list_by_default"), bool):
            values["waiting_list_by_default"] = "1" if values["waiting_list_by_default"] else ""
        super().__init__(data, initial={**values, "based_on": newest_change()})
        for setting in SETTINGS:
            self.fields[setting.key] = setting.field()

    @property
    def wanted(self) -> dict[str, object]:
        return {setting.key: self.cleaned_data[setting.key] for setting in SETTINGS}


@require_http_methods(["GET", "HEAD", "POST"])
def office_settings(request: HttpRequest) -> HttpResponse:
    """First the form, then what changes and what follows from it, then saving."""
    require(request.user, "academy.change_settings", who=_("Administrators change the settings."))
    form = SettingsForm(request.POST or None)
    shown = []
    if request.method == "POST" and form.is_valid() and "again" not in request.POST:
        if "confirmed" in request.POST:
            try:
                saved = save_settings(
                    wanted=form.wanted,
                    based_on=form.cleaned_data["based_on"],
                    by=request.user,
                    now=timezone.now(),
                )
            except ChangedMeanwhile as refused:
                messages.error(request, str(refused))
            else:
                messages.success(request, _("Saved.") if saved else _("Nothing was changed."))
            return redirect("office_settings")
        shown = [
            {
                "label": BY_KEY[key].field().label,
                "old": _in_words(key, old),
                "new": _in_words(key, new),
                "effect": BY_KEY[key].effect(new),
            }
            for key, (old, new) in changes_in(form.wanted).items()
        ]
        if not shown:
            messages.info(request, _("Nothing was changed."))
            return redirect("office_settings")
    changes = SettingChange.objects.select_related("by")[:CHANGES_SHOWN]
    return render(
        request,
        "academy/settings.html",
        {
            "form": form,
            "shown": shown,
            "next_year": timezone.localdate().year + 1,
            "changes": [
                {
                    "label": BY_KEY[item.key].field().label,
                    "value": _in_words(item.key, BY_KEY[item.key].read(item.value)),
                    "change": item,
                }
                for item in changes
                if item.key in BY_KEY
            ],
        },
    )


def _in_words(key: str, value: object) -> str:
    field = BY_KEY[key].field()
    choices = dict(getattr(field, "choices", ()))
    return str(choices.get("1" if value is True else "", value)) if choices else str(value)
