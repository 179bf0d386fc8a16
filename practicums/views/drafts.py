"""The draft of an item while it is written: saved by itself, its files one by one.

The page works without these addresses; the script of the page calls them.
"""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from academy.errors import PortalError
from academy.templatetags.portal_tags import clock
from academy.uploads.keeping import FileNotKept, small_picture
from academy.uploads.kinds import FileRefused, examine
from academy.web.concurrent_edits import ChangedMeanwhile

from ..evidence.drafts import TooManyFiles, drop_file, files_of
from ..forms.drafts import DraftForm
from ..forms.seven_items import key_of
from ..models import HeldFile, Secondment, SevenItem
from ..seven_items.handing_in import keep, keep_file, open_draft
from .parts import item_or_404


def own_item(request: HttpRequest, code: str, kind: str) -> SevenItem:
    rows = Secondment.objects.filter(trainee__user=request.user).with_people().with_items()
    return item_or_404(get_object_or_404(rows, code=code), kind)


def refuse_appraisal(item: SevenItem) -> None:
    """The secondee reads the appraisal and never writes it. Source: docs/rules.md R7."""
    if item.is_appraisal:
        raise PermissionDenied(_("The appraisal is written by the host alone."))


def saved_words(now: datetime) -> str:
    """What the page says once a draft is kept."""
    return _("Draft saved at %(time)s; nothing is lost when you close the page") % {
        "time": clock(now)
    }


def files_words(count: int) -> str:
    """How many files the draft has, in words."""
    if not count:
        return _("No photo or file yet; a text is enough")
    return ngettext("%(count)d file is kept", "%(count)d files are kept", count) % {"count": count}


def keep_what_was_sent(
    request: HttpRequest, item: SevenItem, form: DraftForm, now: datetime
) -> None:
    """Keep text and files, each as far as it can be kept; refusals stand on the form.

    Raises InvalidTransition when the item can no longer be written.
    """
    sentences = []
    if form.is_valid():
        try:
            _keep_text(request, item, form, now)
        except ChangedMeanwhile as error:
            sentences.append((None, str(error)))
    for upload in request.FILES.getlist("files"):
        try:
            keep_file(item=item, by=request.user, file=examine(upload), now=now)
        except (FileRefused, TooManyFiles, FileNotKept) as error:
            sentences.append(("files", f"{upload.name}: {error}"))
    if key := key_of(request.POST.get("drop", "")):
        drop_file(item=item, owner=request.user, key=key, now=now)
    for name, sentence in sentences:
        form.add_error(name, sentence)


@transaction.atomic
def _keep_text(request: HttpRequest, item: SevenItem, form: DraftForm, now: datetime) -> None:
    form.refuse_if_changed()
    keep(
        item=item,
        by=request.user,
        answers=form.answers,
        held_on=form.cleaned_data.get("held_on"),
        now=now,
    )


@require_POST
def save_draft(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Keep what is typed, from time to time; a window that was left behind is told."""
    item = own_item(request, code, kind)
    refuse_appraisal(item)
    now = timezone.now()
    form = DraftForm(request.POST, instance=open_draft(item, request.user))
    if not form.is_valid():
        return _refused(" ".join(sentence for row in form.errors.values() for sentence in row))
    try:
        _keep_text(request, item, form, now)
    except ChangedMeanwhile:
        return _refused(
            _(
                "Not saved: this draft was changed in another window. Press “Save draft” to see"
                " both versions."
            )
        )
    except PortalError as error:
        return _refused(str(error))
    based_on = DraftForm(instance=open_draft(item, request.user)).based_on
    return JsonResponse({"said": saved_words(now), "based_on": based_on})


@require_POST
def add_file(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Keep one file and give back its row of the list."""
    item = own_item(request, code, kind)
    refuse_appraisal(item)
    upload = request.FILES.get("files")
    if upload is None:
        return _refused(_("No file arrived. Choose it again."))
    try:
        held = keep_file(item=item, by=request.user, file=examine(upload), now=timezone.now())
    except PortalError as error:
        return _refused(str(error))
    row = render_to_string(
        "practicums/_draft_file.html",
        {"file": held, "item": item, "secondment": item.secondment, "form_id": "draft"},
    )
    count = len(files_of(item, request.user))
    return JsonResponse({"row": row, "key": str(held.key), "count": files_words(count)})


def _refused(sentence: str) -> JsonResponse:
    return JsonResponse({"refused": sentence}, status=409)


@require_safe
def draft_picture(request: HttpRequest, code: str, kind: str, key) -> HttpResponse:
    """A small picture of a photo of one's own draft."""
    held = get_object_or_404(
        HeldFile, item=own_item(request, code, kind), owner=request.user, key=key
    )
    if not held.is_picture:
        raise Http404
    return small_picture(held.file)
