"""What a class asks of the person: post, stage, town, group, courses taken before, approval."""

from collections.abc import Collection

from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from academy.models import User
from courses.models import TrainingClass

from ..errors import Reason
from ..models import Trainee
from ..people.approvers import levels_for
from .requirements import Requirements

# said when somebody reads it: a booking reads no names for what fits
_later = lazy(lambda words: words(), str)


def own_reasons(
    trainee: Trainee, training_class: TrainingClass, requirements: Requirements
) -> list[Reason]:
    """Post or group, growth stage and street-town; a class that names none of them says so for the
    post only.
    """
    reasons = [
        (
            _group_reason(trainee, requirements)
            if trainee.is_light
            else _position_reason(trainee, training_class, requirements)
        )
    ]
    if requirements.stages and not trainee.is_light:
        reasons.append(_stage_reason(trainee, requirements))
    if requirements.towns:
        reasons.append(_town_reason(trainee, requirements))
    return reasons


def _group_reason(trainee: Trainee, requirements: Requirements) -> Reason:
    """The class is open to the group that somebody with a light account joined as; posts and stages
    are no matter of theirs.
    """
    if trainee.learner_group_id in requirements.groups:
        return Reason(
            True,
            _("Open to your group"),
            _later(lambda: _("You joined as %(group)s") % {"group": trainee.learner_group.name}),
            rule="group",
        )
    group = trainee.learner_group.name
    fact = (
        _("this class is open to %(groups)s; you joined as %(group)s")
        if requirements.groups
        else _("this class is for cadres of villages only; you joined as %(group)s")
    )
    return Reason(
        False,
        _("This class is not open to your group"),
        fact % {"groups": requirements.listed("groups"), "group": group},
        _(
            "“Classes to book” shows the classes that are. If you hold a post in a village now, ask"
            " its coordinator to add you to the roster."
        ),
        rule="group",
    )


def reason_since(trainee: Trainee) -> Reason | None:
    """What may have come between a click and the lock: the last post has ended, the account was
    closed, or the entry was joined with another one. `trainee` is the row under the lock.
    """
    if trainee.left_on is not None:
        return _left_reason(trainee)
    # an entry that is joined with another loses its post; somebody without one only the account
    if trainee.is_light and not User.objects.filter(pk=trainee.user_id, is_active=True).exists():
        return Reason(
            False,
            _("This account has been closed"),
            way_out=_("Call the academy office if you do not know why."),
            rule="group",
        )
    return None


def _left_reason(trainee: Trainee) -> Reason:
    return Reason(
        False,
        _("You hold no post at present"),
        _("your last post ended on %(day)s") % {"day": date_format(trainee.left_on, "Y-m-d")},
        _("If you hold a post now, ask the coordinator of your village to put it on file."),
        rule="position",
    )


def _position_reason(
    trainee: Trainee, training_class: TrainingClass, requirements: Requirements
) -> Reason:
    """The post held now is among those the class is for; a class that names no post is for all."""
    if trainee.left_on is not None:
        return _left_reason(trainee)
    holds = _later(lambda: _("On file you are %(position)s") % {"position": trainee.position.name})
    if training_class.groups_only:
        return Reason(
            False,
            _("This class is for other groups"),
            _("this class is open to %(groups)s only") % {"groups": requirements.listed("groups")},
            _("“Classes to book” shows the classes for your post."),
            rule="group",
        )
    if not requirements.positions:
        return Reason(True, _("Open to every post"), holds, rule="position")
    if trainee.position_id in requirements.positions:
        return Reason(True, _("Your post fits"), holds, rule="position")
    return Reason(
        False,
        _("Your post is not among those this class is for"),
        _("this class is for %(audiences)s; on file you are %(position)s")
        % {
            "audiences": requirements.listed("positions"),
            "position": trainee.position.name,
        },
        _("If the post on file is wrong, call the academy office."),
        rule="position",
    )


def _stage_reason(trainee: Trainee, requirements: Requirements) -> Reason:
    if trainee.stage_id in requirements.stages:
        return Reason(
            True,
            _("Your growth stage fits"),
            _later(
                lambda: (
                    _("On file you are at the stage “%(stage)s”") % {"stage": trainee.stage.name}
                )
            ),
            rule="stage",
        )
    wanted = {
        "stages": requirements.listed("stages"),
        "stage": trainee.stage.name if trainee.stage else "",
    }
    fact = (
        _("this class is for %(stages)s; on file you are at the stage “%(stage)s”")
        if trainee.stage
        else _("this class is for %(stages)s; no stage is on file for you")
    )
    return Reason(
        False,
        _("Your growth stage is not among those this class is for"),
        fact % wanted,
        _("If the stage on file is wrong, ask your street-town to correct it."),
        rule="stage",
    )


def _town_reason(trainee: Trainee, requirements: Requirements) -> Reason:
    village = trainee.village
    if village.town_id in requirements.towns:
        return Reason(
            True, _("Your street-town fits"), _later(lambda: village.town.name), rule="town"
        )
    return Reason(
        False,
        _("This class is for other street-towns"),
        _("this class is for %(towns)s; your village belongs to %(town)s")
        % {
            "towns": requirements.listed("towns"),
            "town": village.town.name,
        },
        _(
            "Please look for a class that is open to all, or ask your street-town for one of its"
            " own."
        ),
        rule="town",
    )


def prerequisite_reasons(requirements: Requirements, taken: Collection[int]) -> list[Reason]:
    """Return the rules about courses taken before."""
    if not requirements.prerequisites:
        return []
    missing = requirements.prerequisites - set(taken)
    if not missing:
        return [
            Reason(
                True,
                _("You have taken what comes before"),
                _later(lambda: requirements.listed("prerequisites")),
                rule="prerequisite",
            )
        ]
    return [
        Reason(
            False,
            _("Another course comes first"),
            _("not taken yet: %(courses)s")
            % {"courses": requirements.listed("prerequisites", missing)},
            _("Take it first; the course page shows when it is held."),
            courses=tuple(sorted(missing)),
            rule="prerequisite",
        )
    ]


def approval_reasons(trainee: Trainee, training_class: TrainingClass) -> list[Reason]:
    """Return a hint where the booking has to be approved."""
    asked = (
        [level for level in training_class.approval_levels if level in levels_for(trainee)]
        if training_class.needs_approval
        else []
    )
    if not asked:
        return []
    levels = pgettext("between levels", " → ").join(str(level.label) for level in asked)
    fact = _("asked one after the other: %(levels)s; you keep your seat or place meanwhile") % {
        "levels": levels
    }
    return [Reason(True, _("A seat here needs approval"), fact, hint=True, rule="approval")]
