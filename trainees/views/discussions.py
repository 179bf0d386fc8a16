"""结构化研讨: set by whoever runs the class, written by the groups, commented on by who teaches."""

import copy

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from academy.access import require
from academy.errors import PortalError
from courses.models import HELD, TrainingClass

from ..classes.discussions import (
    PARTS,
    SheetChanged,
    comment_on,
    fingerprint,
    group_of,
    is_open,
    set_discussion,
    sheets_of,
    sheets_seen_by,
    takes_part,
    write_sheet,
)
from ..forms.discussions import CommentForm, DiscussionForm, SheetForm
from ..models import ClassGrouping, Discussion, DiscussionSheet
from ..workspace.frame import PEOPLE
from .attendance import class_run_by
from .class_frame import render_tab


@require_http_methods(["GET", "HEAD", "POST"])
def class_discussion(request: HttpRequest, code: str) -> HttpResponse:
    """All sheets of a class, for whoever runs it, and the form that sets the question."""
    training_class = class_run_by(request.user, code)
    found = Discussion.objects.filter(training_class=training_class).first()
    form = DiscussionForm(
        request.POST if request.method == "POST" else None, instance=copy.copy(found)
    )
    if request.method == "POST" and form.is_valid():
        try:
            _set(request, training_class, form)
        except PortalError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request,
                _("The groups see the question on the page of the class and write from its start."),
            )
            return redirect("trainees:class_discussion", code)
    return render_tab(
        request,
        training_class,
        PEOPLE,
        "trainees/class_discussion.html",
        {
            "discussion": found,
            "form": form,
            "sheets": sheets_of(training_class) if found else [],
            "may_set": training_class.status in HELD
            and ClassGrouping.objects.filter(training_class=training_class).exists(),
        },
    )


@transaction.atomic
def _set(request: HttpRequest, training_class: TrainingClass, form: DiscussionForm) -> None:
    form.refuse_if_changed()
    set_discussion(
        training_class=training_class,
        question=form.cleaned_data["question"],
        written_until=form.cleaned_data["written_until"],
        by=request.user,
        now=timezone.now(),
    )


@require_GET
def discussion(request: HttpRequest, code: str) -> HttpResponse:
    """The question and the sheets that the person reads; the own group first."""
    training_class, found, sees_all = _found(request, code)
    own = group_of(request.user, training_class)
    sheets = sheets_seen_by(request.user, training_class, sees_all=sees_all)
    return render(
        request,
        "trainees/discussion.html",
        {
            "training_class": training_class,
            "discussion": found,
            "sheets": sorted(sheets, key=lambda sheet: (sheet.number != own, sheet.number)),
            "own": own,
            "sees_all": sees_all,
            "is_open": is_open(found, training_class, timezone.now()),
            "takes_part": own is not None or takes_part(request.user, training_class),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def discussion_sheet(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One sheet: its group writes it, everybody else who sees it reads it."""
    training_class, sheet, sees_all = _sheet(request, code, number)
    form = None
    if _may_write(request, sheet):
        is_sent = request.method == "POST"
        form = SheetForm(request.POST if is_sent else None, instance=copy.copy(sheet))
        if is_sent and form.is_valid():
            try:
                _write(request, sheet, form)
            except PortalError as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("Saved. Your group can go on writing at any time."))
                return redirect("trainees:discussion_sheet", code, number)
    elif request.method == "POST":
        try:  # the rule says why not
            write_sheet(
                sheet=sheet, texts=dict.fromkeys(PARTS, ""), by=request.user, now=timezone.now()
            )
        except PortalError as refused:
            messages.error(request, str(refused))
        return redirect("trainees:discussion_sheet", code, number)
    return _sheet_page(request, training_class, sheet, sees_all=sees_all, form=form)


@transaction.atomic
def _write(request: HttpRequest, sheet: DiscussionSheet, form: SheetForm) -> None:
    form.refuse_if_changed()
    texts = {part: form.cleaned_data[part] for part in PARTS}
    write_sheet(sheet=sheet, texts=texts, by=request.user, now=timezone.now())


@require_POST
def comment_sheet(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The comment of whoever teaches in the class or runs it."""
    training_class, sheet, sees_all = _sheet(request, code, number)
    require(
        request.user,
        "trainees.comment_on_sheets",
        training_class,
        who=_("Whoever teaches in the class and whoever runs it comment on the sheets."),
    )
    form = CommentForm(request.POST, instance=copy.copy(sheet))
    shown = request.POST.get("shown", "")
    if form.is_valid():
        try:
            _comment(request, sheet, form, shown)
        except SheetChanged as changed:
            form.add_error(None, str(changed))
            sheet.refresh_from_db()
        except PortalError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request,
                _("Saved. Everybody in the class reads the sheet with the comment.")
                if form.cleaned_data["comment"].strip()
                else _("The comment is taken back; the group can write on."),
            )
            return redirect("trainees:discussion_sheet", code, number)
    return _sheet_page(request, training_class, sheet, sees_all=sees_all, comment=form)


@transaction.atomic
def _comment(request: HttpRequest, sheet: DiscussionSheet, form: CommentForm, shown: str) -> None:
    form.refuse_if_changed()
    comment_on(
        sheet=sheet,
        comment=form.cleaned_data["comment"],
        shown=shown,
        by=request.user,
        now=timezone.now(),
    )


def _found(request: HttpRequest, code: str) -> tuple[TrainingClass, Discussion, bool]:
    """The class with its discussion, and whether the person reads every sheet; for whoever neither
    takes part nor teaches nor runs the class there is none.
    """
    training_class = get_object_or_404(
        TrainingClass.objects.visible_to(request.user).select_related("campus", "department"),
        code=code,
    )
    found = get_object_or_404(Discussion, training_class=training_class)
    sees_all = request.user.has_perm("trainees.comment_on_sheets", training_class)
    if not sees_all and not takes_part(request.user, training_class):
        raise Http404
    return training_class, found, sees_all


def _sheet(
    request: HttpRequest, code: str, number: int
) -> tuple[TrainingClass, DiscussionSheet, bool]:
    training_class, _found_one, sees_all = _found(request, code)
    seen = sheets_seen_by(request.user, training_class, sees_all=sees_all)
    return training_class, get_object_or_404(seen, number=min(number, 2**15)), sees_all


def _may_write(request: HttpRequest, sheet: DiscussionSheet) -> bool:
    training_class = sheet.discussion.training_class
    return (
        not sheet.is_commented
        and is_open(sheet.discussion, training_class, timezone.now())
        and group_of(request.user, training_class) == sheet.number
    )


def _sheet_page(
    request: HttpRequest,
    training_class: TrainingClass,
    sheet: DiscussionSheet,
    *,
    sees_all: bool,
    form: SheetForm | None = None,
    comment: CommentForm | None = None,
) -> HttpResponse:
    if comment is None and sees_all and sheet.is_written:
        comment = CommentForm(instance=copy.copy(sheet))
    return render(
        request,
        "trainees/discussion_sheet.html",
        {
            "training_class": training_class,
            "discussion": sheet.discussion,
            "sheet": sheet,
            "form": form,
            "comment": comment,
            "shown": fingerprint(sheet),
            "sees_all": sees_all,
        },
    )
