"""The pages where the office keeps what headings mean."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ..access import require
from ..lists.pages import list_page
from ..models import HeadingWord
from .forms import HeadingWordForm
from .heading_words import remember
from .lists import HeadingWordList
from .registry import importers


@require_http_methods(["GET", "HEAD", "POST"])
def heading_words(request: HttpRequest) -> HttpResponse:
    """What headings mean: the words each import knows, and those that were added for everybody or
    for one unit.
    """
    require(
        request.user,
        "academy.change_heading_words",
        who=_("The words of headings are kept by the academy office."),
    )
    kinds = importers()
    form = HeadingWordForm(request.POST or None, importers=kinds.values())
    if request.method == "POST" and form.is_valid():
        kind, _space, column = form.cleaned_data["meaning"].partition(" ")
        remember(
            kind=kind,
            owner="",
            words={form.cleaned_data["word"]: column},
            by=request.user,
            now=timezone.now(),
        )
        messages.success(request, _("“%(word)s” is noted.") % {"word": form.cleaned_data["word"]})
        return redirect("imports:heading_words")
    return list_page(
        request,
        HeadingWordList(request),
        {
            "form": form,
            "known": [
                (importer.title, [column for column in importer.columns if column.is_offered])
                for importer in kinds.values()
            ],
        },
    )


@require_POST
def heading_word_remove(request: HttpRequest, pk: int) -> HttpResponse:
    require(
        request.user,
        "academy.change_heading_words",
        who=_("The words of headings are kept by the academy office."),
    )
    word = get_object_or_404(HeadingWord, pk=pk)
    word.delete()
    messages.success(request, _("“%(word)s” is taken out.") % {"word": word.word})
    return redirect("imports:heading_words")
