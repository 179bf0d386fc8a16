"""May this person book this class?

Every rule as a line in plain words, the same on the page, in the command and in a refusal.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from academy.templatetags.portal_tags import clock, day, full_day, short_day
from courses.models import ClashRule, ClassStatus, SeatPool, TrainingClass

from ..errors import (
    AlreadyStarted,
    BookingClosed,
    BookingError,
    BookingNotOpen,
    ClassCancelled,
    Reason,
)
from ..models import EnrolmentChannel, Trainee
from ..people.approvers import levels_for
from ..seats.counting import Outlook, fold_due, outlook, pool_with_a_seat, towns_that_wait
from .clashes import Commitments, commitments_of
from .interest import has_first_refusal, interested_in
from .repeats import Earlier, Kinship, courses_taken, earlier_trainings, trainings_of
from .requirements import Requirements, requirements_of

# --- All rules ------------------------------------------------------------------------------------


def reasons_for(
    trainee: Trainee,
    training_class: TrainingClass,
    now: datetime,
    requirements: Requirements | None = None,
) -> list[Reason]:
    """Every rule as it stands for the trainee now, those that fail first; `requirements` where they
    are at hand.
    """
    return reasons_for_many(
        trainee, [training_class], now, requirements and {training_class.pk: requirements}
    )[training_class.pk]


def reasons_for_many(
    trainee: Trainee,
    classes: Collection[TrainingClass],
    now: datetime,
    requirements: Mapping[int, Requirements] | None = None,
    *,
    leaving: TrainingClass | None = None,
) -> dict[int, list[Reason]]:
    """Class key → every rule as it stands for the trainee now; the number of queries does not grow
    with the classes.

    `leaving` is a class that the person would give up for one of these.
    """
    rules = _rules_besides_the_window(trainee, classes, now, requirements, leaving)
    return {
        item.pk: sorted([_window_reason(item, now), *rules[item.pk]], key=lambda reason: reason.ok)
        for item in classes
    }


def first_obstacles(
    trainee: Trainee, classes: Collection[TrainingClass], now: datetime
) -> dict[int, Reason]:
    """Class key → the first rule that fails, for those among classes open for booking where one
    does.

    What comes after it is not asked, and of rules that pass nothing is said.
    """
    rules = _rules_besides_the_window(trainee, classes, now)
    failing = {
        pk: next((reason for reason in reasons if not reason.ok), None)
        for pk, reasons in rules.items()
    }
    return {pk: reason for pk, reason in failing.items() if reason}


def _rules_besides_the_window(
    trainee: Trainee,
    classes: Collection[TrainingClass],
    now: datetime,
    requirements: Mapping[int, Requirements] | None = None,
    leaving: TrainingClass | None = None,
) -> dict[int, Iterator[Reason]]:
    """Class key → the rules in their order, each looked at when it is asked for; all that they
    compare is read at once.
    """
    prefetch_related_objects(list(classes), "pools")
    requirements = requirements or requirements_of(training_class.pk for training_class in classes)
    trainings = trainings_of(trainee)
    taken = courses_taken(trainings)
    earlier = earlier_trainings(
        trainings, {item.pk: requirements[item.pk] for item in classes if item.guards_repeats}, now
    )
    commitments = commitments_of(trainee, classes)
    commitments = commitments.without(leaving) if leaving else commitments
    waiting = towns_that_wait(classes, now)
    interested = interested_in(trainee, classes, now)

    def rules(training_class: TrainingClass) -> Iterator[Reason]:
        yield from first_refusal_reasons(training_class, interested, now)
        yield from _own_reasons(trainee, training_class, requirements[training_class.pk])
        yield from _prerequisite_reasons(requirements[training_class.pk], taken)
        yield from _approval_reasons(trainee, training_class)
        if training_class.guards_repeats:
            yield repeat_reason(earlier[training_class.pk])
        yield clash_reason(training_class, commitments)
        yield _seat_reason(
            trainee.village.town,
            training_class,
            training_class.pools.all(),
            now,
            waiting.get(training_class.pk, ()),
        )

    return {training_class.pk: rules(training_class) for training_class in classes}


def may_be_for(trainee: Trainee, training_class: TrainingClass, requirements: Requirements) -> bool:
    """Whether post or group, stage and street-town fit; asks no database where the person came with
    the profile.
    """
    return all(reason.ok for reason in _own_reasons(trainee, training_class, requirements))


def reasons_before_the_lock(
    trainee: Trainee, training_class: TrainingClass, now: datetime
) -> tuple[list[Reason], list[Earlier]]:
    """Against a booking, of what does not change within a moment: post, stage, town, prerequisites.

    And what it would repeat.
    """
    requirements = requirements_of([training_class.pk])[training_class.pk]
    trainings = trainings_of(trainee)
    reasons = [
        *first_refusal_reasons(training_class, interested_in(trainee, [training_class], now), now),
        *_own_reasons(trainee, training_class, requirements),
        *_prerequisite_reasons(requirements, courses_taken(trainings)),
    ]
    earlier = earlier_trainings(trainings, {training_class.pk: requirements}, now)[
        training_class.pk
    ]
    return [reason for reason in reasons if not reason.ok], earlier


def reasons_against_promotion(
    trainee: Trainee,
    training_class: TrainingClass,
    requirements: Requirements,
    *,
    channel: str = EnrolmentChannel.SELF,
) -> list[Reason]:
    """What is checked again when a seat comes free: what may have changed since, which is the
    person's post and time.
    """
    reasons = [
        *_own_reasons(trainee, training_class, requirements),
        own_clash_reason(trainee, training_class, channel=channel),
    ]
    return [reason for reason in reasons if not reason.ok]


def own_clash_reason(
    trainee: Trainee,
    training_class: TrainingClass,
    *,
    channel: str = EnrolmentChannel.SELF,
    leaving: TrainingClass | None = None,
) -> Reason:
    """The clash rule for one person and class. Who is sent by a coordinator has other duties
    settled: only lessons count.

    `leaving` is a class that the person gives up for this one.
    """
    commitments = commitments_of(trainee, [training_class])
    return clash_reason(
        training_class,
        commitments.without(leaving) if leaving else commitments,
        only_lessons=channel != EnrolmentChannel.SELF,
    )


def why_not_now(training_class: TrainingClass, now: datetime) -> BookingError | None:
    """The refusal that holds for everybody at this moment, or nothing while booking is open.

    Asks no database.
    """
    names = {"title": training_class.title}
    match training_class.status:
        case ClassStatus.CANCELLED:
            return ClassCancelled(
                _("“%(title)s” is cancelled. Please look for another class.") % names
            )
        case ClassStatus.CLOSED:
            return BookingClosed(_("“%(title)s” is over. Please look for another class.") % names)
        case ClassStatus.DRAFT:
            return BookingNotOpen(
                _("“%(title)s” is still being planned; it cannot be booked yet.") % names
            )
    if training_class.status == ClassStatus.RUNNING or training_class.has_started(now):
        return AlreadyStarted(
            _("“%(title)s” has started. Please look for the next one of its kind.") % names
        )
    if now < training_class.booking_opens_at:
        return BookingNotOpen(
            _("Booking opens on %(moment)s. Please come back then.")
            % {"moment": moment_in_words(training_class.booking_opens_at)}
        )
    if now >= training_class.booking_closes_at:
        return BookingClosed(
            _("Booking closed on %(moment)s. Please look for another class.")
            % {"moment": moment_in_words(training_class.booking_closes_at)}
        )
    return None


def moment_in_words(moment: datetime) -> str:
    """11月10日 周三 17:00."""
    return f"{day(moment)} {clock(moment)}"


# --- Single rules ---------------------------------------------------------------------------------


def _window_reason(training_class: TrainingClass, now: datetime) -> Reason:
    if refusal := why_not_now(training_class, now):
        return Reason(False, str(refusal), rule="window")
    return Reason(
        True,
        _("Booking is open"),
        _("until %(moment)s") % {"moment": moment_in_words(training_class.booking_closes_at)},
        rule="window",
    )


def first_refusal_reasons(
    training_class: TrainingClass, interested: Collection[int], now: datetime
) -> list[Reason]:
    """Whoever was interested before the class had a date books first; afterwards nothing is said of
    it.
    """
    if not has_first_refusal(training_class, now):
        return []
    until = moment_in_words(training_class.first_refusal_until)
    if training_class.pk in interested:
        return [
            Reason(
                True,
                _("You were interested, so you book first"),
                _("until %(moment)s only the interested book") % {"moment": until},
                rule="interest",
            )
        ]
    return [
        Reason(
            False,
            _("Kept for the interested for now"),
            _("until %(moment)s only the interested book") % {"moment": until},
            _("From then on everybody books; come back then."),
            rule="interest",
        )
    ]


def _own_reasons(
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
    group = trainee.learner_group.name
    if trainee.learner_group_id in requirements.groups:
        return Reason(
            True,
            _("Open to your group"),
            _("You joined as %(group)s") % {"group": group},
            rule="group",
        )
    fact = (
        _("this class is open to %(groups)s; you joined as %(group)s")
        if requirements.groups
        else _("this class is for cadres of villages only; you joined as %(group)s")
    )
    return Reason(
        False,
        _("This class is not open to your group"),
        fact % {"groups": _listed(requirements.groups), "group": group},
        _(
            "“What I can book” shows the classes that are. If you hold a post in a village now, ask"
            " its coordinator to add you to the roster."
        ),
        rule="group",
    )


def _position_reason(
    trainee: Trainee, training_class: TrainingClass, requirements: Requirements
) -> Reason:
    """The post held now is among those the class is for; a class that names no post is for all."""
    holds = _("On file you are %(position)s") % {"position": trainee.position.name}
    if training_class.groups_only:
        return Reason(
            False,
            _("This class is for other groups"),
            _("this class is open to %(groups)s only") % {"groups": _listed(requirements.groups)},
            _("“What I can book” shows the classes for your post."),
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
            "audiences": _listed(requirements.positions),
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
            _("On file you are at the stage “%(stage)s”")
            % {"stage": requirements.stages[trainee.stage_id]},
            rule="stage",
        )
    wanted = {
        "stages": _listed(requirements.stages),
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
    town = trainee.village.town
    if town.pk in requirements.towns:
        return Reason(True, _("Your street-town fits"), town.name, rule="town")
    return Reason(
        False,
        _("This class is for other street-towns"),
        _("this class is for %(towns)s; your village belongs to %(town)s")
        % {
            "towns": _listed(requirements.towns),
            "town": town.name,
        },
        _(
            "Please look for a class that is open to all, or ask your street-town for one of its"
            " own."
        ),
        rule="town",
    )


def _prerequisite_reasons(requirements: Requirements, taken: Collection[int]) -> list[Reason]:
    if not requirements.prerequisites:
        return []
    missing = {key: title for key, title in requirements.prerequisites.items() if key not in taken}
    if not missing:
        return [
            Reason(
                True,
                _("You have taken what comes before"),
                _listed(requirements.prerequisites),
                rule="prerequisite",
            )
        ]
    return [
        Reason(
            False,
            _("Another course comes first"),
            _("not taken yet: %(courses)s") % {"courses": _listed(missing)},
            _("Take it first; the course page shows when it is held."),
            courses=tuple(missing),
            rule="prerequisite",
        )
    ]


def _approval_reasons(trainee: Trainee, training_class: TrainingClass) -> list[Reason]:
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


def repeat_reason(earlier: Iterable[Earlier]) -> Reason:
    """What was taken, which way it is the same, and when."""
    found = next(iter(earlier), None)
    if found is None:
        return Reason(
            True,
            _("New to you"),
            _("You have not taken its courses within 24 months"),
            rule="repeat",
        )
    return Reason(
        False,
        _("You have taken this before"),
        earlier_in_words(found),
        _("Take the next level, ask for an exemption, or say why you take it again."),
        rule="repeat",
    )


def earlier_in_words(earlier: Earlier) -> str:
    """加装电梯实务，2027年3月1日在“某班”上过."""
    training = earlier.training
    names = {
        "title": training.title,
        "day": full_day(training.on),
        "class_title": training.class_title,
        "score": earlier.score,
    }
    match earlier.kinship:
        case Kinship.SAME:
            return _("“%(title)s” on %(day)s, in “%(class_title)s”") % names
        case Kinship.EQUIVALENT:
            return (
                _("“%(title)s”, which counts as the same, on %(day)s, in “%(class_title)s”") % names
            )
        case Kinship.NEAR_SAME:
            return (
                _(
                    "“%(title)s”, whose content is nearly the same (%(score)d of 100), on %(day)s,"
                    " in “%(class_title)s”"
                )
                % names
            )


def clash_reason(
    training_class: TrainingClass, commitments: Commitments, *, only_lessons: bool = False
) -> Reason:
    """Lesson against lesson, and against other busy times such as secondment days. Source:
    docs/rules.md R4.

    A class whose clash rule is to warn lets the person decide.
    """
    lessons, others = commitments.clashing_lessons(training_class), ()
    busy = [] if only_lessons else commitments.clashing_times(training_class)
    if lessons:
        title = ngettext(
            "One lesson clashes with another class of yours",
            "%(count)d lessons clash with other classes of yours",
            len(lessons),
        ) % {"count": len(lessons)}
        fact = _("%(moment)s you have “%(title)s”") % {
            "moment": moment_in_words(lessons[0].starts_at),
            "title": lessons[0].training_class.title,
        }
        way_out = _("Cancel the other class first, or take the next one of this kind.")
        others = tuple(dict.fromkeys(lesson.training_class_id for lesson in lessons))
    elif busy:
        title = ngettext(
            "One lesson falls on a time that is taken",
            "%(count)d lessons fall on times that are taken",
            len(busy),
        ) % {"count": len(busy)}
        fact = _("%(moment)s is %(what)s") % {
            "moment": moment_in_words(busy[0].starts_at),
            "what": busy[0].title,
        }
        way_out = _("If it has been agreed that you may come, your coordinator can book you.")
    else:
        return _no_clash(commitments.beside(training_class))
    if training_class.clash_rule == ClashRule.WARN:
        return Reason(
            True,
            title,
            fact,
            _("You may book all the same; please settle it yourself."),
            hint=True,
            rule="clash",
        )
    return Reason(False, title, fact, way_out, classes=others, rule="clash")


def _no_clash(others: Collection) -> Reason:
    if not others:
        return Reason(
            True, _("No clash of times"), _("You have booked no other class"), rule="clash"
        )
    compared = {
        "classes": len({lesson.training_class_id for lesson in others}),
        "lessons": len(others),
    }
    return Reason(
        True,
        _("No clash of times"),
        _("Compared lesson by lesson with your %(classes)d classes, %(lessons)d lessons")
        % compared,
        rule="clash",
    )


def _listed(names: Mapping[int, str]) -> str:
    return pgettext("between names", ", ").join(names.values())


def _seat_reason(
    town,
    training_class: TrainingClass,
    pools: Iterable[SeatPool],
    now: datetime,
    waiting: Collection[int],
) -> Reason:
    """What booking would give now: a seat of the own town, a seat open to all, or a place in the
    queue.
    """
    pools = list(pools)
    fold_due(pools, now)
    match outlook(town.pk, training_class, pools, now, waiting):
        case Outlook.SEAT:
            pool = pool_with_a_seat(town.pk, pools)
            if pool.town_id is None:
                return Reason(
                    True,
                    _("Seats are left"),
                    ngettext("%(count)d seat left", "%(count)d seats left", pool.seats_left)
                    % {"count": pool.seats_left},
                    rule="seat",
                )
            kept = {"town": town.name, "count": pool.seats_left, "day": short_day(pool.release_at)}
            fact = (
                _("%(town)s has %(count)d left; what is unused is open to all from %(day)s")
                if pool.release_at
                else _("%(town)s has %(count)d left")
            )
            return Reason(True, _("Your town has seats left"), fact % kept, rule="seat")
        case Outlook.QUEUE:
            return Reason(
                True,
                _queue_title(town, pools),
                _(
                    "When somebody cancels, the seat goes to the queue in its order, and you are"
                    " told at once"
                ),
                hint=True,
                rule="seat",
            )
    if _kept_for_others(town, pools):
        return Reason(
            False,
            _("The seats left are kept for other towns"),
            _("this class keeps no waiting list"),
            _open_to_all_later(pools),
            rule="seat",
        )
    return Reason(
        False,
        _("Full"),
        _("every seat is taken, and this class keeps no waiting list"),
        _("Please look for another class; when somebody cancels, the seat shows here again."),
        rule="seat",
    )


def _queue_title(town, pools: Iterable[SeatPool]) -> str:
    if _kept_for_others(town, pools):
        return _("The seats left are kept for other towns; you can wait")
    return _("Full at the moment; you can wait")


def _kept_for_others(town, pools: Iterable[SeatPool]) -> bool:
    return any(pool.seats_left > 0 for pool in pools if pool.town_id not in (town.pk, None))


def _open_to_all_later(pools: Iterable[SeatPool]) -> str:
    hours = [
        pool.release_at
        for pool in pools
        if pool.seats_left > 0 and pool.town_id is not None and pool.release_at is not None
    ]
    if not hours:
        return _("Please look for another class.")
    return _("What is unused is open to all from %(moment)s; come back then.") % {
        "moment": moment_in_words(min(hours))
    }
