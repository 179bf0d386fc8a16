"""What holders of roles, and those who gave them, are reminded of."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from academy.models import RoleGrant, User
from academy.role_grants import administrators, may_grant
from notices.models import Notice
from notices.reminders import NoticeDraft, Reminder

from .notices import GIVEN_ROLE_ENDS, OWN_ROLE_ENDS
from .roles.finding import with_places

# a role for a few weeks says its end when it is given
SHORTEST = timedelta(days=31)


class RoleEnds(Reminder):
    """Before a role ends, to whoever holds it and to whoever gave it; to the administrators where
    nobody who could extend it gave it.
    """

    kind = "role_ends"
    name = gettext_lazy("A role ends")
    days_before = 30
    at_hour = 9

    def due(self, now: datetime) -> Iterator[NoticeDraft]:
        first, last = (timezone.localdate(moment) for moment in self.window(now))
        ending = with_places(
            RoleGrant.objects.filter(valid_to__range=(first, last), user__is_active=True)
        )
        office, givers = list(administrators(now)), {}  # the roles of a giver are read once
        for grant in ending.order_by("pk"):
            if grant.valid_to - grant.valid_from < SHORTEST:
                continue
            yield self._draft(grant, grant.user, reverse("portal:me"))
            giver = grant.granted_by and givers.setdefault(grant.granted_by_id, grant.granted_by)
            for person in self._who_extends(grant, giver, office):
                yield self._draft(grant, person, reverse("roles:role_extend", args=[grant.pk]))

    def still_true(self, notice: Notice) -> bool:
        return notice.subject.valid_to == timezone.localdate(notice.moment)

    def _who_extends(self, grant: RoleGrant, giver: User | None, office: list[User]) -> list[User]:
        if giver is not None and giver.is_active and may_grant(giver, grant.role, grant.scope):
            return [giver]
        return [person for person in office if person != grant.user]

    def _draft(self, grant: RoleGrant, person: User, link: str) -> NoticeDraft:
        return self.draft(
            OWN_ROLE_ENDS if person == grant.user else GIVEN_ROLE_ENDS,
            person,
            subject=grant,
            moment=grant.valid_to,
            values={"name": grant.user.name, "role": grant, "day": grant.valid_to},
            link=link,
        )
