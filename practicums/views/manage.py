"""One secondment and one item as those see them who sign and decide."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from academy.access import require
from academy.errors import PortalError
from academy.uploads.keeping import FileNotKept
from academy.web.concurrent_edits import ChangedMeanwhile

from .. import errors
from ..forms.seven_items import (
    AppraisalForm,
    DecideForm,
    DueForm,
    EvidenceForm,
    WithdrawForm,
)
from ..models import ItemKind, Secondment, SevenItem
from ..seven_items import closing, evidence_steps, locks, steps
from ..seven_items.appraisal import write_appraisal
from ..seven_items.board import items_for
from ..seven_items.handing_in import mark_looked
from ..seven_items.signers import missing_items, whose_turn
from .parts import evidence_of, item_or_404, item_view

FIELD_OF = {
    errors.WrongDay: "held_on",
    errors.NotDeclared: "declared_open",
    FileNotKept: "file",
    errors.EvidenceMissing: "text",
}


def _secondment_or_404(request: HttpRequest, code: str) -> Secondment:
    return get_object_or_404(
        Secondment.objects.visible_to(request.user).with_people().with_items(), code=code
    )


@require_safe
def secondment(request: HttpRequest, code: str) -> HttpResponse:
    found = _secondment_or_404(request, code)
    if found.trainee.user_id == request.user.pk:
        return redirect("practicums:my_secondment")
    return _show_secondment(request, found)


def _show_secondment(
    request: HttpRequest, found: Secondment, withdraw_form: WithdrawForm | None = None
) -> HttpResponse:
    today = timezone.localdate()
    decides = found.is_running and request.user.has_perm("practicums.decide", found)
    return render(
        request,
        "practicums/secondment.html",
        {
            "secondment": found,
            "today": today,
            "days_left": found.days_left(today),
            "views": [item_view(item, today) for item in found.items_in_order],
            "for_me": items_for(request.user, found),
            "writes_appraisal": (
                found.is_running and request.user.has_perm("practicums.write_appraisal", found)
            ),
            "missing": missing_items(found) if found.is_running else [],
            "decides": decides,
            "withdraw_form": (withdraw_form or WithdrawForm()) if decides else None,
        },
    )


def _to_decide(request: HttpRequest, code: str) -> Secondment:
    found = _secondment_or_404(request, code)
    require(request.user, "practicums.decide", found, who=_("The academy office decides this."))
    return found


@require_POST
def close_secondment(request: HttpRequest, code: str) -> HttpResponse:
    found = _to_decide(request, code)
    return _step(
        request,
        found,
        lambda now: closing.close(secondment=found, by=request.user, now=now),
        _("Closed. %(name)s and the mentor have a notice.") % {"name": found.trainee.name},
    )


@require_POST
def withdraw_secondment(request: HttpRequest, code: str) -> HttpResponse:
    found = _to_decide(request, code)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return _show_secondment(request, found, form)
    return _step(
        request,
        found,
        lambda now: closing.withdraw(
            secondment=found, reason=form.cleaned_data["reason"], by=request.user, now=now
        ),
        _("Ended. The evidence stays in the file."),
    )


def _step(request: HttpRequest, target, action: Callable, done: str) -> HttpResponse:
    try:
        action(timezone.now())
        messages.success(request, done)
    except PortalError as error:
        messages.error(request, str(error))
    return redirect(target)


def _item_or_404(request: HttpRequest, code: str, kind: str) -> SevenItem:
    return item_or_404(_secondment_or_404(request, code), kind)


@require_safe
def item(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    found = _item_or_404(request, code, kind)
    if found.secondment.trainee.user_id == request.user.pk:
        return redirect("practicums:my_item", code, kind)
    if request.method == "GET":
        mark_looked(item=found, by=request.user, now=timezone.now())
    return _show_item(request, found)


def _show_item(request: HttpRequest, found: SevenItem, **tried: forms.Form) -> HttpResponse:
    """The page of an item; `tried` holds a form that was refused, so that nothing typed is lost."""
    user, seen = request.user, {"seen_round": found.round}
    running = found.secondment.is_running
    turn = whose_turn(found)
    context = {
        "view": item_view(found, timezone.localdate()),
        "item": found,
        "secondment": found.secondment,
        "evidence": evidence_of(found, user),
        "may_read": not found.is_appraisal or user.has_perm("practicums.read_appraisal", found),
        "history": list(found.sign_offs.select_related("user").order_by("-pk")),
    }
    context["may_sign"] = running and user.has_perm("practicums.sign_now", found)
    context["may_send_back"] = running and user.has_perm("practicums.send_back_now", found)
    if context["may_sign"] or context["may_send_back"]:
        step = "practicums:sign" if context["may_sign"] else "practicums:send_back"
        context["decide_at"] = reverse(step, args=[found.secondment.code, found.kind])
        context["decide_form"] = DecideForm(initial={**seen, "role": turn or ""})
    if (
        running
        and found.is_appraisal
        and not found.is_signed
        and user.has_perm("practicums.write_appraisal", found.secondment)
    ):
        context["appraisal_form"] = AppraisalForm(instance=found, owner=user)
    if (
        running
        and found.kind == ItemKind.GET_TOGETHER
        and user.has_perm("practicums.add_evidence", found)
    ):
        context["record_form"] = EvidenceForm(
            item=found, owner=user, initial={"held_on": timezone.localdate()}
        )
    if running and user.has_perm("practicums.decide", found.secondment):
        context["due_form"] = DueForm(instance=found)
    if found.kind == ItemKind.WORK_CASE and found.is_signed:
        context["may_keep_case"] = user.has_perm("practicums.publish_practicecase")
    return render(request, "practicums/item.html", {**context, **tried})


def _refuse_strangers(request: HttpRequest, found: SevenItem) -> None:
    require(request.user, "practicums.take_part", found, who=str(locks.EVERYBODY_NAMED))


@require_POST
def sign_item(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    found = _item_or_404(request, code, kind)
    _refuse_strangers(request, found)
    form = DecideForm(request.POST)
    if not form.is_valid() or not form.cleaned_data["role"]:
        if form.errors.keys() == {"comment"}:
            return _show_item(request, found, decide_form=form)
        messages.error(
            request, _("It was handed in again in the meantime. Look at the new version first.")
        )
        return redirect(found)
    return _decide(
        request,
        found,
        lambda now: steps.sign(item=found, by=request.user, now=now, **form.cleaned_data),
        _signed,
    )


def _signed(found: SevenItem) -> str:
    if found.is_signed:
        return _("Signed: “%(item)s” is done.") % {"item": found.get_kind_display()}
    return _("Signed. Next: %(role)s.") % {"role": whose_turn(found).label}


def _decide(
    request: HttpRequest, found: SevenItem, action: Callable, words: Callable[[SevenItem], str]
) -> HttpResponse:
    try:
        messages.success(request, words(action(timezone.now())))
    except errors.NotNamed as error:
        raise PermissionDenied(str(error)) from error
    except PortalError as error:
        messages.error(request, str(error))
        return redirect(found)
    return redirect(found.secondment)


@require_POST
def send_item_back(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    found = _item_or_404(request, code, kind)
    _refuse_strangers(request, found)
    form = DecideForm(request.POST)
    if form.is_valid() and not form.cleaned_data["comment"].strip():
        form.add_error(
            "comment", _("Write what has to change, so that the person knows what to do.")
        )
    if not form.is_valid():
        return _show_item(request, found, decide_form=form)
    form.cleaned_data.pop("role")
    return _decide(
        request,
        found,
        lambda now: steps.send_back(item=found, by=request.user, now=now, **form.cleaned_data),
        lambda _item: (
            _("Sent back. %(name)s has a notice with your words.")
            % {
                "name": (
                    found.secondment.trainee.name
                    if not found.is_appraisal
                    else found.secondment.host_name
                )
            }
        ),
    )


@require_POST
def add_record(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """The office records a get-together and hands the item in."""
    found = _item_or_404(request, code, kind)
    require(
        request.user,
        "practicums.add_evidence",
        found,
        who=_("Evidence is added by the person on the secondment."),
    )
    if found.kind != ItemKind.GET_TOGETHER:
        raise PermissionDenied(_("Evidence is added by the person on the secondment."))
    form = EvidenceForm(request.POST, request.FILES, item=found, owner=request.user)
    if form.is_valid():
        now = timezone.now()
        try:
            evidence_steps.add_evidence(
                item=found,
                by=request.user,
                now=now,
                declared_open=form.cleaned_data["declared_open"],
                text=form.cleaned_data["text"],
                file=form.evidence_file,
                held_on=form.cleaned_data["held_on"],
            )
            if not (found.is_with_signers or found.is_signed):
                steps.hand_in(item=found, by=request.user, now=now)
            form.let_file_go()
            messages.success(request, _("The get-together is recorded."))
            return redirect(found)
        except PortalError as error:
            form.add_error(FIELD_OF.get(type(error)), str(error))
    form.hold_file()
    return _show_item(request, found, record_form=form)


@require_POST
def change_due_day(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    found = _item_or_404(request, code, kind)
    require(
        request.user,
        "practicums.decide",
        found.secondment,
        who=_("The academy office decides this."),
    )
    form = DueForm(request.POST, instance=found)
    if form.is_valid():
        try:
            with transaction.atomic():
                form.refuse_if_changed()
                steps.change_due(
                    item=found,
                    due_on=form.cleaned_data["due_on"],
                    by=request.user,
                    now=timezone.now(),
                )
            messages.success(request, _("The day is changed; the reminder moves with it."))
            return redirect(found)
        except errors.WrongDay as error:
            form.add_error("due_on", str(error))
        except ChangedMeanwhile as error:
            form.add_error(None, str(error))
        except PortalError as error:
            messages.error(request, str(error))
            return redirect(found)
    return _show_item(request, found, due_form=form)


@require_POST
def appraisal(request: HttpRequest, code: str) -> HttpResponse:
    found = _item_or_404(request, code, ItemKind.APPRAISAL)
    require(
        request.user,
        "practicums.write_appraisal",
        found.secondment,
        who=_("The appraisal is written by the host alone."),
    )
    form = AppraisalForm(request.POST, request.FILES, instance=found, owner=request.user)
    if form.is_valid():
        issue = "issue" in request.POST
        try:
            with transaction.atomic():
                form.refuse_if_changed()
                write_appraisal(
                    secondment=found.secondment,
                    text=form.cleaned_data["text"],
                    by=request.user,
                    now=timezone.now(),
                    declared_open=form.cleaned_data["declared_open"],
                    file=form.evidence_file,
                    issue=issue,
                )
            form.let_file_go()
            if issue:
                messages.success(
                    request,
                    _("Issued. %(name)s can read it now.")
                    % {"name": found.secondment.trainee.name},
                )
                return redirect(found.secondment)
            messages.success(
                request, _("The draft is kept. Only the host sees it until it is issued.")
            )
            return redirect(found)
        except PortalError as error:
            field = FIELD_OF.get(type(error))
            form.add_error(field if field in form.fields else None, str(error))
    form.hold_file()
    return _show_item(request, found, appraisal_form=form)
