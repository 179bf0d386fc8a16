"""A person decides whether somebody goes on to the next stage. Source: docs/rules.md R85."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from academy.errors import PortalError
from academy.models import User
from academy.search import index
from academy.text.codes import next_in_series
from courses.models import Expert
from notices.outbox import tell

from ..models import StageDecision, StageOutcome, Trainee
from ..notices.path import NOT_YET
from ..people.person_notices import in_the_language_of_the_portal
from ..people.stages import set_stages
from .standing import Standing, standing_of

MENTORS = "DS-"  # the codes of mentors in the register of experts: 导师


class StageRefused(PortalError):
    """A stage that cannot be decided like this now."""


def _locked(trainee: Trainee) -> Trainee:
    Trainee.objects.select_for_update(no_key=True, of=("self",)).get(pk=trainee.pk)
    return Trainee.objects.with_profile().select_related("user").get(pk=trainee.pk)


@transaction.atomic
def decide_stage(
    *, trainee: Trainee, outcome: StageOutcome, seen: str, reason: str, by: User, now: datetime
) -> StageDecision:
    """Let the person go on to the next stage, or not yet.

    `seen` is what `fingerprint` said when the page was opened. A reason is asked for when not
    everything is met, and for “not yet”. Raises StageRefused.
    """
    trainee, reason = _locked(trainee), reason.strip()[:200]
    if trainee.user_id == by.pk:
        raise StageRefused(_("Nobody decides about their own stage."))
    standing = standing_of(trainee)
    if standing.next_stage is None or trainee.position_id is None or trainee.left_on:
        raise StageRefused(_("There is no next stage to decide about for this person."))
    if fingerprint(standing) != seen:
        raise StageRefused(
            _("Something of this has changed since you opened the page. See it again, then decide.")
        )
    if not reason and (outcome == StageOutcome.NOT_YET or not standing.is_ready):
        raise StageRefused(_("Say why: not everything is met, or it is not yet time."))
    decision = StageDecision(
        trainee=trainee,
        stage=standing.next_stage,
        outcome=outcome,
        reason=reason,
        decided_at=now,
        decided_by=by,
    )
    with in_the_language_of_the_portal():
        decision.met = [line.words for line in standing.met]
        decision.unmet = [line.words for line in standing.unmet]
    decision.save()
    if outcome == StageOutcome.GOES_ON:
        set_stages(
            people=Trainee.objects.filter(pk=trainee.pk),
            stage=standing.next_stage,
            by=by,
            now=now,
            reason=reason,
        )
    else:
        tell(
            NOT_YET,
            trainee.user,
            values={"stage": standing.next_stage, "reason": reason},
            link=reverse("trainees:my_path"),
            subject=decision,
            dedupe="stage",
        )
    return decision


def fingerprint(standing: Standing) -> str:
    """Names what was shown, so that nothing else is decided."""
    lines = sorted(f"{line.requirement.pk}{'+' if line.is_met else '-'}" for line in standing.lines)
    stage = standing.next_stage.pk if standing.next_stage else 0
    return f"{standing.trainee.stage_id or 0}.{stage}.{'.'.join(lines)}"


@transaction.atomic
def make_mentor(*, trainee: Trainee, by: User) -> Expert:
    """Enter somebody who has reached the last stage into the register of experts as a mentor.

    The name is not published by this. Raises StageRefused.
    """
    trainee = _locked(trainee)
    if not standing_of(trainee).is_last:
        raise StageRefused(_("Only who has reached the last growth stage becomes a mentor."))
    if Expert.objects.filter(user=trainee.user_id).exists():
        raise StageRefused(_("This person stands in the register of experts already."))
    with in_the_language_of_the_portal():
        category = _("Mentor of the path")
    codes = Expert.objects.filter(code__startswith=MENTORS).values_list("code", flat=True)
    expert = Expert.objects.create(
        code=next_in_series(MENTORS, codes, 3),
        category=category,
        name=trainee.user.name,
        village=trainee.village,
        title=trainee.position.name if trainee.position else "",
        user=trainee.user,
    )
    index.rebuild(["expert"])
    return expert
