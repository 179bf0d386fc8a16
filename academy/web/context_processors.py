"""What the frame of every page shows: navigation, account, unread notices, large print.

Everything is lazy: a fragment without a frame pays nothing. Grants come with the person, what other
apps know of the person in one query (`portal/frame.py`); the address of a link is looked up once
per process, whether there is sample data once in five minutes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from ..access import grants_of, has_role, is_any_staff
from ..models import Role
from ..office_settings import office_setting
from ..places import Place, Section, address, places
from ..waiting import WaitingItem, WaitingKind, gather, known_counts
from .redis_cache import redis_is_away
from .remembering import as_left

LARGE_PRINT_COOKIE = "large"
FOLDED_COOKIE = "folded"  # the side navigation
SAMPLE_DATA_KEY = "shell:has_sample_data"
SAMPLE_DATA_SECONDS = 300


@dataclass(frozen=True)
class Link:
    """A place in the public navigation; the URL name is text because it belongs to a higher app.
    The office side is declared by each app (`academy/places.py`).
    """

    url_name: str
    words: str
    icon: str = ""
    query: str = ""  # how the page is narrowed at first
    covers: tuple[str, ...] = ()  # where paths begin that belong to it, though its own does not

    @property
    def url(self) -> str:
        url = address(self.url_name)
        return f"{url}?{self.query}" if url and self.query else url

    def begins(self, path: str, view_name: str = "") -> int:
        """How much of the path the link stands for; 0 for none of it."""
        url = address(self.url_name)
        starts = [url if url != "/" else "", *self.covers]
        found = max((len(start) for start in starts if start and path.startswith(start)), default=0)
        return found or len(url) * (path == url)


HOME = Link("portal:home", pgettext_lazy("navigation", "Home"), "house")
COURSES = Link("courses:course_list", pgettext_lazy("navigation", "Courses"))
CLASSES = Link("trainees:class_list", pgettext_lazy("navigation", "Classes"))
NETWORK = Link("portal:network", pgettext_lazy("navigation", "Network"))
SERVICES = Link("courses:service_list", pgettext_lazy("navigation", "Service items"))
CASES = Link("practicums:case_list", pgettext_lazy("navigation", "Cases"))
FOUND_BY_SEARCHING = (
    *("/search/", "/courses/", "/classes/", "/services/", "/cases/", "/experts/", "/methods/"),
    *("/rooms/", "/requests/", "/campuses/", "/towns/"),
)
FIND = Link(
    "trainees:class_list",
    pgettext_lazy("navigation", "Find courses"),
    "search",
    "bookable=1",
    FOUND_BY_SEARCHING,
)
OWN = ("/accounts/", "/join/", "/login/")
MY_CLASSES = Link(
    "portal:me", pgettext_lazy("navigation", "My classes"), "ticket-perforated", covers=OWN
)
NOTICES = Link("notices:inbox", pgettext_lazy("navigation", "Notices"), "bell")
MINE = Link("portal:me", pgettext_lazy("navigation", "My pages"), "person", covers=OWN)
PUBLIC_NAV = (COURSES, CLASSES, SERVICES, NETWORK, CASES)
PUBLIC_TABS = (HOME, FIND, MY_CLASSES, NOTICES)
MOST_TABS = 5
OFFICE_TABS = 3  # of these the pages of the office side, the desk among them


class Shell:
    """The frame of one page, for one request."""

    # what other apps know of the person: `portal.frame.Frame` says it
    unread = 0

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        # the view of an import names the pages that it is part of
        self.path = getattr(request, "belongs_to", request.path)
        # missing when a request fails before it is known who asks
        self.user = getattr(request, "user", None)

    # -- who reads --

    @cached_property
    def signed_in(self) -> bool:
        return bool(self.user is not None and self.user.is_authenticated)

    @cached_property
    def is_staff(self) -> bool:
        return self.signed_in and is_any_staff(self.user)

    @property
    def is_trainee(self) -> bool:
        """Whether the person books classes; a higher app knows."""
        return False

    @cached_property
    def work(self) -> list[dict]:
        """Where somebody works, trainee or not: their staff pages, the people they mentor, the
        lessons they teach.
        """
        if not self.signed_in:
            return []
        return [link for section in self.staff_nav for link in section["links"]]

    @cached_property
    def waits(self) -> list[WaitingItem]:
        """What waits for the person, for a page on which somebody lands."""
        return gather(self.user, timezone.now()) if self.signed_in else []

    @property
    def waits_besides_signing(self) -> list[WaitingItem]:
        """For a page that shows what is to be signed by itself."""
        return [item for item in self.waits if item.kind != WaitingKind.SIGN]

    @cached_property
    def only_audits(self) -> bool:
        """The auditor has no page of their own yet."""
        return self.signed_in and not self.is_staff and has_role(self.user, Role.AUDITOR)

    # -- where to --

    @cached_property
    def public_nav(self) -> list[dict]:
        return self._links(PUBLIC_NAV)

    @cached_property
    def places(self) -> list[Place]:
        """Where the person may go on the office side; people without a role work at few of them."""
        if not self.signed_in:
            return []
        return [
            place
            for place in places()
            if place.section
            and (self.is_staff or place.without_role)
            and self.user.has_perm(place.permission)
        ]

    @cached_property
    def place(self) -> Place | None:
        """The place to which the page belongs."""
        named = self._view_name
        return max(
            (place for place in self.places if place.begins(self.path, named)),
            key=lambda place: place.begins(self.path, named),
            default=None,
        )

    @property
    def _view_name(self) -> str:
        match = None if hasattr(self.request, "belongs_to") else self.request.resolver_match
        return match.view_name if match else ""

    @cached_property
    def counts(self) -> dict[str, int] | None:
        """URL name of a place → how many things wait there, as far as it is known at no cost."""
        return known_counts(self.user) if self.is_staff else {}

    @cached_property
    def staff_nav(self) -> list[dict]:
        """The pages of all roles of the person together, section by section."""
        found = [
            {
                "key": section.value,
                "words": section.label,
                "links": [self._entry(place) for place in self.places if place.section == section],
            }
            for section in Section
        ]
        return [section for section in found if section["links"]]

    def _entry(self, place: Place, *, current: bool | None = None) -> dict:
        return {
            "url": place.url,
            "words": place.words,
            "tab_words": place.tab_words or place.words,
            "icon": place.icon or "chevron-right",
            "current": place is self.place if current is None else current,
            "name": place.url_name,
            "count": (self.counts or {}).get(place.url_name, 0),
        }

    @cached_property
    def tabs(self) -> list[dict]:
        """The few places at the foot of a phone, the same on every page; one of them is lit. The
        other places of the office side are folded on the own page.
        """
        named = [place for place in self.places if place.icon]
        if self.is_staff:
            shown = [*named[:1], FIND, *named[1:OFFICE_TABS], MINE]
        elif self.is_trainee or not self.signed_in:
            shown = [HOME, FIND, *named, MY_CLASSES, NOTICES]
        elif not named:
            shown = [HOME, FIND, MINE, NOTICES]
        else:
            shown = [*named, FIND, MINE, NOTICES]
        shown = shown[:MOST_TABS]
        view = self._view_name
        lit = max(shown, key=lambda tab: tab.begins(self.path, view))
        if self.is_staff and self.place and self.place not in shown:
            lit = MINE
        elif not lit.begins(self.path, view):
            lit = HOME if HOME in shown else MINE
        return [
            self._entry(tab, current=tab is lit)
            if isinstance(tab, Place)
            else self._link(tab, current=tab is lit)
            for tab in shown
        ]

    @cached_property
    def roles(self) -> list[str]:
        """The roles that the person holds today, in words."""
        return list(dict.fromkeys(grant.get_role_display() for grant in grants_of(self.user)))

    def list_address(self, url_name: str) -> str:
        """The address of a list as the person left it: on the page from which they came, or else
        in this session.
        """
        path = address(url_name)
        came_from = urlsplit(self.request.headers.get("Referer", ""))
        if came_from.netloc == self.request.get_host() and came_from.path == path:
            return f"{path}?{came_from.query}" if came_from.query else path
        return as_left(self.request, path) if self.signed_in else path

    def _links(self, links: Sequence[Link]) -> list[dict]:
        """The links with an address; the one whose address is the longest start of the path is
        current.
        """
        shown = [link for link in links if link.url]
        current = max(
            (link for link in shown if link.begins(self.path)),
            key=lambda link: link.begins(self.path),
            default=None,
        )
        return [self._link(link, current=link is current) for link in shown]

    def _link(self, link: Link, *, current: bool) -> dict:
        return {
            "url": link.url,
            "words": link.words,
            "tab_words": link.words,
            "icon": link.icon,
            "current": current,
            "unread": self.unread if link is NOTICES else 0,
        }

    # -- how it looks --

    @property
    def large(self) -> bool:
        return self.request.COOKIES.get(LARGE_PRINT_COOKIE) == "1"

    @property
    def is_folded(self) -> bool:
        """Whether the side navigation is folded in this browser."""
        return self.request.COOKIES.get(FOLDED_COOKIE) == "1"

    @property
    def return_to(self) -> str:
        """Where the large-print and language links come back to."""
        return self.request.get_full_path()

    @property
    def office_phone(self) -> str:
        return office_setting("office_phone")

    @property
    def office_address(self) -> str:
        return office_setting("office_address")

    @property
    def notices_are_late(self) -> bool:
        """For staff: the queue is away, so that what is written now is sent when it is back."""
        return self.is_staff and redis_is_away()

    @cached_property
    def has_sample_data(self) -> bool:
        found = cache.get(SAMPLE_DATA_KEY)
        if found is None:
            found = get_user_model().objects.filter(is_sample=True).exists()
            cache.set(SAMPLE_DATA_KEY, found, SAMPLE_DATA_SECONDS)
        return found
