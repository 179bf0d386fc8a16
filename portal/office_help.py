"""Help for those who run the academy: a part for each role, a screen long, with numbered steps, the
pages they lead to, and a picture that the tests took (`bin/pictures.py`).
"""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.models import Role, User
from academy.places import places


@dataclass(frozen=True)
class Step:
    """What is done, in one line, why or how in another, and where.

    `permission` is what opens the page, where the page is no place of the navigation.
    """

    title: str
    text: str
    address: str
    link: str
    permission: str = ""

    def may_open(self, user: User | AnonymousUser) -> bool:
        """Whether the page answers the reader; a page that nothing guards is open to everybody."""
        known = {place.url_name: place.permission for place in places()}
        permission = self.permission or known.get(self.address, "")
        return not permission or user.has_perm(permission)


@dataclass(frozen=True)
class Part:
    """The help of one role; `picture` is a file of static/help/ and `shows` what is on it."""

    role: Role
    lead: str
    steps: tuple[Step, ...]
    picture: str
    shows: str

    @property
    def slug(self) -> str:
        return self.role.replace("_", "-")


DESK = Step(
    _("Begin the day with the desk"),
    _("What is overdue stands first; a row leads to its page, and a done one is gone."),
    "portal:manage",
    pgettext_lazy("navigation", "To do"),
)
PLAN = Step(
    _("File the annual plan"),
    _(
        "Begin from the year before, paste rows from Excel or WPS, or import the form. Hand it in"
        " when the check list beside it is green."
    ),
    "plans:plan_list",
    pgettext_lazy("navigation", "Annual plans"),
)

PARTS = (
    Part(
        Role.ADMINISTRATOR,
        _("Accounts, roles, the tables that everybody chooses from, and filing."),
        (
            Step(
                _("Set the academy up"),
                _("Go down the start list; each line says what is still missing."),
                "portal:start",
                _("Start list"),
            ),
            Step(
                _("Give roles and end them"),
                _("A role has its place and its last day. End it when somebody leaves the post."),
                "roles:role_list",
                pgettext_lazy("navigation", "Granting"),
            ),
            Step(
                _("Keep the tables"),
                _("What is no longer used is retired, not deleted; old records keep it."),
                "tables:index",
                pgettext_lazy("navigation", "Settings"),
            ),
            Step(
                _("File annual plans"),
                _("Begin the review, look at the checks, agree and give the number, or send back."),
                "plans:plan_list",
                pgettext_lazy("navigation", "Annual plans"),
            ),
            Step(
                _("Somebody cannot open a page"),
                _("Choose the person and the page; the answer names the rule."),
                "roles:can_do",
                _("What can somebody do?"),
            ),
        ),
        "administrator.webp",
        _("A plan in review, with its stages and the form of the review"),
    ),
    Part(
        Role.DISTRICT_STAFF,
        _("The academy office: seasons, courses, topics asked for, secondments."),
        (
            DESK,
            Step(
                _("Plan the season"),
                _(
                    "Copy the season before or plan a round for many salons; conflicts and holidays"
                    " are seen before anything is made."
                ),
                "courses:season_now",
                pgettext_lazy("navigation", "Season plan"),
            ),
            Step(
                _("Share the seats out"),
                _("In a class, under its quotas, one line fills every street-town."),
                "courses:manage_classes",
                pgettext_lazy("navigation", "Classes"),
            ),
            Step(
                _("Review courses"),
                _("Compare with the version before, publish, or send back with the reason."),
                "courses:manage_courses",
                pgettext_lazy("navigation", "Courses"),
            ),
            Step(
                _("Answer topics asked for"),
                _("Within 15 working days; several that ask the same are answered together."),
                "courses:manage_requests",
                pgettext_lazy("navigation", "Topics asked for"),
            ),
        ),
        "district-staff.webp",
        _("The desk: overdue, today, this week, and what others have to do"),
    ),
    Part(
        Role.BRANCH_COORDINATOR,
        _("Classes of the own campus, from the first date to the hours of everybody."),
        (
            Step(
                _("Plan a class"),
                _("Type course, room and expert; whoever is taken at that time is marked."),
                "courses:class_create",
                _("New class"),
                "courses.add_trainingclass",
            ),
            Step(
                _("Tell, print, make one run of two"),
                _("Tick classes in the list; each step is looked at before it is done."),
                "courses:manage_classes",
                pgettext_lazy("navigation", "Classes"),
            ),
            Step(
                _("Take the roll"),
                _("On the day, by name or initials; all others are present with one tap."),
                "trainees:lessons",
                pgettext_lazy("navigation", "My lessons"),
            ),
            Step(
                _("Close the class"),
                _(
                    "After the last lesson: see who gets how many hours and who none, then post"
                    " them once. It waits on the desk."
                ),
                "portal:manage",
                pgettext_lazy("navigation", "To do"),
            ),
        ),
        "branch-coordinator.webp",
        _("The roll of a lesson, with those whose mark is missing"),
    ),
    Part(
        Role.TOWN_STAFF,
        _("People, calls, approvals and the plan of the street-town."),
        (
            Step(
                _("Keep the roster true"),
                _("Send the roster as it is; see what is new and who is missing before it counts."),
                "trainees:rosters",
                _("Rosters"),
            ),
            Step(
                _("Call people to a class"),
                _("Only those the rules allow can be ticked; the others stand below with why."),
                "trainees:dispatch",
                pgettext_lazy("navigation", "Dispatch"),
            ),
            Step(
                _("Approve bookings"),
                _("Tick several and agree at once. Away for some days? Name a deputy there."),
                "trainees:approvals",
                pgettext_lazy("navigation", "Approvals"),
            ),
            PLAN,
            Step(
                _("Run the classes of the salon"),
                _("Plan, change, take the roll and close as a branch does."),
                "courses:manage_classes",
                pgettext_lazy("navigation", "Classes"),
            ),
        ),
        "town-staff.webp",
        _("Calling people to a class, with the seats of the street-town"),
    ),
    Part(
        Role.VILLAGE_COORDINATOR,
        _("The colleagues of the own village: who goes, who cannot, who has learned what."),
        (
            Step(
                _("Approve bookings"),
                _("See who asks for which class, agree or say why not."),
                "trainees:approvals",
                pgettext_lazy("navigation", "Approvals"),
            ),
            Step(
                _("Book for colleagues"),
                _("Open a class and choose colleagues; each is told."),
                "trainees:class_list",
                _("Find a class"),
            ),
            Step(
                _("Somebody cannot come"),
                _("Pass the seat to another of the village before the deadline of the class."),
                "trainees:load",
                pgettext_lazy("help", "Classes ahead"),
            ),
            Step(
                _("See who has learned what"),
                _("Hours and classes stand with each person."),
                "trainees:people",
                pgettext_lazy("navigation", "People"),
            ),
        ),
        "village-coordinator.webp",
        _("Bookings of the village that wait for an approval"),
    ),
    Part(
        Role.DEPARTMENT_STAFF,
        _("Courses, service items, classes and the plan of the department."),
        (
            Step(
                _("Write a course and send it for review"),
                _("Say what is trained and for whom; a draft stays until it is sent."),
                "courses:course_create",
                _("New course"),
                "courses.change_course",
            ),
            Step(
                _("A course came back"),
                _("The reason stands above it: change it and send it again."),
                "courses:manage_courses",
                pgettext_lazy("navigation", "Courses"),
            ),
            Step(
                _("Look after service items"),
                _("See which have no course or no class yet."),
                "courses:service_gaps",
                pgettext_lazy("navigation", "Service items"),
            ),
            PLAN,
            Step(
                _("Secondments in the department"),
                _("Sign the items, write the appraisal before the last day."),
                "practicums:board",
                pgettext_lazy("navigation", "Secondments"),
            ),
        ),
        "department-staff.webp",
        _("A course that was sent back, with the reason above it"),
    ),
)
