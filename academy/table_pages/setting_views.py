"""The page of the settings: what the environment began with and the office changes."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from .. import kept_settings
from ..access import require
from ..errors import PortalError
from ..kept_settings import KEYS
from .forms import SettingsForm
from .table import Area


@require_http_methods(["GET", "HEAD", "POST"])
def settings_page(request: HttpRequest) -> HttpResponse:
    """Every setting; what a change does is shown before it is saved."""
    require(request.user, "academy.change_setting", who=_("Administrators change the settings."))
    form = SettingsForm(request.POST or None)
    effects: list[str] = []
    if request.method == "POST" and form.is_valid():
        effects = [] if form.is_confirmed else _effects(form)
        if not effects:
            try:
                with transaction.atomic():
                    form.refuse_if_changed()
                    kept_settings.change_settings(
                        values=form.cleaned_data, by=request.user, now=timezone.now()
                    )
            except PortalError as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("Saved. It holds on every page from now on."))
                return redirect("tables:settings")
    return render(
        request,
        "academy/tables/settings.html",
        {
            "form": form,
            "areas": Area,
            "effects": effects,
            "firsts": [
                (key.label, key.first_value)
                for key in KEYS.values()
                if key.environment and form.initial[key.name] != key.first_value
            ],
        },
    )


def _effects(form: SettingsForm) -> list[str]:
    """For each setting that changes: from what to what, and what that does."""
    return [
        _("%(label)s: “%(old)s” becomes “%(new)s”. %(effect)s")
        % {
            "label": key.label,
            "old": form.initial[key.name],
            "new": form.cleaned_data[key.name],
            "effect": key.effect,
        }
        for key in KEYS.values()
        if key.effect and form.cleaned_data[key.name] != form.initial[key.name]
    ]
