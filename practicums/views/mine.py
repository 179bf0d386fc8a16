"""The secondee's own pages: the seven, one item with its draft, handing in, taking back."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from academy.errors import InvalidTransition, PortalError

from .. import errors
from ..evidence import drafts
from ..evidence.held_files import DRAFT_KEPT_FOR
from ..forms.drafts import DraftForm, HandInForm
from ..models import ItemKind, Secondment, SevenItem
from ..seven_items.guidance import HOW_TO
from ..seven_items.handing_in import (
    hand_in_draft,
    may_take_back,
    missing_in,
    open_draft,
    take_back,
)
from ..seven_items.own import in_order_of_interest, next_item
from ..seven_items.questions import answered
from ..seven_items.signers import first_signer, next_signer
from .drafts import files_words, keep_what_was_sent, own_item, refuse_appraisal, saved_words
from .parts import evidence_of, item_view


def _own_secondments(request: HttpRequest) -> list[Secondment]:
    return in_order_of_interest(
        Secondment.objects.filter(trainee__user=request.user).with_people().with_items()
    )


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
    item = own_item(request, code, kind)
    if request.method != "POST":
        return _show(request, item, DraftForm(instance=open_draft(item, request.user)))
    refuse_appraisal(item)
    now = timezone.now()
    form = DraftForm(request.POST, request.FILES, instance=open_draft(item, request.user))
    try:
        keep_what_was_sent(request, item, form, now)
    # a second click, or somebody was faster: there is no form to go back to
    except InvalidTransition as error:
        messages.info(request, str(error))
        return redirect("practicums:my_item", code, kind)
    if not form.errors and "check" in request.POST:
        form.say(missing_in(open_draft(item, request.user), now))
        if not form.errors:
            return redirect("practicums:hand_in", code, kind)
    if form.errors:
        return _show(request, item, form)
    if "drop" not in request.POST:
        messages.success(request, saved_words(now))
    return redirect("practicums:my_item", code, kind)


def _is_open(item: SevenItem) -> bool:
    return (
        item.secondment.is_running
        and not item.is_appraisal
        and not (item.is_signed or item.is_with_signers)
    )


def _show(request: HttpRequest, item: SevenItem, form: DraftForm) -> HttpResponse:
    evidence = evidence_of(item, request.user)
    files = drafts.files_of(item, request.user)
    may_hand_in = _is_open(item)
    periodic = item.kind == ItemKind.GET_TOGETHER and item.secondment.is_running
    return render(
        request,
        "practicums/my_item.html",
        {
            "view": item_view(item, timezone.localdate()),
            "item": item,
            "secondment": item.secondment,
            "how_to": HOW_TO[item.kind],
            "evidence": evidence,
            "history": list(item.sign_offs.select_related("user").order_by("-pk")),
            "form": form if may_hand_in or periodic else None,
            "files": files,
            "files_words": files_words(len(files)),
            "most_files": drafts.MOST_FILES,
            "kept_days": DRAFT_KEPT_FOR.days,
            "may_hand_in": may_hand_in,
            "may_take_back": may_take_back(request.user, item),
            "first_signer": first_signer(item),
            "next_signer": next_signer(item),
            "kept_before": may_hand_in and any(piece.round > item.round for piece in evidence),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def hand_in_item(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """What will be handed in, asked about once."""
    item = own_item(request, code, kind)
    refuse_appraisal(item)
    now = timezone.now()
    if request.method == "POST":
        form = HandInForm(request.POST)
        if form.is_valid():
            try:
                hand_in_draft(item=item, by=request.user, now=now, **form.cleaned_data)
            except errors.DraftChanged as error:
                messages.info(request, str(error))
                return redirect("practicums:hand_in", code, kind)
            except PortalError as error:
                messages.error(request, str(error))
                return redirect("practicums:my_item", code, kind)
            messages.success(request, _handed_in(own_item(request, code, kind)))
            return redirect("practicums:my_item", code, kind)
    else:
        form = None
    return _show_check(request, item, form, now)


def _show_check(
    request: HttpRequest, item: SevenItem, form: HandInForm | None, now: datetime
) -> HttpResponse:
    draft = open_draft(item, request.user)
    kept = [piece for piece in evidence_of(item, request.user) if piece.round > item.round]
    missing = missing_in(draft, now)
    recorded = item.kind == ItemKind.GET_TOGETHER and not draft.pk and _is_open(item) and kept
    if missing and not recorded:
        messages.error(request, next(iter(missing.values())))
        return redirect("practicums:my_item", item.secondment.code, item.kind)
    files = drafts.files_of(item, request.user)
    return render(
        request,
        "practicums/check_item.html",
        {
            "item": item,
            "secondment": item.secondment,
            "answers": answered(item.kind, draft.answers) if draft.pk else [],
            "held_on": draft.held_on,
            "pictures": [file for file in files if file.is_picture],
            "files": [file for file in files if not file.is_picture],
            "kept": kept if _is_open(item) else [],
            "form": form or HandInForm(initial={"revision": draft.revision}),
            "may_hand_in": _is_open(item),
            "first_signer": first_signer(item),
            "signers": item_view(item, timezone.localdate()).signers,
        },
    )


def _handed_in(item: SevenItem) -> str:
    if not item.is_with_signers:
        return _("The get-together is recorded.")
    return _(
        "Handed in to %(name)s. You get a notice when it is signed or when something is to be"
        " added."
    ) % {"name": next_signer(item)}


@require_POST
def take_item_back(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    item = own_item(request, code, kind)
    refuse_appraisal(item)
    try:
        take_back(item=item, by=request.user, now=timezone.now())
        messages.success(
            request, _("Taken back. What you wrote and your photos are here, change what you like.")
        )
    except PortalError as error:
        messages.error(request, str(error))
    return redirect("practicums:my_item", code, kind)
