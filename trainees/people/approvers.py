"""Who approves at which level, and who stands in for them from one day to another.

A level is held by whoever has the role for the place: the coordinators of the village, the staff of
the street-town, the academy office. Residents with a light account belong to no village's or town's
staff: of them only the office is asked. Nobody decides on their own booking, and no deputy on that
of the person they stand in for. A deputy can do what the approver could on that day, and hands
nothing on. Source: docs/rules.md R11, R17.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from academy.errors import PortalError
from academy.models import OFFICE, CampusKind, Role, RoleGrant, User, Village
from courses.models import ApprovalLevel
from notices.outbox import tell

from ..models import ApprovalStep, Deputy, Enrolment, Trainee
from ..notices.approvals import DEPUTY_NAMED

LEVEL_OF = {
    Role.VILLAGE_COORDINATOR: ApprovalLevel.VILLAGE,
    Role.TOWN_STAFF: ApprovalLevel.TOWN,
    Role.DISTRICT_STAFF: ApprovalLevel.DISTRICT,
    Role.ADMINISTRATOR: ApprovalLevel.DISTRICT,
}
LEVELS = list(ApprovalLevel)  # from below upwards
# a quarter; whoever is away for longer needs a successor with a grant of their own
LONGEST_DEPUTY = timedelta(days=92)


class DeputyRefused(PortalError):
    """A deputy who cannot be named, or was ended before."""


# --- Levels ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mandate:
    """What somebody may decide: a level in one place (a village, a town, the whole district), in
    their own name or another's.
    """

    level: str
    place: int | None
    holder: User
    on_behalf_of: User | None = None

    def covers(self, level: str, enrolment: Enrolment) -> bool:
        """Whether it is theirs to decide on the booking at the level: never on the own one of whose
        mandate it is.
        """
        return (
            level == self.level
            and self.place in _places(level, enrolment)
            and enrolment.trainee.user_id != self.holder.pk
        )


def _places(level: str, enrolment: Enrolment) -> tuple[int | None, ...]:
    if level not in levels_for(enrolment):
        return ()
    match level:
        case ApprovalLevel.VILLAGE:
            return (enrolment.village_id,)
        case ApprovalLevel.TOWN:
            return (enrolment.village.town_id,)
    return (None,)


def levels_for(booking: Enrolment | Trainee) -> list[str]:
    """The levels that have a say about the person."""
    return LEVELS if booking.learner_group_id is None else [ApprovalLevel.DISTRICT]


def own_mandates(people: Iterable[int], today: date) -> list[Mandate]:
    """The mandates these people hold by their own roles; one query."""
    grants = (
        RoleGrant.objects.current(today)
        .filter(user__in=list(people), user__is_active=True, role__in=LEVEL_OF)
        .select_related("user")
    )
    return [
        Mandate(LEVEL_OF[grant.role], grant.village_id or grant.town_id, grant.user)
        for grant in grants.order_by("pk")
    ]


def mandates_of(user, today: date) -> list[Mandate]:
    """Everything the person may decide on the day, the own first; two queries."""
    stands_in_for = Deputy.objects.on(today).filter(person=user).values_list("approver", flat=True)
    held = own_mandates({user.pk, *stands_in_for}, today)
    own = [mandate for mandate in held if mandate.holder.pk == user.pk]
    return own + [
        Mandate(item.level, item.place, item.holder, item.holder)
        for item in held
        if item.holder.pk != user.pk
    ]


def steps_of(user, today: date) -> QuerySet[ApprovalStep]:
    """The steps that are the person's to decide, also those decided by now."""
    theirs, of_cadres = Q(pk__in=[]), Q(approval__enrolment__learner_group__isnull=True)
    for mandate in mandates_of(user, today):
        match mandate.level:
            case ApprovalLevel.VILLAGE:
                place = of_cadres & Q(approval__enrolment__village=mandate.place)
            case ApprovalLevel.TOWN:
                place = of_cadres & Q(approval__enrolment__village__town=mandate.place)
            case _district:
                place = Q()
        theirs |= Q(place, level=mandate.level) & ~Q(
            approval__enrolment__trainee__user=mandate.holder
        )
    return ApprovalStep.objects.filter(theirs).exclude(approval__enrolment__trainee__user=user)


def mandate_for(user, level: str, enrolment: Enrolment, today: date) -> Mandate | None:
    """In whose name the person decides on the booking at the level; nothing where it is not theirs
    to decide.
    """
    if enrolment.trainee.user_id == user.pk:
        return None
    return next(
        (mandate for mandate in mandates_of(user, today) if mandate.covers(level, enrolment)), None
    )


def highest_level_of(user, enrolment: Enrolment, today: date) -> str | None:
    """The highest level that the person holds over somebody else's booking: whoever books from
    there has approved it.
    """
    if user is None or enrolment.trainee.user_id == user.pk:
        return None
    held = {
        item.level for item in own_mandates([user.pk], today) if item.covers(item.level, enrolment)
    }
    return next((level for level in reversed(LEVELS) if level in held), None)


def people_to_ask(level: str, enrolment: Enrolment, today: date) -> list[User]:
    """Who holds the level over the booking and may decide on it: at the district the staff, without
    staff the administrators.
    """
    if level not in levels_for(enrolment):
        return []
    grants = (
        RoleGrant.objects.current(today)
        .filter(user__is_active=True)
        .exclude(user=enrolment.trainee.user_id)
    )
    match level:
        case ApprovalLevel.VILLAGE:
            wanted = [Q(role=Role.VILLAGE_COORDINATOR, village=enrolment.village_id)]
        case ApprovalLevel.TOWN:
            wanted = [Q(role=Role.TOWN_STAFF, town=enrolment.village.town_id)]
        case _district:
            wanted = [Q(role=Role.DISTRICT_STAFF), Q(role=Role.ADMINISTRATOR)]
    for who in wanted:
        if people := list(
            User.objects.filter(grants__in=grants.filter(who)).distinct().order_by("pk")
        ):
            return people
    return []


def with_deputies(people: Iterable[User], enrolment: Enrolment, today: date) -> list[User]:
    """These people and whoever stands in for them today, but never the person whose booking it
    is.
    """
    people = list(people)
    deputies = User.objects.filter(
        deputy_for__in=Deputy.objects.on(today).filter(approver__in=people), is_active=True
    )
    found = {
        person.pk: person
        for person in [*people, *deputies.exclude(pk=enrolment.trainee.user_id).order_by("pk")]
    }
    return list(found.values())


# --- Deputies -------------------------------------------------------------------------------------


def people_of_the_units(user, today: date) -> QuerySet[User]:
    """Who can stand in: the village's people on the roster and its coordinators; of a street-town
    whoever holds a role there or in its villages; the office among itself."""
    wanted = Q(pk__in=[])
    current = RoleGrant.objects.current(today)
    for mandate in own_mandates([user.pk], today):
        match mandate.level:
            case ApprovalLevel.VILLAGE:
                wanted |= Q(
                    trainee__village=mandate.place,
                    trainee__position__isnull=False,
                    trainee__left_on__isnull=True,
                ) | Q(
                    grants__in=current.filter(role=Role.VILLAGE_COORDINATOR, village=mandate.place)
                )
            case ApprovalLevel.TOWN:
                villages = Village.objects.filter(town=mandate.place)
                there = (
                    Q(town=mandate.place)
                    | Q(village__in=villages)
                    | Q(campus__town=mandate.place, campus__kind=CampusKind.SALON)
                )
                wanted |= Q(grants__in=current.filter(there))
            case _district:
                wanted |= Q(grants__in=current.filter(role__in=OFFICE))
    return User.objects.filter(wanted, is_active=True).exclude(pk=user.pk).distinct()


@transaction.atomic
def name_deputy(
    *, approver, phone: str, valid_from: date, valid_to: date, reason: str, now: datetime
) -> Deputy:
    """Let somebody of the own unit decide from one day to another. Says the same of strangers and
    of unknown numbers.

    Raises DeputyRefused.
    """
    today, reason = timezone.localdate(now), reason.strip()[:200]
    # two taps at once name one deputy
    User.objects.select_for_update(no_key=True).get(pk=approver.pk)
    if not reason:
        raise DeputyRefused(
            _("Say in a few words why somebody stands in for you: it stays in the records.")
        )
    if valid_from < today:
        raise DeputyRefused(
            _("Somebody can stand in for you from today on; choose another first day.")
        )
    if not valid_from <= valid_to <= valid_from + LONGEST_DEPUTY:
        raise DeputyRefused(
            _("Choose a last day between the first one and %(days)d days later.")
            % {"days": LONGEST_DEPUTY.days}
        )
    person = people_of_the_units(approver, today).filter(phone=phone).first()
    if person is None:
        raise DeputyRefused(
            _("Nobody of your unit can log in with this number. Check it, or name somebody else.")
        )
    standing = Deputy.objects.filter(
        approver=approver,
        person=person,
        ended_at__isnull=True,
        valid_from__lte=valid_to,
        valid_to__gte=valid_from,
    )
    if standing.exists():
        raise DeputyRefused(
            _("%(name)s stands in for you in these days already.") % {"name": person.name}
        )
    deputy = Deputy.objects.create(
        approver=approver,
        person=person,
        valid_from=valid_from,
        valid_to=valid_to,
        reason=reason,
        named_at=now,
    )
    tell(
        DEPUTY_NAMED,
        person,
        values={"name": approver.name, "first": valid_from, "last": valid_to, "reason": reason},
        link=reverse("trainees:approvals"),
        subject=deputy,
        dedupe="named",
    )
    return deputy


def end_deputy(*, deputy: Deputy, now: datetime) -> None:
    """From now on they decide nothing more; ended twice is ended once."""
    Deputy.objects.filter(pk=deputy.pk, ended_at__isnull=True).update(ended_at=now)
