"""The first day of an academy (启用清单): what is there, what is missing, and where it is done.

The steps stand in the order in which an office does them; each may be left and taken up again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from academy.imports.registry import importers
from academy.models import (
    Campus,
    CampusKind,
    Department,
    GrowthStage,
    Position,
    Role,
    RoleGrant,
    Town,
    Venue,
    Village,
    on_the_day,
)
from academy.office_settings import office_setting
from courses.models import Course, Expert, ServiceItem, Track, TrainingClass
from notices.models import ReminderRule
from notices.reminders import discover
from plans.models import AnnualPlan
from practicums.models import Secondment
from trainees.models import HourTarget, Trainee

NAMED = 3  # of what is missing; the rest is a number


@dataclass(frozen=True)
class Upload:
    """A table that a step takes as a file; without rows it is still to be sent."""

    title: str
    rows: int
    url: str
    sample_url: str


@dataclass(frozen=True)
class Step:
    """One thing to do; `missing` is empty where nothing is."""

    title: str
    have: str
    missing: str
    button: str
    url: str
    uploads: tuple[Upload, ...] = ()
    has_begun: bool = False

    @property
    def is_done(self) -> bool:
        return self.has_begun and not self.missing

    @property
    def next_upload(self) -> Upload | None:
        """The first table that has no rows yet."""
        return next((upload for upload in self.uploads if not upload.rows), None)


def steps(user, today: date) -> list[Step]:
    """All steps in their order, with the uploads that the person may send."""
    return [step(user, today) for step in STEPS]


def _back() -> str:
    """What an address says to come back to the list."""
    return urlencode({"next": reverse("portal:start")})


def _uploads(user, **rows_of_kind: int) -> tuple[Upload, ...]:
    """The kinds in the order in which they are sent; each comes back to the list."""
    known, found = importers(), []
    for name, rows in rows_of_kind.items():
        importer = known[name.replace("_", "-")]
        if not importer.may_use(user):
            continue
        if importer.upload_page:
            url = reverse(importer.upload_page)
        else:
            url = f"{reverse('imports:import_list')}?kind={importer.kind}&{_back()}"
        sample_url = reverse("imports:import_sample", args=[importer.kind])
        found.append(Upload(str(importer.title), rows, url, sample_url))
    return tuple(found)


def _named(names: Sequence[str]) -> str:
    """大场镇、杨行镇、罗店镇等"""
    shown = "、".join(names[:NAMED])
    if len(names) > NAMED:
        return _("%(names)s and others") % {"names": shown}
    return shown


def _lines(*sentences: str) -> str:
    return pgettext("between sentences", "; ").join(filter(None, sentences))


def _units(user, today: date) -> Step:
    towns = Town.objects.filter(ended_on__isnull=True)
    villages = Village.objects.current(today)
    empty = list(
        towns.exclude(pk__in=villages.values("town"))
        .order_by("code")
        .values_list("name", flat=True)
    )
    counts = {"towns": towns.count(), "villages": villages.count()}
    return Step(
        title=_("Street-towns and their units"),
        have=_("%(towns)d street-towns, %(villages)d villages") % counts,
        missing=_("without villages: %(towns)s") % {"towns": _named(empty)} if empty else "",
        button=_("See the tables"),
        url=reverse("tables:index"),
        uploads=_uploads(user, **counts),
        has_begun=bool(counts["towns"]),
    )


def _places(user, today: date) -> Step:
    campuses = Campus.objects.filter(ended_on__isnull=True)
    departments = Department.objects.filter(ended_on__isnull=True).count()
    count = campuses.count()
    has_college = campuses.filter(kind=CampusKind.COLLEGE).exists()
    return Step(
        title=_("Places of teaching and departments"),
        have=_("%(campuses)d places of teaching, %(departments)d departments")
        % {"campuses": count, "departments": departments},
        missing="" if has_college else _("the main college is missing"),
        button=_("See the tables"),
        url=reverse("tables:index"),
        uploads=_uploads(user, departments=departments, campuses=count),
        has_begun=bool(count),
    )


def _vocabularies(user, today: date) -> Step:
    counts = [model.objects.filter(active=True).count() for model in (Position, GrowthStage, Track)]
    words = [_("posts"), _("growth stages"), _("tracks")]
    lacking = [word for word, count in zip(words, counts, strict=True) if not count]
    return Step(
        title=_("Vocabularies"),
        have=_("%(posts)d posts, %(stages)d growth stages, %(tracks)d tracks")
        % dict(zip(("posts", "stages", "tracks"), counts, strict=True)),
        missing=_("still without: %(words)s") % {"words": _named(lacking)} if lacking else "",
        button=_("Begin with the usual words") if lacking else _("See the vocabularies"),
        url=f"{reverse('tables:usual_words')}?{_back()}" if lacking else reverse("tables:index"),
        has_begun=any(counts),
    )


def _catalogue(user, today: date) -> Step:
    courses, items = Course.objects.published().count(), ServiceItem.objects
    count = items.count()
    bare = items.filter(courses__isnull=True).count()
    return Step(
        title=_("Courses and service items"),
        have=_lines(
            _("%(courses)d courses, %(items)d service items")
            % {"courses": courses, "items": count},
            ngettext(
                "%(count)d item has no course yet, which may follow later",
                "%(count)d items have no course yet, which may follow later",
                bare,
            )
            % {"count": bare}
            if bare
            else "",
        ),
        missing="" if courses else _("no course is published"),
        button=_("See the courses"),
        url=reverse("courses:manage_courses"),
        uploads=_uploads(user, service_items=count, courses=courses),
        has_begun=bool(courses),
    )


def _rooms(user, today: date) -> Step:
    rooms = Venue.objects.filter(ended_on__isnull=True)
    without = list(
        Campus.objects.filter(ended_on__isnull=True)
        .exclude(pk__in=rooms.values("campus"))
        .order_by("code")
        .values_list("name", flat=True)
    )
    count = rooms.count()
    return Step(
        title=_("Rooms"),
        have=_("%(count)d rooms, %(immersive)d of them practice classrooms")
        % {"count": count, "immersive": rooms.filter(immersive=True).count()},
        missing=_("without a room: %(names)s") % {"names": _named(without)} if without else "",
        button=_("See the rooms"),
        url=reverse("tables:table_list", args=["venues"]),
        uploads=_uploads(user, venues=count),
        has_begun=bool(count),
    )


def _experts(user, today: date) -> Step:
    count = Expert.objects.count()
    return Step(
        title=pgettext("start list", "Experts"),
        have=_("%(count)d experts, %(published)d of them named in public")
        % {"count": count, "published": Expert.objects.filter(published=True).count()},
        missing="" if count else _("nobody is in the register"),
        button=_("See the register"),
        url=reverse("courses:manage_experts"),
        uploads=_uploads(user, experts=count),
        has_begun=bool(count),
    )


def _rosters(user, today: date) -> Step:
    people = Trainee.objects.cadres().filter(user__is_active=True, left_on__isnull=True)
    without = list(
        Town.objects.filter(ended_on__isnull=True)
        .exclude(pk__in=people.order_by().values("village__town"))
        .order_by("code")
        .values_list("name", flat=True)
    )
    count = people.count()
    return Step(
        title=_("Rosters"),
        have=ngettext("%(count)d cadre", "%(count)d cadres", count) % {"count": count},
        missing=(_("no roster yet: %(towns)s") % {"towns": _named(without)} if without else ""),
        button=_("See the rosters"),
        url=reverse("trainees:rosters"),
        uploads=_uploads(user, roster=count),
        has_begun=bool(count),
    )


def _roles(user, today: date) -> Step:
    grants = RoleGrant.objects.current(today).filter(user__is_active=True)
    counts = grants.aggregate(
        office=Count("pk", filter=Q(role__in=(Role.DISTRICT_STAFF, Role.ADMINISTRATOR))),
        towns=Count("pk", filter=Q(role=Role.TOWN_STAFF)),
        campuses=Count("pk", filter=Q(role=Role.BRANCH_COORDINATOR)),
    )
    towns = Town.objects.filter(ended_on__isnull=True)
    without = list(
        towns.exclude(pk__in=grants.filter(role=Role.TOWN_STAFF).values("town"))
        .order_by("code")
        .values_list("name", flat=True)
    )
    places = list(
        Campus.objects.filter(ended_on__isnull=True)
        .exclude(kind=CampusKind.SALON)
        .exclude(pk__in=grants.filter(role=Role.BRANCH_COORDINATOR).values("campus"))
        .order_by("code")
        .values_list("name", flat=True)
    )
    return Step(
        title=_("Roles: who looks after what"),
        have=_("%(office)d in the office, %(towns)d of street-towns, %(campuses)d of campuses")
        % counts,
        missing=_lines(
            _("nobody of the street-town yet: %(towns)s") % {"towns": _named(without)}
            if without
            else "",
            _("nobody holds classes yet: %(places)s") % {"places": _named(places)}
            if places
            else "",
        ),
        button=_("Grant a role"),
        url=reverse("roles:role_grant") if user.has_perm("academy.view_rolegrant") else "",
        # the first administrator alone is no beginning
        has_begun=bool(counts["towns"] or counts["campuses"]),
    )


def _secondments(user, today: date) -> Step:
    count = Secondment.objects.count()
    return Step(
        title=pgettext("start list", "Secondments"),
        have=ngettext("%(count)d secondment", "%(count)d secondments", count) % {"count": count},
        missing="" if count else _("not needed while nobody is on a secondment"),
        button=_("Import secondments"),
        url=f"{reverse('imports:import_list')}?kind=secondments&{_back()}",
        has_begun=bool(count),
    )


def _targets(user, today: date) -> Step:
    targets = HourTarget.objects.filter(on_the_day(today))
    without = list(
        Position.objects.filter(active=True)
        .exclude(pk__in=targets.values("position"))
        .values_list("name", flat=True)
    )
    count = targets.count()
    return Step(
        title=_("Hour targets"),
        have=ngettext("%(count)d target holds", "%(count)d targets hold", count) % {"count": count},
        missing=(
            ""
            if count
            else _("without one the pages say that no target is known: %(posts)s")
            % {"posts": _named(without)}
            if without
            else _("the posts come first")
        ),
        button=_("Set targets"),
        url=reverse("tables:table_list", args=["hour-targets"]),
        uploads=_uploads(user, hour_targets=count),
        has_begun=bool(count),
    )


def _notices(user, today: date) -> Step:
    # a rule is written when it is first used
    rules = len(discover()) - ReminderRule.objects.filter(active=False).count()
    sms = bool(getattr(settings, "SMS_GATEWAY_URL", ""))
    return Step(
        title=pgettext("start list", "Notices"),
        have=_lines(
            ngettext("%(count)d reminder in use", "%(count)d reminders in use", rules)
            % {"count": rules},
            _("text messages are sent") if sms else _("notices stand in the portal"),
        ),
        missing=_lines(
            (
                _("the telephone number of the office at the foot of each page is an example")
                if office_setting("office_phone") == settings.EXAMPLE_PHONE
                else ""
            ),
            "" if sms else _("no gateway for text messages; who installs the portal names it"),
        ),
        button=_("See the settings"),
        url=reverse("office_settings") if user.has_perm("academy.change_settings") else "",
        has_begun=True,
    )


def _first_class(user, today: date) -> Step:
    count = TrainingClass.objects.exclude(status="draft").count()
    drafts = TrainingClass.objects.filter(status="draft").count()
    return Step(
        title=_("The first class"),
        have=_("%(count)d classes, %(drafts)d drafts") % {"count": count, "drafts": drafts},
        missing="" if count else _("choose a course, then set time, room and seats"),
        button=_("Plan a class"),
        url=reverse("courses:class_create"),
        has_begun=bool(count or drafts),
    )


def _last_plan(user, today: date) -> Step:
    count = AnnualPlan.objects.filter(year__lte=today.year).count()
    return Step(
        title=_("Last year's annual plans"),
        have=ngettext("%(count)d plan", "%(count)d plans", count) % {"count": count},
        missing="" if count else _("not needed; plans of this year are compared with them"),
        button=_("See the plans"),
        url=reverse("plans:plan_list"),
        uploads=_uploads(user, plan=count),
        has_begun=bool(count),
    )


STEPS: tuple[Callable[..., Step], ...] = (
    _units,
    _places,
    _vocabularies,
    _catalogue,
    _rooms,
    _experts,
    _rosters,
    _roles,
    _secondments,
    _targets,
    _notices,
    _first_class,
    _last_plan,
)
