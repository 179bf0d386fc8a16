"""The door of a lesson, for whoever takes its roll: tickets, walk-ins, photos of the sheet."""

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from academy.errors import PortalError
from academy.templatetags.portal_tags import clock
from academy.uploads.keeping import attachment, small_picture
from courses.models import Lesson

from ..door.other_slots import OfAnotherSlot
from ..door.sheets import KEPT, add_photo, delete_photo
from ..door.tickets import NotOfThisClass, check_ticket
from ..door.walk_ins import (
    Found,
    ReasonNeeded,
    found_at_the_door,
    refuse_unless_at_the_door,
    take_in,
    take_in_unknown,
)
from ..forms.door import SheetPhotoForm, UnknownForm, WalkInForm
from ..models import CAME, Attendance, SheetPhoto, Trainee
from .attendance import lesson_run_by

CAMERA_ALONE = "camera=(self), geolocation=(), microphone=()"  # on this one page
SALT = "trainees.walk_in"
TOKEN_SECONDS = 30 * 60


# --- Tickets --------------------------------------------------------------------------------------


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def ticket_scan(request: HttpRequest, pk: int) -> HttpResponse:
    """The camera, and a field for the code; the script of the page asks for the answer alone."""
    lesson = lesson_run_by(request.user, pk)
    context = {"lesson": lesson, "training_class": lesson.training_class}
    template = "trainees/door/tickets.html"
    if request.method == "POST":
        context |= _ticket(request, lesson)
        if request.htmx:
            template = "trainees/door/_ticket_result.html"
    response = render(request, template, context)
    response["Permissions-Policy"] = CAMERA_ALONE
    return response


def _ticket(request: HttpRequest, lesson: Lesson) -> dict:
    try:
        done = check_ticket(
            lesson=lesson,
            code=request.POST.get("code", ""),
            by=request.user,
            now=timezone.now(),
        )
    except (NotOfThisClass, OfAnotherSlot) as refused:
        return {
            "trouble": str(refused),
            "walk_in": _token(refused.seat.trainee, lesson),
            "has_a_seat": isinstance(refused, OfAnotherSlot),
        }
    except PortalError as refused:
        return {"trouble": str(refused)}
    return {"done": done, "said": in_words(done.seat.trainee.name, done.mark, is_new=done.is_new)}


def in_words(name: str, mark: Attendance, *, is_new: bool) -> str:
    """周敏华 到课 9:02, or that it was so already."""
    words = {"name": name, "mark": mark.in_words, "clock": clock(mark.marked_at)}
    if is_new:
        return _("%(name)s: %(mark)s, %(clock)s.") % words
    if mark.status in CAME:
        return _("%(name)s: already %(mark)s, %(clock)s. Nothing was changed.") % words
    return _("%(name)s is marked “%(mark)s” on the roll; change it there.") % words


# --- Walk-ins -------------------------------------------------------------------------------------


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def walk_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Look for somebody, choose who is meant, done. Names and numbers stand in no address."""
    lesson, now = lesson_run_by(request.user, pk), timezone.now()
    try:
        refuse_unless_at_the_door(lesson, now)
        closed = ""
    except PortalError as refused:
        closed = str(refused)
    context = {
        "lesson": lesson,
        "training_class": lesson.training_class,
        "closed": closed,
        "form": WalkInForm(),
    }
    step = request.POST.get("step", "") if not closed else ""
    if step == "find":
        context |= _find(request, lesson)
    elif step in ("take", "new"):
        try:
            mark, is_new, name = (_take if step == "take" else _take_unknown)(request, lesson)
        except ReasonNeeded as refused:
            context |= {"trouble": str(refused)} | _decide(request, lesson, refused)
        except _NotReady as not_ready:
            context |= not_ready.context
        except PortalError as refused:
            context["trouble"] = str(refused)
        else:
            messages.success(request, in_words(name, mark, is_new=is_new))
            return redirect("trainees:walk_in", pk)
    return render(request, "trainees/door/walk_in.html", context)


class _NotReady(Exception):
    """A form is shown once more."""

    def __init__(self, context: dict) -> None:
        self.context = context


def _find(request: HttpRequest, lesson: Lesson) -> dict:
    form = WalkInForm(request.POST)
    if not form.is_valid():
        return {"form": form}
    typed = form.cleaned_data
    found = found_at_the_door(name=typed["name"], phone=typed["phone"], lesson=lesson)
    groups = lesson.training_class.open_to_groups.filter(active=True)
    unknown = None
    if not found and groups.exists():
        initial = {"name": typed["name"], "phone": typed["phone"]}
        unknown = UnknownForm(
            initial=initial, today=timezone.localdate(), groups=groups, prefix="new"
        )
    return {
        "form": form,
        "looked": True,
        "found": [(person, _token(person.trainee, lesson)) for person in found],
        "unknown": unknown,
    }


def _token(trainee: Trainee, lesson: Lesson) -> str:
    """Only who was found at this door is taken in."""
    return signing.dumps({"trainee": trainee.pk, "lesson": lesson.pk}, salt=SALT)


def _meant(request: HttpRequest, lesson: Lesson) -> Trainee:
    try:
        token = signing.loads(request.POST.get("who", ""), salt=SALT, max_age=TOKEN_SECONDS)
    except signing.BadSignature:
        token = {}
    people = Trainee.objects.select_related(
        "user", "village__town", "position", "learner_group", "stage"
    )
    person = people.filter(pk=token.get("trainee")).first()
    if person is None or token.get("lesson") != lesson.pk:
        raise _NotReady({"trouble": _("This page is old. Look for the person once more.")})
    return person


def _take(request: HttpRequest, lesson: Lesson) -> tuple[Attendance, bool, str]:
    person = _meant(request, lesson)
    mark, is_new = take_in(
        trainee=person,
        lesson=lesson,
        by=request.user,
        now=timezone.now(),
        reason=request.POST.get("reason", ""),
    )
    return mark, is_new, person.name


def _decide(request: HttpRequest, lesson: Lesson, refused: ReasonNeeded) -> dict:
    if request.POST.get("step") != "take":
        return {}
    person = _meant(request, lesson)
    return {"found": [(Found(person, False, refused.against), _token(person, lesson))]}


def _take_unknown(request: HttpRequest, lesson: Lesson) -> tuple[Attendance, bool, str]:
    groups = lesson.training_class.open_to_groups.filter(active=True)
    form = UnknownForm(request.POST, today=timezone.localdate(), groups=groups, prefix="new")
    reason = request.POST.get("reason", "")
    if not form.is_valid():
        raise _NotReady({"unknown": form, "looked": True})
    try:
        mark, is_new = take_in_unknown(
            **form.cleaned_data, lesson=lesson, by=request.user, now=timezone.now(), reason=reason
        )
    except ReasonNeeded as refused:
        raise _NotReady(
            {"unknown": form, "looked": True, "trouble": str(refused), "asks_why": True}
        ) from None
    return mark, is_new, form.cleaned_data["name"]


# --- Photos of the sheet --------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def sheet_photos(request: HttpRequest, pk: int) -> HttpResponse:
    lesson = lesson_run_by(request.user, pk)
    form = SheetPhotoForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_photo(lesson=lesson, file=form.checked, by=request.user, now=timezone.now())
        except PortalError as refused:
            form.add_error("photo", str(refused))
        else:
            messages.success(request, _("The photo is kept with the lesson."))
            return redirect("trainees:sheet_photos", pk)
    return render(
        request,
        "trainees/door/sheet_photos.html",
        {
            "lesson": lesson,
            "training_class": lesson.training_class,
            "form": form,
            "photos": lesson.sheet_photos.select_related("added_by"),
            "kept_until": lesson.ends_at + KEPT,
        },
    )


def _photo_run_by(user, key) -> SheetPhoto:
    found = get_object_or_404(SheetPhoto.objects.select_related("lesson"), key=key)
    lesson_run_by(user, found.lesson_id)
    return found


@require_safe
def sheet_photo(request: HttpRequest, key) -> HttpResponse:
    """The photo to be saved; with `?small` a preview."""
    photo = _photo_run_by(request.user, key)
    if "small" in request.GET:
        return small_picture(photo.file)
    name = f"{timezone.localdate(photo.lesson.starts_at)}.{photo.file.name.rpartition('.')[2]}"
    return attachment(photo.file, name=name, content_type=photo.content_type)


@require_POST
def delete_sheet_photo(request: HttpRequest, key) -> HttpResponse:
    photo = _photo_run_by(request.user, key)
    delete_photo(photo=photo)
    messages.success(request, _("The photo is deleted."))
    return redirect("trainees:sheet_photos", photo.lesson_id)
