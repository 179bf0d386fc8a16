"""The pages of the monitor: the board, one indicator, the rows behind it, who answers for it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from academy.access import require
from academy.lists.listing import EXPORT, PRINT
from academy.lists.pages import list_page

from .board import board_of, cards_of
from .counting import count_all
from .indicators import BY_SLUG, Indicator
from .lists import SeasonList, rows_of
from .owners import OwnersForm, set_owners
from .plan_figures import plan_figures_of
from .scopes import Scope, chosen_scope, scopes_for
from .taps import WALKED_ON, WALKS


def _looked_at(request: HttpRequest) -> tuple[list[Scope], Scope, bool]:
    """All that the person may look at, what they do, and whether there is what they asked for."""
    require(
        request.user,
        "portal.see_monitor",
        who=_("Staff of street-towns and departments see their own numbers, the office sees all."),
    )
    scopes = scopes_for(request.user)
    scope, is_known = chosen_scope(scopes, request.GET.get("of", ""))
    if scope is None:  # the only place has ended
        raise Http404
    return scopes, scope, is_known


def _indicator(slug: str) -> Indicator:
    if slug not in BY_SLUG:
        raise Http404
    return BY_SLUG[slug]


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """The four complaints as numbers."""
    scopes, scope, is_known = _looked_at(request)
    parts = board_of(scope, timezone.now())
    return render(
        request,
        "portal/monitor/board.html",
        {
            "scopes": scopes,
            "scope": scope,
            "is_known": is_known,
            "parts": parts,
            "plan": plan_figures_of(scope),
            "counted_at": next(
                (card.counted_at for part in parts for card in part.cards if card.counted_at), None
            ),
            "walks": WALKS,
            "walked_on": WALKED_ON,
        },
    )


@require_GET
def indicator(request: HttpRequest, slug: str) -> HttpResponse:
    """One indicator: its formula, its seasons as a chart and a table, who answers for it."""
    wanted = _indicator(slug)
    scopes, scope, is_known = _looked_at(request)
    if request.GET.get(EXPORT) or request.GET.get(PRINT):
        return list_page(request, SeasonList(request, wanted, scope))
    return render(
        request,
        "portal/monitor/indicator.html",
        {
            "scopes": scopes,
            "scope": scope,
            "is_known": is_known,
            "card": cards_of(scope, timezone.now(), [wanted])[0],
        },
    )


@require_GET
def rows(request: HttpRequest, slug: str) -> HttpResponse:
    wanted = _indicator(slug)
    _scopes, scope, _is_known = _looked_at(request)
    return list_page(request, rows_of(request, wanted, scope))


@require_http_methods(["GET", "HEAD", "POST"])
def owners(request: HttpRequest) -> HttpResponse:
    """Which unit answers for each indicator."""
    _require_office(request)
    form = OwnersForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        changed = set_owners(wanted=form.wanted, by=request.user, now=timezone.now())
        messages.success(
            request,
            (
                ngettext("%(count)d indicator changed.", "%(count)d indicators changed.", changed)
                % {"count": changed}
                if changed
                else _("Nothing was changed.")
            ),
        )
        return redirect("monitor:board")
    return render(request, "portal/monitor/owners.html", {"form": form})


@require_POST
def count(request: HttpRequest) -> HttpResponse:
    """Count now what is counted every six hours."""
    _require_office(request)
    count_all(timezone.now())
    messages.success(request, _("Counted anew."))
    return redirect(reverse("monitor:board"))


def _require_office(request: HttpRequest) -> None:
    require(
        request.user,
        "portal.run_monitor",
        who=_("The academy office counts anew and says who answers for an indicator."),
    )
