"""The secondee's own pages: the seven, one item with its evidence, handing in."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from academy.errors import InvalidTransition, PortalError
from academy.uploads.keeping import FileNotKept

from .. import errors
from ..forms.seven_items import EvidenceForm
from ..models import ItemKind, Secondment, SevenItem
from ..seven_items import evidence_steps, steps
from ..seven_items.guidance import HOW_TO, starting_text
from ..seven_items.own import in_order_of_interest, next_item
from ..seven_items.signers import whose_turn
from .parts import evidence_of, item_or_404, item_view

FIELD_OF = {
    errors.WrongDay: "held_on",
    errors.NotDeclared: "declared_open",
    FileNotKept: "file",
    errors.EvidenceMissing: "text",
}


def _own_secondments(request: HttpRequest) -> list[Secondment]:
    return in_order_of_interest(
        Secondment.objects.filter(trainee__user=request.user).with_people().with_items()
    )


def _own_item(request: HttpRequest, code: str, kind: str) -> SevenItem:
    rows = Secondment.objects.filter(trainee__user=request.user).with_people().with_items()
    return item_or_404(get_object_or_404(rows, code=code), kind)


@require_safe
def my_secondment(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    own = _own_secondments(request)
    wanted = request.GET.get("code", "")
    shown = next((row for row in own if row.code == wanted), own[0] if own else None)
    if shown is None:
        return render(request, "practicums/my_secondment.html", {"secondment": None})
    views = [item_view(item, today) for item in shown.items_in_order]
    return render(
        request,
        "practicums/my_secondment.html",
        {
            "secondment": shown,
            "today": today,
            "days_left": shown.days_left(today),
            "days_until": (shown.starts_on - today).days,
            "views": views,
            "next": next_item(shown),
            "others": [row for row in own if row is not shown],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def my_item(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    item = _own_item(request, code, kind)
    if request.method == "POST":
        _refuse_appraisal(item)
        form = EvidenceForm(request.POST, request.FILES, item=item, owner=request.user)
        if form.is_valid():
            answer = _take(request, item, form)
            if answer:
                return answer
        form.hold_file()
        return _show(request, item, form)
    return _show(
        request,
        item,
        EvidenceForm(
            item=item,
            owner=request.user,
            initial={"text": starting_text(item), "held_on": timezone.localdate()},
        ),
    )


def _refuse_appraisal(item: SevenItem) -> None:
    """The secondee reads the appraisal and never writes it. Source: docs/rules.md R7."""
    if item.is_appraisal:
        raise PermissionDenied(_("The appraisal is written by the host alone."))


def _take(request: HttpRequest, item: SevenItem, form: EvidenceForm) -> HttpResponse | None:
    """Keep what was sent and, if wished, hand the item in.

    Refusals stand on the form, and nothing typed is lost.
    """
    now = timezone.now()
    try:
        evidence_steps.add_evidence(
            item=item,
            by=request.user,
            now=now,
            declared_open=form.cleaned_data["declared_open"],
            text=form.cleaned_data["text"],
            file=form.evidence_file,
            held_on=form.cleaned_data.get("held_on"),
        )
        form.let_file_go()
        if "hand_in" in request.POST:
            item = steps.hand_in(item=item, by=request.user, now=now)
            messages.success(request, _handed_in(item))
            return redirect("practicums:my_secondment")
        messages.success(request, _("Kept. Add more, or hand it in when it is complete."))
        return redirect("practicums:my_item", item.secondment.code, item.kind)
    # a second click, or somebody was faster: there is no form to go back to
    except InvalidTransition as error:
        messages.info(request, str(error))
        return redirect("practicums:my_item", item.secondment.code, item.kind)
    except PortalError as error:
        field = FIELD_OF.get(type(error))
        form.add_error(field if field in form.fields else None, str(error))
        return None


def _handed_in(item: SevenItem) -> str:
    turn = whose_turn(item)
    return _("Handed in. Next: %(role)s looks at it, and you get a notice.") % {
        "role": turn.label if turn else _("the office")
    }


def _show(request: HttpRequest, item: SevenItem, form: EvidenceForm) -> HttpResponse:
    today = timezone.localdate()
    evidence = evidence_of(item, request.user)
    periodic = item.kind == ItemKind.GET_TOGETHER
    open_now = (
        item.secondment.is_running
        and not item.is_appraisal
        and (periodic or not (item.is_signed or item.is_with_signers))
    )
    may_hand_in = (
        item.secondment.is_running
        and not item.is_appraisal
        and not (item.is_signed or item.is_with_signers)
    )
    return render(
        request,
        "practicums/my_item.html",
        {
            "view": item_view(item, today),
            "item": item,
            "secondment": item.secondment,
            "how_to": HOW_TO[item.kind],
            "evidence": evidence,
            "history": list(item.sign_offs.select_related("user").order_by("-pk")),
            "form": form if open_now else None,
            "may_hand_in": may_hand_in,
            "ready_to_hand_in": (
                may_hand_in and any(piece.round == item.round + 1 for piece in evidence)
            ),
        },
    )


@require_POST
def hand_in_item(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    item = _own_item(request, code, kind)
    _refuse_appraisal(item)
    try:
        messages.success(
            request, _handed_in(steps.hand_in(item=item, by=request.user, now=timezone.now()))
        )
    except PortalError as error:
        messages.error(request, str(error))
        return redirect("practicums:my_item", code, kind)
    return redirect("practicums:my_secondment")
