"""Growth stages (成长阶段) of people, one by one or for everybody that was ticked."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from academy.models import GrowthStage, PersonChange, PersonChangeKind, User
from academy.people_history import detail

from ..models import Trainee
from ..notices.people import STAGE_CHANGED
from .as_seen import PersonChangedMeanwhile, PersonRefused
from .person_notices import in_the_language_of_the_portal, tell_of

MOST_AT_ONCE = 500  # people of one step


@transaction.atomic
def set_stages(
    *,
    people: QuerySet[Trainee],
    stage: GrowthStage,
    by: User | None,
    now: datetime,
    reason: str = "",
    expected: int | None = None,
    tells: bool = True,
) -> list[Trainee]:
    """Put these people at a stage; whoever is there already stays untouched.

    `expected` is how many of them stood at another stage when the page was opened. Returns who was
    changed. Raises PersonRefused, PersonChangedMeanwhile.
    """
    found = list(
        people.filter(position__isnull=False)
        .exclude(stage=stage)
        .order_by("pk")
        .select_related("user", "stage")
        .select_for_update(no_key=True, of=("self",))[: MOST_AT_ONCE + 1]
    )
    if len(found) > MOST_AT_ONCE:
        raise PersonRefused(
            _("At most %(most)d people at a time: narrow the list first.") % {"most": MOST_AT_ONCE}
        )
    if expected is not None and len(found) != expected:
        raise PersonChangedMeanwhile(
            _("Nothing was saved: some of these people were changed meanwhile. Look again.")
        )
    Trainee.objects.filter(pk__in=[trainee.pk for trainee in found]).update(stage=stage)
    with in_the_language_of_the_portal():
        kept = PersonChange.objects.bulk_create(
            PersonChange(
                person=trainee.user,
                kind=PersonChangeKind.STAGE,
                by=by,
                at=now,
                details=[detail(_("Growth stage"), trainee.stage or "", stage)],
                reason=reason,
            )
            for trainee in found
        )
    for change in kept if tells else ():
        tell_of(change, STAGE_CHANGED, stage=stage)
    return found
