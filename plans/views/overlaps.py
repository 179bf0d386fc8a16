"""Trainings of a year that overlap, and what is answered to each."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from academy.access import is_office
from academy.errors import PortalError

from ..forms import OverlapAnswerForm
from ..models import LAST_YEAR, AnnualPlan, PlanItem
from ..overlaps.answers import Pair, answer_overlap, pairs_of, pairs_of_plan, take_back
from ..overlaps.reading import guard_of, items_by_training, items_of
from ..overlaps.words import reasons_for
from .plans import require_plan_pages

PAIRS_A_PAGE = 20
STATES = {
    "open": pgettext_lazy("overlaps", "No answer yet"),
    "answered": pgettext_lazy("overlaps", "Answered"),
    "all": pgettext_lazy("overlaps", "All"),
}


@require_safe
def overlaps(request: HttpRequest) -> HttpResponse:
    """The pairs of a year in which the person's plans stand, all of them for the office."""
    require_plan_pages(request.user)
    return _page(request, request.GET)


def _page(
    request: HttpRequest,
    asked: QueryDict,
    refused: tuple[str, OverlapAnswerForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    year = _year(asked.get("year", ""))
    state = asked.get("state") if asked.get("state") in STATES else "open"
    items = items_of(year)
    plan, pairs = _pairs(request, asked.get("plan", ""), items)
    wanted = [pair for pair in pairs if state == "all" or pair.is_open == (state == "open")]
    page = Paginator(wanted, PAIRS_A_PAGE).get_page(asked.get("page"))
    mine = set(
        AnnualPlan.objects.visible_to(request.user).of_year(year).values_list("pk", flat=True)
    )
    return render(
        request,
        "plans/overlaps.html",
        {
            "year": year,
            "plan": plan,
            "state": state,
            "states": [
                (
                    key,
                    words,
                    sum(key == "all" or pair.is_open == (key == "open") for pair in pairs),
                )
                for key, words in STATES.items()
            ],
            "page": page,
            "rows": [_row(pair, mine, refused) for pair in page],
        },
        status=status,
    )


def _year(text: str) -> int:
    this_year = timezone.localdate().year
    if text.isdecimal() and len(text) == len(str(LAST_YEAR)):
        return int(text)
    last = AnnualPlan.objects.order_by("-year").values_list("year", flat=True).first()
    return last or this_year


def _pairs(
    request: HttpRequest, plan_key: str, items: list[PlanItem]
) -> tuple[AnnualPlan | None, list[Pair]]:
    seen = AnnualPlan.objects.visible_to(request.user).with_owner()
    if plan_key.isdecimal():
        plan = seen.filter(pk=int(plan_key[:18])).first()
        if plan is None:
            raise Http404
        return plan, pairs_of_plan(plan, items)
    pairs = pairs_of(guard_of(items).overlaps(), items_by_training(items))
    if is_office(request.user):
        return None, pairs
    mine = set(seen.values_list("pk", flat=True))
    return None, [pair for pair in pairs if mine & {pair.one.plan_id, pair.other.plan_id}]


def _row(pair: Pair, mine: set[int], refused: tuple[str, OverlapAnswerForm] | None) -> dict:
    """A pair as the page draws it, the person's own training first."""
    sides = sorted((pair.one, pair.other), key=lambda item: item.plan_id not in mine)
    key = f"{pair.one.pk}-{pair.other.pk}"
    form = OverlapAnswerForm(prefix=key)
    if refused and refused[0] == key:
        form = refused[1]
    return {
        "key": key,
        "pair": pair,
        "sides": [(item, item.plan_id in mine) for item in sides],
        "reasons": reasons_for(pair.overlap, months=(pair.one.months, pair.other.months)),
        "may_answer": any(item.plan_id in mine for item in sides),
        "form": form,
    }


@require_POST
def overlap_answer(request: HttpRequest, one: int, other: int) -> HttpResponse:
    """Keep the answer of a pair, or take it back."""
    require_plan_pages(request.user)
    first, second = _items(request, one, other)
    back = _back(request.POST, first.plan.year)
    if "take_back" in request.POST:
        take_back(one=first, other=second)
        messages.success(request, _("The answer is taken back."))
        return redirect(back)
    form = OverlapAnswerForm(request.POST, prefix=f"{one}-{other}")
    if not form.is_valid():
        asked = QueryDict(back.partition("?")[2])
        return _page(request, asked, (f"{one}-{other}", form), status=422)
    try:
        answer_overlap(
            one=first,
            other=second,
            way=form.cleaned_data["way"],
            reason=form.cleaned_data["reason"],
            by=request.user,
            now=timezone.now(),
        )
        messages.success(request, _("Answered. Both plans and the office see it."))
    except PortalError as error:
        messages.error(request, str(error))
    return redirect(back)


def _back(asked: QueryDict, year: int) -> str:
    """The list as the person had it."""
    query = QueryDict(mutable=True)
    query["year"] = str(year)
    for name in ("plan", "state", "page"):
        if asked.get(name):
            query[name] = asked[name]
    return f"{reverse('plans:overlaps')}?{query.urlencode()}"


def _items(request: HttpRequest, one: int, other: int) -> tuple[PlanItem, PlanItem]:
    """The two trainings, one of them in a plan that the person drafts or reviews; else 404."""
    found = PlanItem.objects.filter(pk__in=(one, other)).select_related(
        "plan__town", "plan__department", "plan__campus"
    )
    by_pk = {item.pk: item for item in found}
    if len(by_pk) != len({one, other}) or one == other:
        raise Http404
    drafts = [request.user.has_perm("plans.draft_plan", item.plan) for item in by_pk.values()]
    if not any(drafts):
        raise Http404
    return by_pk[one], by_pk[other]
