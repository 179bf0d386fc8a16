"""What the frame of every page shows: navigation, account, unread notices, large print.

Everything is lazy: a fragment without a frame pays nothing. Grants come with the person, what other
apps know of the person in one query (`portal/frame.py`); the address of a link is looked up once
per process, whether there is sample data once in five minutes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache as remember
from functools import cached_property

from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import pgettext, pgettext_lazy

from ..access import has_role, is_any_staff
from ..models import OFFICE, Role
from ..office_settings import office_setting
from ..waiting import WaitingItem, gather
from .redis_cache import redis_is_away

LARGE_PRINT_COOKIE = "large"
SAMPLE_DATA_KEY = "shell:has_sample_data"
SAMPLE_DATA_SECONDS = 300


@dataclass(frozen=True)
class Link:
    """A place in the navigation; the URL name is text because it belongs to a higher app."""

    url_name: str
    words: str
    icon: str = ""
    roles: tuple[str, ...] = ()  # empty: everybody who sees this navigation
    permission: str = ""  # in place of roles, where people without a role work there too
    # URL names of pages that belong to it though their address begins otherwise
    covers: tuple[str, ...] = ()

    path: str = ""  # of a page that belongs to one person

    @property
    def url(self) -> str:
        return self.path or address(self.url_name)

    def begins(self, path: str) -> int:
        """How much of the path the link or a page it covers stands for; 0 for none of it."""
        urls = [self.url, *(address(name) for name in self.covers)]
        return max(
            (
                len(url)
                for url in urls
                if url and (path == url or (url != "/" and path.startswith(url)))
            ),
            default=0,
        )


HOME = Link("portal:home", pgettext_lazy("navigation", "Home"), "house")
COURSES = Link("courses:course_list", pgettext_lazy("navigation", "Courses"))
CLASSES = Link("trainees:class_list", pgettext_lazy("navigation", "Classes"))
NETWORK = Link("portal:network", pgettext_lazy("navigation", "Network"))
SERVICES = Link("courses:service_list", pgettext_lazy("navigation", "Service items"))
CASES = Link("practicums:case_list", pgettext_lazy("navigation", "Cases"))
FIND = Link("courses:course_list", pgettext_lazy("navigation", "Find courses"), "search")
MY_CLASSES = Link("portal:me", pgettext_lazy("navigation", "My classes"), "ticket-perforated")
NOTICES = Link("notices:inbox", pgettext_lazy("navigation", "Notices"), "bell")
MINE = Link("portal:me", pgettext_lazy("navigation", "My pages"), "person")
WAITING = Link(
    "portal:manage",
    pgettext_lazy("navigation", "To do"),
    "inbox",
    permission="portal.open_manage",
)

COURSE_EDITORS = (Role.DEPARTMENT_STAFF, Role.DISTRICT_STAFF, Role.ADMINISTRATOR)
SCHEDULERS = (Role.BRANCH_COORDINATOR, Role.TOWN_STAFF, *COURSE_EDITORS)
MANAGE_COURSES = Link(
    "courses:manage_courses", pgettext_lazy("navigation", "Courses"), "journal-text", COURSE_EDITORS
)
MANAGE_CLASSES = Link(
    "courses:manage_classes",
    pgettext_lazy("navigation", "Schedule"),
    "calendar3",
    SCHEDULERS,
    covers=("courses:season_now", "courses:rooms", "courses:manage_experts"),
)
PEOPLE = Link(
    "trainees:people",
    pgettext_lazy("navigation", "People"),
    "people",
    (Role.VILLAGE_COORDINATOR, Role.TOWN_STAFF, *OFFICE),
)
PLANS = Link(
    "plans:plan_list", pgettext_lazy("navigation", "Annual plans"), "file-earmark-text", SCHEDULERS
)
SECONDMENTS = Link(
    "practicums:board",
    pgettext_lazy("navigation", "Secondments"),
    "person-workspace",
    permission="practicums.see_board",
)
TABLES = Link(
    "tables:index",
    pgettext_lazy("navigation", "Tables"),
    "table",
    OFFICE,
    covers=("office_settings", "portal:start"),
)

PUBLIC_NAV = (COURSES, CLASSES, SERVICES, NETWORK, CASES)
PUBLIC_TABS = (HOME, FIND, MY_CLASSES, NOTICES)
STAFF_NAV = (WAITING, MANAGE_COURSES, MANAGE_CLASSES, PEOPLE, PLANS, SECONDMENTS, TABLES)
STAFF_TABS = (WAITING, MANAGE_CLASSES, PEOPLE, SECONDMENTS, MINE)


@remember
def _known_address(url_name: str) -> str:
    return reverse(url_name)


def address(url_name: str) -> str:
    """The path of a URL name, or nothing while the app that owns it does not have the page."""
    try:
        return _known_address(url_name)
    except NoReverseMatch:
        return ""


class Shell:
    """The frame of one page, for one request."""

    # what other apps know of the person: `portal.frame.Frame` says it
    unread = 0
    expert_page = ""

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

    @cached_property
    def work(self) -> list[dict]:
        """Where somebody works, trainee or not: their staff pages, the secondments they are named
        in, their page as an expert.
        """
        if not self.signed_in:
            return []
        return [
            {"url": link["url"], "words": link["words"], "icon": link["icon"]}
            for link in self.staff_nav
        ]

    @cached_property
    def waits(self) -> list[WaitingItem]:
        """What waits for the person, for a page on which somebody lands."""
        return gather(self.user, timezone.now()) if self.signed_in else []

    @cached_property
    def only_audits(self) -> bool:
        """The auditor has no page of their own yet."""
        return self.signed_in and not self.is_staff and has_role(self.user, Role.AUDITOR)

    # -- where to --

    @cached_property
    def public_nav(self) -> list[dict]:
        return self._links(PUBLIC_NAV)

    @cached_property
    def public_tabs(self) -> list[dict]:
        return self._links(PUBLIC_TABS)

    @cached_property
    def staff_nav(self) -> list[dict]:
        """The pages of all roles of the person together, and those that need no role."""
        if not (self.signed_in and self.expert_page):
            return self._links(STAFF_NAV)
        words = pgettext("navigation", "My lessons as an expert")
        return self._links([*STAFF_NAV, Link("", words, "easel", path=self.expert_page)])

    @cached_property
    def staff_tabs(self) -> list[dict]:
        return self._links(STAFF_TABS)

    def _links(self, links: Sequence[Link]) -> list[dict]:
        """The links this person may follow; the one whose address is the longest start of the path
        is current.
        """
        shown = [link for link in links if link.url and self._may_follow(link)]
        current = max(
            (link for link in shown if link.begins(self.path)),
            key=lambda link: link.begins(self.path),
            default=None,
        )
        return [
            {
                "url": link.url,
                "words": link.words,
                "icon": link.icon,
                "current": link is current,
                "unread": self.unread if link is NOTICES else 0,
            }
            for link in shown
        ]

    def _may_follow(self, link: Link) -> bool:
        if link.permission:
            return self.signed_in and self.user.has_perm(link.permission)
        return not link.roles or has_role(self.user, *link.roles)

    # -- how it looks --

    @property
    def large(self) -> bool:
        return self.request.COOKIES.get(LARGE_PRINT_COOKIE) == "1"

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
