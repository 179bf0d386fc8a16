"""The code on the wall of a lesson, and what happens to whoever scans it."""

import secrets
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect

from academy.errors import PortalError
from academy.templatetags.portal_tags import clock
from academy.web.qr import qr_picture
from courses.models import HELD, Lesson, TrainingClass

from ..door.checking_in import CheckIn, check_in, opens_at, seat_of
from ..door.wall import CodeRefused, code_at, refuse_unless_shown, seconds_left
from ..models import CAME, Attendance, WallScan
from ..record.attendance import on_the_roll
from .attendance import lesson_run_by

COOKIE, COOKIE_AGE = "door", timedelta(days=30)
KEPT_SCAN = "wall_scan"  # in the session: a scan that waits for a log-in
SCAN_SALT, SCAN_LASTS = "trainees.wall_scan", timedelta(minutes=30)


# --- The wall -------------------------------------------------------------------------------------


@require_safe
def wall(request: HttpRequest, pk: int) -> HttpResponse:
    """The page for the projector: the code, how many are there, the ways that need no phone."""
    lesson, now = lesson_run_by(request.user, pk), timezone.now()
    return render(
        request, "trainees/door/wall.html", {"lesson": lesson} | _shown(request, lesson, now)
    )


@require_safe
def wall_code(request: HttpRequest, pk: int) -> HttpResponse:
    """What the wall shows now, for its script."""
    lesson, now = lesson_run_by(request.user, pk), timezone.now()
    shown = _shown(request, lesson, now)
    code = shown["code"]
    return JsonResponse(
        {
            "path": code.path if code else "",
            "size": code.size if code else 0,
            "seconds": round(seconds_left(now), 2),
            "came": shown["came"],
            "people": shown["people"],
            "why": shown["why"],
        }
    )


def _shown(request: HttpRequest, lesson: Lesson, now: datetime) -> dict:
    roll = on_the_roll(lesson)
    came = Attendance.objects.filter(lesson=lesson, enrolment__in=roll, status__in=CAME)
    why = _why_no_code(lesson, now)
    code = None
    if not why:
        address = reverse("trainees:wall_scan", args=[lesson.pk, code_at(lesson.pk, now)])
        code = qr_picture(request.build_absolute_uri(address))
    return {"code": code, "why": why, "came": came.count(), "people": roll.count()}


def _why_no_code(lesson: Lesson, now: datetime) -> str:
    """Why the wall shows no code; empty while it does."""
    if lesson.training_class.status not in HELD:
        return _("This class is closed, cancelled or not open yet: nobody is marked.")
    if timezone.localdate(now) < timezone.localdate(lesson.starts_at):
        return _("The code is shown on the day of the lesson.")
    if now > lesson.ends_at:
        return _("The lesson is over. Whoever was there is marked on the roll.")
    return ""


# --- Scanning it ----------------------------------------------------------------------------------


@login_not_required
@require_safe
def wall_scan(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """A scan. Its moment is what counts: a log-in that comes now loses nothing."""
    now = timezone.now()
    try:
        refuse_unless_shown(pk, code, now)
    except CodeRefused as refused:
        return render(request, "trainees/door/scan.html", {"trouble": str(refused)}, status=400)
    if request.user.is_authenticated:
        return _confirm(request, _lesson(pk), now)
    request.session[KEPT_SCAN] = {"lesson": pk, "at": now.timestamp()}
    messages.info(
        request,
        _("Your scan of %(clock)s is kept. Log in, and it counts.") % {"clock": clock(now)},
    )
    return redirect_to_login(reverse("trainees:own_check_in", args=[pk]))


@require_http_methods(["GET", "HEAD", "POST"])
def own_check_in(request: HttpRequest, pk: int) -> HttpResponse:
    """How the person stands in the roll of the lesson; a POST is a scan that counts now."""
    lesson, now = _lesson(pk), timezone.now()
    if request.method == "POST":
        return _check_in(request, lesson, now)
    kept = request.session.get(KEPT_SCAN)
    if kept and kept["lesson"] == pk:
        del request.session[KEPT_SCAN]
        scanned_at = datetime.fromtimestamp(kept["at"], UTC)
        if now - scanned_at < SCAN_LASTS:
            return _confirm(request, lesson, scanned_at)
    seat = seat_of(request.user, lesson)
    return render(
        request,
        "trainees/door/check_in.html",
        {
            "lesson": lesson,
            "seat": seat,
            "is_expected": seat and on_the_roll(lesson).filter(pk=seat.pk).exists(),
            "mark": seat
            and Attendance.objects.filter(lesson=lesson, enrolment=seat)
            .select_related("reason")
            .first(),
            "waits": seat
            and WallScan.objects.filter(
                lesson=lesson, enrolment=seat, counted_at__isnull=True
            ).exists(),
            "opens_at": opens_at(lesson),
        },
    )


def _lesson(pk: int) -> Lesson:
    found = Lesson.objects.filter(training_class__in=TrainingClass.objects.published())
    return get_object_or_404(
        found.select_related("training_class", "course_version", "venue__campus"),
        pk=min(pk, 2**62),
    )


def _confirm(request: HttpRequest, lesson: Lesson, scanned_at: datetime) -> HttpResponse:
    """Who is about to be marked where; the script of the page goes on by itself."""
    scan = {"lesson": lesson.pk, "at": scanned_at.timestamp(), "person": request.user.pk}
    return render(
        request,
        "trainees/door/scan.html",
        {
            "lesson": lesson,
            "scanned_at": scanned_at,
            "scan": signing.dumps(scan, salt=SCAN_SALT),
        },
    )


def _check_in(request: HttpRequest, lesson: Lesson, now: datetime) -> HttpResponse:
    response = redirect("trainees:own_check_in", lesson.pk)
    if request.htmx:  # to be told the address: followed unseen, the page would use up its messages
        response = HttpResponseClientRedirect(response.url)
    scanned_at = _scan_of(request, lesson, now)
    if scanned_at is None:
        messages.error(
            request, _("This scan counts no more. Scan the code that is on the wall now.")
        )
        return response
    device = request.COOKIES.get(COOKIE) or secrets.token_urlsafe(16)
    try:
        done = check_in(lesson=lesson, user=request.user, scanned_at=scanned_at, device=device)
    except PortalError as refused:
        messages.error(request, str(refused))
        return response
    if sentence := _in_words(done):
        messages.info(request, sentence)
    if COOKIE not in request.COOKIES:
        response.set_cookie(
            COOKIE,
            device,
            max_age=COOKIE_AGE,
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
    return response


def _scan_of(request: HttpRequest, lesson: Lesson, now: datetime) -> datetime | None:
    """When the wall of this lesson was scanned by this person; nothing for anything else."""
    try:
        scan = signing.loads(request.POST.get("scan", ""), salt=SCAN_SALT)
    except signing.BadSignature:
        return None
    scanned_at = datetime.fromtimestamp(scan["at"], UTC)
    is_theirs = scan["lesson"] == lesson.pk and scan["person"] == request.user.pk
    return scanned_at if is_theirs and now - scanned_at < SCAN_LASTS else None


def _in_words(done: CheckIn) -> str:
    """What the page does not say by itself: that the mark was there before the scan."""
    if done.mark is None or done.is_new:
        return ""
    if done.mark.status in CAME:
        return _("Already checked in, %(clock)s; nothing was changed.") % {
            "clock": clock(done.mark.marked_at)
        }
    return _(
        "The roll says “%(mark)s” for you, and a scan does not change that. Tell the coordinator."
    ) % {"mark": done.mark.in_words}
