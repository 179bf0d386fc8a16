"""What two entries have, line by line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from academy.models import RoleGrant, User
from academy.templatetags.portal_tags import full_day
from academy.templatetags.portal_tags import hours as hours_in_words
from courses.models import HELD
from notices.models import Notice

from ..models import OPEN, Enrolment, Follow, HourEntry, Posting, Trainee
from ..people.finding import status_of
from ..people.posts import unit_of


@dataclass(frozen=True)
class Line:
    """A fact of both, and whether it is the same."""

    name: str
    values: tuple[str, str]

    @property
    def is_same(self) -> bool:
        return self.values[0] == self.values[1]


def lines_of(people: Sequence[User], now: datetime) -> list[Line]:
    """The facts by which somebody decides whether two entries are one person."""
    columns = [_facts(person, now) for person in people]
    return [Line(name, (columns[0][name], columns[1][name])) for name in columns[0]]


def _facts(person: User, now: datetime) -> dict[str, str]:
    trainee = (
        Trainee.objects.filter(user=person)
        .select_related("village__town", "position", "stage", "learner_group")
        .first()
    )
    today = timezone.localdate(now)
    none = pgettext("a fact", "none")
    grants = RoleGrant.objects.current(today).filter(user=person)
    facts = {
        _("Name"): person.name,
        _("Mobile number"): person.masked_phone,
        _("Unit"): unit_of(trainee.village) if trainee else none,
        _("Posts"): _posts(trainee) or none,
        _("Growth stage"): trainee.stage.name if trainee and trainee.stage else none,
        _("Gender"): trainee.get_gender_display() if trainee and trainee.gender else none,
        _("Born in"): trainee.born_in if trainee and trainee.born_in else none,
        _("Account"): status_of(person, trainee)[1],
        _("Last logged in"): full_day(person.last_login) if person.last_login else none,
        _("On file since"): full_day(person.date_joined),
        _("Roles"): "、".join(
            str(grant) for grant in grants.select_related("village", "campus", "town", "department")
        )
        or none,
    }
    return facts | _record(trainee, person, today.year)


def _posts(trainee: Trainee | None) -> str:
    if trainee is None or trainee.is_light:
        return trainee.post if trainee else ""
    posts = Posting.objects.filter(trainee=trainee).select_related("position", "village")
    return "、".join(
        _("%(post)s at %(unit)s (%(first)s to %(last)s)")
        % {
            "post": posting.position.name,
            "unit": posting.village.name,
            "first": full_day(posting.valid_from),
            "last": full_day(posting.valid_to) if posting.valid_to else _("today"),
        }
        for posting in posts
    ) or str(trainee.post)


def _record(trainee: Trainee | None, person: User, year: int) -> dict[str, str]:
    """How much there is of bookings, hours, follows and notices."""
    ahead = Q(status__in=OPEN, training_class__status__in=HELD)
    bookings = Enrolment.objects.filter(trainee=trainee).aggregate(
        ahead=Count("pk", filter=ahead), past=Count("pk", filter=~ahead)
    )
    hours = HourEntry.objects.filter(trainee=trainee).aggregate(
        all=Sum("hours"), year=Sum("hours", filter=Q(earned_on__year=year))
    )
    return {
        _("Classes booked"): str(bookings["ahead"]),
        _("Past bookings"): str(bookings["past"]),
        _("Hours this year"): hours_in_words(hours["year"] or 0),
        _("Hours in all"): hours_in_words(hours["all"] or 0),
        _("Follows"): str(Follow.objects.filter(trainee=trainee).count()),
        pgettext("navigation", "Notices"): str(Notice.objects.filter(person=person).count()),
    }
