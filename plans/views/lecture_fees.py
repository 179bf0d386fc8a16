"""Lists of lecture fees: all of them, one, and its steps."""

from collections.abc import Callable
from decimal import Decimal
from itertools import groupby

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from academy.errors import PortalError
from academy.lists.pages import list_page
from academy.web.concurrent_edits import ChangedMeanwhile
from academy.web.downloads import download

from ..lecture_fees import making_out, steps
from ..lecture_fees.forms import (
    BeginForm,
    FeesForm,
    OpinionForm,
    ReceivedForm,
    SupplementForm,
    UnsignedForm,
)
from ..lecture_fees.lists import FeeLists
from ..lecture_fees.ranks import above, cap_words, caps_by_rank
from ..lecture_fees.records import ListThere
from ..lecture_fees.sheets import fee_sheet, paid_rows, signs_of, title_of
from ..models import FEES_IN_HANDS, FeeListStatus, LectureFeeList, LectureFeeRow
from ..owners import owners_for
from .plans import require_plan_pages

PEOPLE = ("made_out_by", "checked_by", "approved_by")


def fee_list_or_404(request: HttpRequest, pk: int) -> LectureFeeList:
    """The list if the person may see it; whoever sees it may make it out and check it."""
    seen = LectureFeeList.objects.visible_to(request.user).with_owner()
    return get_object_or_404(seen.select_related("supplements", *PEOPLE), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def fee_lists(request: HttpRequest) -> HttpResponse:
    require_plan_pages(request.user)
    return list_page(request, FeeLists(request))


@require_http_methods(["GET", "HEAD", "POST"])
def fee_list_begin(request: HttpRequest) -> HttpResponse:
    require_plan_pages(request.user)
    sent = request.POST if request.method == "POST" else None
    form = BeginForm(sent, owners=owners_for(request.user))
    if form.is_valid():
        try:
            begun = making_out.begin(**form.cleaned_data, by=request.user, now=timezone.now())
        except ListThere as there:
            messages.info(request, str(there))
            return redirect(there.fee_list)
        except PortalError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, _("The list is begun with what was taught. Type the fees now.")
            )
            return redirect(begun)
    status = 422 if form.errors else 200
    return render(request, "plans/fee_list_begin.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def fee_list(request: HttpRequest, pk: int) -> HttpResponse:
    found = fee_list_or_404(request, pk)
    if request.method != "POST" or not found.is_editable:
        if request.method == "POST":
            messages.error(request, _("The list cannot be changed at this step."))
            return redirect(found)
        return _page(request, found)
    form = FeesForm(request.POST, instance=found)
    if not form.is_valid():
        return _page(request, found, form)
    try:
        with transaction.atomic():
            form.refuse_if_changed()
            making_out.save_fees(fee_list=found, by=request.user, **form.typed)
        if "hand_on" in request.POST:
            steps.hand_on(fee_list=found, by=request.user, now=timezone.now())
            messages.success(request, _("Made out. Somebody else checks it next."))
        else:
            messages.success(request, _("Saved."))
    except ChangedMeanwhile as changed:
        form.add_error(None, str(changed))
        return _page(request, found, form)
    except PortalError as refused:
        messages.error(request, str(refused))
    return redirect(found)


def _page(request: HttpRequest, found: LectureFeeList, form: FeesForm | None = None):
    if form is None and found.is_editable:
        form = FeesForm(instance=found)
    rows = form.rows if form else list(found.rows.select_related("corrects"))
    hindrance = steps.hindrance(found, request.user)
    waits, caps = found.status in FEES_IN_HANDS, caps_by_rank()
    return render(
        request,
        "plans/fee_list.html",
        {
            "fee_list": found,
            "title": title_of(found),
            "heading": title_of(found).removeprefix(found.owner.name),
            "form": form,
            "lecturers": lecturers_of(rows, form, caps),
            "row_total": len(rows),
            "yuan_total": sum((row.yuan or Decimal(0) for row in rows), Decimal(0)),
            "above_total": sum(above(row, caps) > 0 for row in rows),
            "steps": found.steps.select_related("by"),
            "hindrance": hindrance if waits else "",
            "may_check": waits and not hindrance,
            "may_take_back": found.status == FeeListStatus.MADE_OUT
            and found.made_out_by == request.user,
            "opinion_form": OpinionForm(),
            "correctable": making_out.correctable(found),
            "to_receive": found.is_approved
            and any(row.is_paid and row.received_on is None for row in rows),
            "signed": [row for row in rows if row.received_on],
            "unsigned_form": UnsignedForm(),
            "received_form": ReceivedForm(initial={"day": timezone.localdate()}),
            "supplement_form": SupplementForm() if found.is_approved else None,
            "others": LectureFeeList.objects.of_owner(found.owner)
            .in_season(found.season)
            .exclude(pk=found.pk)
            .with_owner()
            .order_by("number"),
        },
    )


def lecturers_of(
    rows: list[LectureFeeRow], form: FeesForm | None, caps: dict[str, Decimal]
) -> list[dict]:
    """The rows by lecturer, each with its fields where it is typed into, and what the cap says."""
    return [
        {
            "name": of_one[0].lecturer,
            "post": of_one[0].post,
            "rank": of_one[0].get_rank_display(),
            "rank_field": form[form.rank_name(of_one[0])] if form else None,
            "total": sum((row.yuan or Decimal(0) for row in of_one), Decimal(0)),
            "rows": [
                {
                    "row": row,
                    "fee": form[form.fee_name(row)] if form else None,
                    "out": form[form.out_name(row)] if form else None,
                    "cap": cap_words(row, caps),
                    "above": above(row, caps),
                }
                for row in of_one
            ],
        }
        for _key, group in groupby(rows, key=lambda row: row.expert_id)
        for of_one in [list(group)]
    ]


def _step(request: HttpRequest, pk: int, act: Callable[[LectureFeeList], str]) -> HttpResponse:
    """Do it, say it, and go back to the list."""
    found = fee_list_or_404(request, pk)
    try:
        messages.success(request, act(found))
    except PortalError as refused:
        messages.error(request, str(refused))
    return redirect(found)


@require_POST
def fee_list_refill(request: HttpRequest, pk: int) -> HttpResponse:
    def act(found: LectureFeeList) -> str:
        taken = making_out.refill(fee_list=found)
        return _("%(added)d rows came, %(dropped)d went.") % {
            "added": taken.added,
            "dropped": taken.dropped,
        }

    return _step(request, pk, act)


@require_POST
def fee_list_correct(request: HttpRequest, pk: int) -> HttpResponse:
    def act(found: LectureFeeList) -> str:
        key = request.POST.get("row", "")
        wanted = {str(row.pk): row for row in making_out.correctable(found)}
        if key not in wanted:
            raise PortalError(_("Choose the row to correct."))
        making_out.correct(fee_list=found, row=wanted[key])
        return _("The row is added. Type the difference: below 0 where too much was paid.")

    return _step(request, pk, act)


@require_POST
def fee_list_drop(request: HttpRequest, pk: int) -> HttpResponse:
    found = fee_list_or_404(request, pk)
    try:
        making_out.drop(fee_list=found)
    except PortalError as refused:
        messages.error(request, str(refused))
        return redirect(found)
    messages.success(request, _("The list is dropped. Its lessons can stand on another one."))
    return redirect("plans:fee_lists")


@require_POST
def fee_list_supplement(request: HttpRequest, pk: int) -> HttpResponse:
    found = fee_list_or_404(request, pk)
    try:
        added = making_out.begin_supplement(
            fee_list=found,
            reason=request.POST.get("reason", ""),
            by=request.user,
            now=timezone.now(),
        )
    except ListThere as there:
        messages.info(request, str(there))
        return redirect(there.fee_list)
    except PortalError as refused:
        messages.error(request, str(refused))
        return redirect(found)
    messages.success(request, _("The supplementary list is begun."))
    return redirect(added)


def _said(request: HttpRequest) -> dict:
    return {
        "opinion": request.POST.get("opinion", ""),
        "by": request.user,
        "now": timezone.now(),
    }


@require_POST
def fee_list_check(request: HttpRequest, pk: int) -> HttpResponse:
    def act(found: LectureFeeList) -> str:
        steps.check(fee_list=found, **_said(request))
        return _("Checked. The academy office approves it next.")

    return _step(request, pk, act)


@require_POST
def fee_list_approve(request: HttpRequest, pk: int) -> HttpResponse:
    def act(found: LectureFeeList) -> str:
        steps.approve(fee_list=found, **_said(request))
        return _("Approved. The list is printed and signed for now.")

    return _step(request, pk, act)


@require_POST
def fee_list_return(request: HttpRequest, pk: int) -> HttpResponse:
    def act(found: LectureFeeList) -> str:
        steps.send_back(fee_list=found, **_said(request))
        return _("Sent back. Whoever made it out has a notice with your opinion.")

    return _step(request, pk, act)


@require_POST
def fee_list_recall(request: HttpRequest, pk: int) -> HttpResponse:
    def act(found: LectureFeeList) -> str:
        steps.take_back(fee_list=found, by=request.user, now=timezone.now())
        return _("Taken back. You can change it.")

    return _step(request, pk, act)


@require_POST
def fee_list_received(request: HttpRequest, pk: int) -> HttpResponse:
    def act(found: LectureFeeList) -> str:
        form = ReceivedForm(request.POST)
        if not form.is_valid():
            raise PortalError(_("Write the day on which the lecturers signed."))
        noted = steps.note_received(
            fee_list=found,
            rows=_ticked(request),
            day=form.cleaned_data["day"],
            by=request.user,
            now=timezone.now(),
        )
        words = ngettext("%(count)d signature is noted.", "%(count)d signatures are noted.", noted)
        return words % {"count": noted}

    return _step(request, pk, act)


@require_POST
def fee_list_unsigned(request: HttpRequest, pk: int) -> HttpResponse:
    def act(found: LectureFeeList) -> str:
        taken = steps.take_signatures_back(
            fee_list=found,
            rows=_ticked(request),
            reason=request.POST.get("reason", ""),
            by=request.user,
            now=timezone.now(),
        )
        words = ngettext(
            "%(count)d signature is taken back.", "%(count)d signatures are taken back.", taken
        )
        return words % {"count": taken}

    return _step(request, pk, act)


def _ticked(request: HttpRequest) -> list[int]:
    """Keys of rows."""
    return [int(key) for key in request.POST.getlist("row") if key.isdecimal() and len(key) < 19]


@require_safe
def fee_list_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The list as paper: with a column to sign in."""
    found = fee_list_or_404(request, pk)
    rows, caps = paid_rows(found), caps_by_rank()
    return render(
        request,
        "plans/fee_list_paper.html",
        {
            "fee_list": found,
            "title": title_of(found),
            "rows": [(row, caps.get(row.rank)) for row in rows],
            "total": sum((row.yuan or Decimal(0) for row in rows), Decimal(0)),
            "signs": signs_of(found),
            "today": timezone.localdate(),
        },
    )


@require_safe
def fee_list_export(request: HttpRequest, pk: int) -> HttpResponse:
    found = fee_list_or_404(request, pk)
    return download(fee_sheet(found), f"{title_of(found)}.xlsx")
