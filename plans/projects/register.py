"""Entering, correcting and taking out projects. Source: docs/rules.md R65, R66."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.errors import InvalidTransition, PortalError
from academy.search import index
from academy.text.codes import next_in_series
from academy.text.personal_details import personal_details

from ..models import Project, ProjectLevel

PREFIX, DIGITS = "XF-", 3
ATTEMPTS = 40  # at a free code: each that fails means that one other project was entered
REASON_LENGTH = 200
# what everybody reads of a public project
PUBLIC_TEXTS = ("title", "summary", "results", "remark")

# How many projects the district has, as published; the register shows them beside its own count.
PUBLISHED = {ProjectLevel.CITY: 12, ProjectLevel.DISTRICT: 100}
PUBLISHED_SOURCE = gettext_lazy(
    "public report on the district's Community Governance Academy, 28 February 2024"
)


class ProjectRemoved(InvalidTransition):
    """The project was taken out meanwhile, or put back."""


class ProjectReasonMissing(PortalError):
    """Taking a project out needs a reason."""


class ProjectTaken(PortalError):
    """Somebody else has entered the project, or took its code, at the same moment."""


class NoFreeCode(PortalError):
    """Too many people enter projects at this moment."""


@dataclass(frozen=True)
class LevelCount:
    """How many projects of a level stand in the register, and how many were published."""

    level: str
    entered: int
    published: int


def level_counts(projects: QuerySet[Project]) -> list[LevelCount]:
    """The entered projects of each level beside the published number, in one query."""
    found = projects.order_by().aggregate(
        **{level: Count("pk", filter=Q(level=level)) for level in ProjectLevel.values}
    )
    return [
        LevelCount(ProjectLevel(level).label, found[level], PUBLISHED[ProjectLevel(level)])
        for level in ProjectLevel.values
    ]


def next_code(taken: Iterable[str] | None = None) -> str:
    """The next code of the series, after all that were ever given and those in `taken`."""
    codes = set(Project.objects.filter(code__startswith=PREFIX).values_list("code", flat=True))
    return next_in_series(PREFIX, codes | set(taken or ()), DIGITS)


def details_in(texts: Iterable[str]) -> list[str]:
    """What in the public texts leads to a resident, in words; such a project is not shown."""
    return personal_details("\n".join(texts))


def save(project: Project, *, by, now: datetime) -> Project:
    """Write a project; a new one without a code gets the next. Call it within a transaction that
    has the lock of the row. Raises ProjectTaken, NoFreeCode.
    """
    project.updated_at, project.updated_by = now, by
    try:
        with transaction.atomic():
            if project.code:
                project.save()
            else:
                _with_a_code(project)
    except IntegrityError as error:
        raise ProjectTaken(
            _("Somebody else has just entered this project, or used its code. Look at the list.")
        ) from error
    index.rebuild(["project"])
    return project


def _with_a_code(project: Project) -> None:
    for _attempt in range(ATTEMPTS):
        project.code = next_code()
        try:
            with transaction.atomic():
                project.save(force_insert=True)
        except IntegrityError:
            if Project.objects.filter(code=project.code).exists():
                continue  # somebody else was given it
            raise
        else:
            return
    raise NoFreeCode(_("Many people enter projects right now. Try again in a minute."))


def _locked(project: Project) -> Project:
    return Project.objects.select_for_update(of=("self",)).get(pk=project.pk)


@transaction.atomic
def remove(*, project: Project, reason: str, by, now: datetime, today: date) -> Project:
    """Take a project out with the day and the reason; it is public no longer.

    Raises ProjectReasonMissing, ProjectRemoved.
    """
    reason = " ".join(reason.split())[:REASON_LENGTH]
    if not reason:
        raise ProjectReasonMissing(_("Write why the project is taken out."))
    project = _locked(project)
    if project.is_removed:
        raise ProjectRemoved(_("“%(title)s” is taken out already.") % {"title": project.title})
    project.removed_on, project.removed_reason, project.is_public = today, reason, False
    return save(project, by=by, now=now)


@transaction.atomic
def restore(*, project: Project, by, now: datetime) -> Project:
    """Put a project back that was taken out; whether it is public is decided anew.

    Raises ProjectRemoved where it stands in the register, or its village has another of the name.
    """
    project = _locked(project)
    if not project.is_removed:
        raise ProjectRemoved(_("“%(title)s” stands in the register.") % {"title": project.title})
    other = Project.objects.kept().filter(village=project.village_id, title=project.title).first()
    if other:
        raise ProjectRemoved(
            _("“%(title)s” stands in the register as %(code)s by now. Correct that one.")
            % {"title": other.title, "code": other.code}
        )
    project.removed_on, project.removed_reason = None, ""
    return save(project, by=by, now=now)
