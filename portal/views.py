"""The front door: home, network, search, what waits for me, and the pages of the footer."""

from collections.abc import Iterable

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from academy.access import is_any_staff, require
from academy.accounts import lockout
from academy.lists.pages import is_step, list_page
from academy.models import Campus, Town, Village
from academy.search.index import MAX_QUERY_LENGTH, Hit, ask, search, sources
from academy.web.client_address import client_address
from academy.web.paging import page_of
from courses.models import CourseStatus, ServiceItem, Track, TrainingClass
from courses.schedule.listing import class_rows
from plans.models import Project
from practicums.models import PracticeCase
from trainees.models import Trainee

from . import unanswered
from .answers import HEADINGS, group_key, grouped, named
from .forms import FeedbackForm
from .frame import Frame
from .models import Feedback
from .network_picture import PHONE, WIDE, draw, network_of
from .office_help import PARTS
from .office_lists import FeedbackList, UnansweredList
from .own_home import own_home
from .own_page import own_page
from .start import steps

CLASSES_ON_HOME = 4
CASES_ON_HOME = 3
PROJECTS_SHOWN = 3
QUESTIONS_ON_HOME = 3
HITS_PER_PAGE = 20
MOST_HITS = 200  # of one search; who needs more needs another word
MOST_SUGGESTIONS = 8
PICTURE_SECONDS = 300  # the network changes a few times a year
# of one account or address: enough for a person, too few for a script
FEEDBACK = lockout.Limit("feedback", tries=10, seconds=lockout.HOUR)


@login_not_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """For a trainee what is theirs; for everybody else the front of the academy."""
    now = timezone.now()
    asked = (
        ServiceItem.objects.exclude(question="")
        .filter(courses__status=CourseStatus.PUBLISHED)
        .distinct()[:QUESTIONS_ON_HOME]
    )
    if trainee := Trainee.objects.of(request.user):
        context = {**_pictures(), "asked": asked, **own_home(trainee, now)}
        return render(request, "portal/own_home.html", context)
    tracks = Track.objects.filter(active=True).annotate(
        course_count=Count("courses", filter=Q(courses__status=CourseStatus.PUBLISHED))
    )
    return render(
        request,
        "portal/home.html",
        {
            **_pictures(),
            "questions": asked,
            "rows": class_rows(
                TrainingClass.objects.visible_to(request.user)
                .upcoming(now)
                .filter(booking_closes_at__gt=now)[:CLASSES_ON_HOME],
                now=now,
            ),
            "tracks": tracks,
            "cases": (
                PracticeCase.objects.published().order_by("-published_at", "code")[:CASES_ON_HOME]
            ),
        },
    )


def _pictures() -> dict:
    """The network's drawings and figures, drawn once in a while for each language."""

    def drawn() -> dict:
        network = network_of(timezone.localdate())
        return {
            "picture_wide": draw(network, WIDE),
            "picture_phone": draw(network, PHONE),
            "salon_count": len(network.salons),
            "neighbourhood_count": network.neighbourhoods,
            "village_count": network.villages,
        }

    return cache.get_or_set(f"portal:network:{get_language()}", drawn, PICTURE_SECONDS)


@login_not_required
@require_GET
def network(request: HttpRequest) -> HttpResponse:
    return render(
        request, "portal/network.html", {**_pictures(), "network": network_of(timezone.localdate())}
    )


def _projects_of(town: Town) -> QuerySet[Project]:
    """The newest public projects of a street-town."""
    shown = Project.objects.published().in_town(town).with_place()
    return shown.order_by("-year", "code")[:PROJECTS_SHOWN]


@login_not_required
@require_GET
def campus(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Campus.objects.select_related("town"), code=code)
    now = timezone.now()
    return render(
        request,
        "portal/campus.html",
        {
            "campus": found,
            "venues": found.venues.filter(ended_on__isnull=True),
            "rows": class_rows(
                TrainingClass.objects.visible_to(request.user).at(found).upcoming(now)[:20], now=now
            ),
            "projects": _projects_of(found.town),
        },
    )


@login_not_required
@require_GET
def town(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Town, code=code)
    now = timezone.now()
    return render(
        request,
        "portal/town.html",
        {
            "town": found,
            "salon": found.campuses.filter(kind="salon", ended_on__isnull=True).first(),
            "villages": (
                Village.objects.current(timezone.localdate())
                .filter(town=found)
                .order_by("kind", "code")
            ),
            "rows": class_rows(
                TrainingClass.objects.visible_to(request.user).in_town(found).upcoming(now)[:20],
                now=now,
            ),
            "projects": _projects_of(found),
        },
    )


@login_not_required
@require_GET
def search_page(request: HttpRequest) -> HttpResponse:
    """What answers the query, by kinds; `?kind=` lists all of one kind."""
    query = request.GET.get("q", "").strip()[:MAX_QUERY_LENGTH]
    answer = ask(query, limit=MOST_HITS, user=request.user)
    now = timezone.now()
    key = request.GET.get("kind", "")
    hits = [hit for hit in answer.hits if key not in HEADINGS or group_key(hit) == key]
    page = page_of(request, hits, HITS_PER_PAGE)
    context = {
        "query": query,
        "page": page,
        "hits": _named(page),
        "hit_count": len(hits),
        "nearest": _named(
            hit for hit in answer.nearest if hit.kind in sources() and sources()[hit.kind].answers
        ),
        "group": HEADINGS.get(key, ""),
    }
    if query and not answer.hits:
        unanswered.count(query, request=request, now=now)
    elif not context["group"]:
        context["groups"] = grouped(hits, query=query, user=request.user, now=now)
    return render(request, "portal/search.html", context)


@login_not_required
@require_GET
def suggest(request: HttpRequest) -> HttpResponse:
    """What a person may mean who is still typing: a list without a page around it.

    `?kind=` keeps to one kind.
    """
    kind = request.GET.get("kind", "")
    hits = search(
        request.GET.get("q", ""),
        kinds=[kind] if kind else None,
        limit=MOST_SUGGESTIONS,
        user=request.user,
    )
    return render(request, "portal/_suggestions.html", {"hits": _named(hits)})


def _named(hits: Iterable[Hit]) -> list[dict]:
    """Hits with the name of their kind."""
    return [named(hit) for hit in hits]


@require_http_methods(["GET", "HEAD", "POST"])
def unanswered_queries(request: HttpRequest) -> HttpResponse:
    """What people looked for in vain."""
    require(
        request.user,
        "portal.read_unanswered",
        who=_("The academy office reads what the search did not answer."),
    )
    return list_page(request, UnansweredList(request))


@require_GET
def after_login(request: HttpRequest) -> HttpResponse:
    """Everybody starts where their work is: staff with what waits for them, trainees at home, a
    mentor with the people they mentor, an expert with their lessons.
    """
    if is_any_staff(request.user):
        return redirect("portal:manage")
    if Trainee.objects.of(request.user):
        return redirect("portal:home")
    work = Frame(request).work
    return redirect(work[0]["url"] if work else "portal:me")


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """The steps of an academy's first day."""
    require(request.user, "portal.see_start", who=_("The academy office sets the portal up."))
    found = steps(request.user, timezone.localdate())
    return render(
        request,
        "portal/start.html",
        {
            "steps": found,
            "done": sum(step.is_done for step in found),
            "next": next((step for step in found if not step.is_done), None),
        },
    )


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request: HttpRequest) -> HttpResponse:
    form = FeedbackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if _too_much_feedback(request):
            form.add_error(
                None,
                _(
                    "You have sent a lot in the past hour. Please call the academy office, or write"
                    " again later."
                ),
            )
        else:
            form.instance.sent_by = request.user if request.user.is_authenticated else None
            form.instance.page = request.POST.get("page", "")[:200]
            form.save()
            messages.success(
                request,
                _(
                    "Thank you, it has arrived. The academy office reads everything that is sent"
                    " here."
                ),
            )
            return redirect("portal:feedback")
    return render(
        request, "portal/feedback.html", {"form": form, "page": request.GET.get("page", "")[:200]}
    )


def _too_much_feedback(request: HttpRequest) -> bool:
    sender = (
        f"person {request.user.pk}" if request.user.is_authenticated else client_address(request)
    )
    try:
        lockout.take((FEEDBACK, sender))
    except lockout.TooManyTries:
        return True
    return False


@require_http_methods(["GET", "HEAD", "POST"])
def feedback_inbox(request: HttpRequest) -> HttpResponse:
    require(
        request.user,
        "portal.read_feedback",
        who=_("The district office and the administrators read what visitors send."),
    )
    if request.method == "POST" and not is_step(request):
        number = request.POST.get("feedback", "")
        item = get_object_or_404(
            Feedback,
            pk=int(number) if number.isdecimal() and number.isascii() and len(number) < 18 else 0,
        )
        item.deal_with(by=request.user, now=timezone.now())
        return redirect(reverse("portal:feedback_inbox"))
    return list_page(request, FeedbackList(request))


@login_not_required
@require_GET
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/help.html", {"parts": PARTS})


@login_not_required
@require_GET
def help_part(request: HttpRequest, slug: str) -> HttpResponse:
    """What one role of the office does, a screen long."""
    part = next((part for part in PARTS if part.slug == slug), None)
    if part is None:
        raise Http404
    steps = [
        (step, reverse(step.address) if step.may_open(request.user) else "") for step in part.steps
    ]
    return render(request, "portal/help_part.html", {"parts": PARTS, "part": part, "steps": steps})


@login_not_required
@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/privacy.html")


@login_not_required
@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/accessibility.html")


@require_GET
def me(request: HttpRequest) -> HttpResponse:
    """What is the person's own: classes, places in queues, notices, hours; what is over at the
    end.
    """
    return render(request, "portal/me.html", own_page(request, timezone.now()))
