"""The words of each state of a class for a person: badge, headline, facts, actions, notes."""

from dataclasses import replace
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from academy.templatetags.portal_tags import clock, day, short_day
from courses.models import ClassStatus
from courses.schedule.listing import Badge

from ..booking.approval_state import approval_in_words, approval_of
from ..booking.withdrawing import may_cancel_seat
from ..models import Trainee
from ..seats.counting import Place
from .class_state import Action, ClassState, Seen, name_of_state
from .queue_words import (
    meaning_of_place,
    number_in_queue,
    words_of_chance,
    words_of_first_timers,
    words_of_priority,
)


def class_state(seen: Seen) -> ClassState:
    """Return the state with everything that is said and offered in it."""
    name = name_of_state(seen)
    rule = _rule_of_the_queue(seen) if name in MAY_WAIT else ""
    return replace(STATES[name](seen), name=name, rule_of_queue=rule)


def _rule_of_the_queue(seen: Seen) -> str:
    """Who comes first in it, and what that means for the person; empty: first come, first
    served.
    """
    if not seen.training_class.has_waiting_list:
        return ""
    enrolment = seen.enrolment
    priority = enrolment.priority if enrolment else seen.priority_to_come
    place = seen.place or seen.place_to_come
    return words_of_first_timers(seen.training_class, place, priority)


# --- The person has booked ------------------------------------------------------------------------


def _booked(seen: Seen) -> ClassState:
    training_class, lesson = seen.training_class, seen.next_lesson
    may_cancel = may_cancel_seat(training_class, seen.now)
    is_too_late = not may_cancel and lesson is not None
    cancel = reverse("trainees:cancel", args=[training_class.code])
    actions = [_my_bookings()]
    if may_cancel:
        actions.append(Action(_("Cancel the booking"), cancel, "plain"))
    elif is_too_late and training_class.status == ClassStatus.OPEN:
        ask = _("Ask to give the seat back")
        actions.append(Action(ask, cancel, "plain", only_beside=True))
    over = _("All lessons are over")
    return ClassState(
        badge=Badge("ok", _("Booked")),
        headline=(
            _("See you on %(day)s %(clock)s") % _full_moment(lesson.starts_at) if lesson else over
        ),
        facts=[_("You are reminded the day before.")] if lesson else [],
        brief=_("next lesson %(day)s %(clock)s") % _moment(lesson.starts_at) if lesson else over,
        approval=_approval(seen),
        actions=actions,
        is_too_late=is_too_late,
        notes=(
            [
                _("Until %(day)s %(clock)s you can cancel by yourself.")
                % _moment(training_class.cancellable_until)
            ]
            if may_cancel
            else []
        ),
    )


def _waitlisted(seen: Seen) -> ClassState:
    cancel = reverse("trainees:cancel", args=[seen.training_class.code])
    return ClassState(
        badge=Badge("wait", number_in_queue(seen.place)),
        headline=_("You are in the queue"),
        facts=[meaning_of_place(seen.place)],
        brief=_("you are told when a seat comes free"),
        approval=_approval(seen),
        asides=[*words_of_chance(seen.chance), *words_of_priority(seen.enrolment)],
        meaning_of_absences=seen.enrolment.priority > 0,
        actions=[_my_bookings(), Action(_("Leave the queue"), cancel, "plain")],
    )


def _offered(seen: Seen) -> ClassState:
    until = _moment(seen.enrolment.offer_ends_at)
    return ClassState(
        badge=Badge("wait", _("Held for you"), "clock"),
        headline=_("Yours until %(day)s %(clock)s") % until,
        facts=[_("Without an answer the seat goes to the next person.")],
        brief=_("until %(day)s %(clock)s") % until,
        approval=_approval(seen),
        form=reverse("trainees:offer", args=[seen.training_class.code]),
        actions=[
            Action(_("Take the seat"), name="take", value="1"),
            Action(_("I cannot come"), look="quiet", name="decline", value="1"),
        ],
    )


def _completed(seen: Seen) -> ClassState:
    return ClassState(
        badge=Badge("ok", _("Completed")),
        headline=_("You have taken this class"),
        actions=[Action(_("My study hours"), reverse("trainees:my_hours"))],
    )


# --- Nobody can book ------------------------------------------------------------------------------


def _not_bookable(badge: Badge, text: str, seen: Seen) -> ClassState:
    return ClassState(badge=badge, facts=[text], brief=text, actions=[_other_classes(seen.trainee)])


def _cancelled(seen: Seen) -> ClassState:
    badge = Badge("bad", pgettext("class", "Cancelled"))
    return _not_bookable(badge, _("This class will not be held."), seen)


def _closed(seen: Seen) -> ClassState:
    badge = Badge("idle", pgettext("class", "Over"), "check-circle-fill")
    return _not_bookable(badge, _("The hours of this class are posted."), seen)


def _running(seen: Seen) -> ClassState:
    badge = Badge("wait", pgettext("class", "Running"), "clock")
    text = _("Lessons have begun; please take the next class of its kind.")
    return _not_bookable(badge, text, seen)


def _draft(seen: Seen) -> ClassState:
    badge = Badge("idle", pgettext("class", "Draft"), "pencil")
    text = _("Only those who schedule the class see this page; nobody can book yet.")
    return _not_bookable(badge, text, seen)


def _not_yet(seen: Seen) -> ClassState:
    badge = Badge("idle", _("Booking is not open yet"), "clock")
    opens_at = seen.training_class.booking_opens_at
    text = _("opens on %(day)s %(clock)s") % _full_moment(opens_at)
    return _not_bookable(badge, text, seen)


def _booking_closed(seen: Seen) -> ClassState:
    badge = Badge("idle", _("Booking is closed"), "clock")
    closes_at = seen.training_class.booking_closes_at
    text = _("Closed on %(day)s %(clock)s; please look for another class.") % _moment(closes_at)
    return _not_bookable(badge, text, seen)


def _full(seen: Seen) -> ClassState:
    no_list = _("This class keeps no waiting list.")
    if seen.training_class.seats_left > 0:
        badge = Badge("idle", _("No seat for now"), "people")
        kept = _("The seats left are kept for other towns")
        return _not_bookable(badge, kept + pgettext("between facts", ", ") + no_list, seen)
    return _not_bookable(Badge("idle", pgettext("class", "Full"), "people"), no_list, seen)


def _refused(seen: Seen) -> ClassState:
    return ClassState(
        badge=Badge("bad", _("Not for now")),
        badge_beside=False,
        headline=_("You cannot book this class for now"),
        facts=[_("The reasons stand under “Can I book?”.")],
        brief=next(reason.title for reason in seen.reasons if not reason.ok),
        actions=[_other_classes(seen.trainee)],
    )


def _repeat(seen: Seen) -> ClassState:
    return ClassState(
        badge=Badge("wait", _("Taken before"), "info-circle"),
        badge_beside=False,
        headline=_("You have taken this before"),
        facts=[_("What you took and what you can do now stands under “Can I book?”.")],
        actions=[Action(_("See what I can do"), "#ways")],
    )


# --- Booking is open ------------------------------------------------------------------------------


def _book(seen: Seen) -> ClassState:
    known = (
        _("Nothing to fill in: your village is known from joining.")
        if seen.trainee.is_light
        else _("Nothing to fill in: your village and post come from the roster.")
    )
    return replace(
        _bookable(seen),
        headline=_("You can book"),
        form=reverse("trainees:book", args=[seen.training_class.code]),
        actions=[Action(pgettext("button", "Book"))],
        notes=[_cancellable(seen), known],
    )


def _log_in(seen: Seen) -> ClassState:
    return replace(
        _bookable(seen), actions=_log_in_to(_("Log in to book"), seen), notes=[_cancellable(seen)]
    )


def _no_profile(seen: Seen) -> ClassState:
    return replace(_bookable(seen), lead="", brief="", has_no_profile=True)


def _bookable(seen: Seen) -> ClassState:
    training_class = seen.training_class
    left = training_class.seats_left
    closes_at = training_class.booking_closes_at
    return ClassState(
        headline=_("Booking is open"),
        shows_seats=True,
        facts=[_("until %(day)s %(clock)s") % _full_moment(closes_at)],
        lead=ngettext("%(count)s seat left", "%(count)s seats left", left) % {"count": left},
        brief=_(", until %(day)s %(clock)s") % _moment(closes_at),
    )


def _wait(seen: Seen) -> ClassState:
    coming = seen.place_to_come or Place(1, 1)
    # the sentence has <b> in it; the values are a number and a moment
    text = _(
        "If you join now, you are <b>number %(place)s</b>. A seat that comes free is kept for you"
        " and you are told; you can still decline until %(day)s %(clock)s."
    ) % {"place": coming.number, **_moment(seen.training_class.cancellable_until)}
    return replace(
        _with_a_queue(seen),
        facts=[SafeString(text)],
        brief=_(", you would be number %(place)s") % {"place": coming.number},
        form=reverse("trainees:book", args=[seen.training_class.code]),
        actions=[Action(_("Join the queue"))],
    )


def _log_in_to_wait(seen: Seen) -> ClassState:
    waiting = seen.training_class.waiting_count
    return replace(
        _with_a_queue(seen),
        facts=[
            _(
                "A seat that comes free is kept for you and you are told; you can still decline"
                " until %(day)s %(clock)s."
            )
            % _moment(seen.training_class.cancellable_until)
        ],
        brief=ngettext(", %(count)s waiting", ", %(count)s waiting", waiting) % {"count": waiting},
        actions=_log_in_to(_("Log in to wait"), seen),
    )


def _with_a_queue(seen: Seen) -> ClassState:
    if seen.training_class.seats_left > 0:
        return ClassState(
            headline=_("You can wait for a seat"),
            lead=_("The seats left are kept for other towns"),
        )
    return ClassState(headline=_("Full; you can wait"), lead=pgettext("class", "Full"))


# --- There is no date yet -------------------------------------------------------------------------


def _gauging(seen: Seen) -> ClassState:
    state = ClassState(headline=_("The dates are not set yet"))
    form = reverse("trainees:interest", args=[seen.training_class.code])
    ask = _(
        "Would you come? Then you are told when the date is set, and book 48 hours before"
        " everybody else."
    )
    if seen.is_interested:
        told = _("You are told when the date is set, and book first.")
        back = Action(_("No longer interested"), look="quiet", name="step", value="take_back")
        badge = Badge("ok", _("You are interested"))
        return replace(state, badge=badge, facts=[told], brief=told, form=form, actions=[back])
    if seen.trainee:
        show = Action(_("I am interested"))
        return replace(state, facts=[ask], brief=ask, form=form, actions=[show])
    if seen.user.is_authenticated:
        return replace(state, has_no_profile=True)
    log_in = Action(_("Log in to say so"), _log_in_address(seen))
    return replace(state, facts=[ask], brief=ask, actions=[log_in])


STATES = {
    # a booking of one's own: the values of EnrolmentStatus
    "booked": _booked,
    "waitlisted": _waitlisted,
    "offered": _offered,
    "completed": _completed,
    # what holds for everybody
    "gauging": _gauging,
    "not_yet": _not_yet,
    "booking_closed": _booking_closed,
    "running": _running,
    "closed": _closed,
    "cancelled": _cancelled,
    "draft": _draft,
    # what the person can do while booking is open
    "book": _book,
    "wait": _wait,
    "repeat": _repeat,
    "refused": _refused,
    "full": _full,
    "no_profile": _no_profile,
    "log_in": _log_in,
    "log_in_to_wait": _log_in_to_wait,
}


# those for whom the order of the queue counts, or may count
MAY_WAIT = ("waitlisted", "wait", "log_in_to_wait", "not_yet", "book", "log_in", "repeat")


# --- Parts of several states ----------------------------------------------------------------------


def _approval(seen: Seen) -> str:
    return approval_in_words(approval_of(seen.enrolment))


def _cancellable(seen: Seen) -> str:
    return _("You can cancel until %(day)s %(clock)s; later bookings are not affected.") % _moment(
        seen.training_class.cancellable_until
    )


def _my_bookings() -> Action:
    return Action(_("See my classes"), reverse("portal:me"))


def _other_classes(trainee: Trainee | None) -> Action:
    address = reverse("trainees:class_list")
    if trainee is None:
        return Action(_("See other classes"), address)
    if trainee.is_light:
        return Action(pgettext("heading", "Classes to book"), f"{address}?bookable=1")
    post = urlencode({"audience": trainee.position.name})
    return Action(_("Classes for my post"), f"{address}?{post}")


def _log_in_to(words: str, seen: Seen) -> list[Action]:
    actions = [Action(words, _log_in_address(seen))]
    if seen.is_for_groups:
        join = f"{reverse('trainees:join')}?{urlencode({'next': seen.address}, safe='/')}"
        actions.append(Action(_("Join as a resident"), join, "quiet"))
    return actions


def _log_in_address(seen: Seen) -> str:
    return f"{reverse('account_login')}?{urlencode({'next': seen.address}, safe='/')}"


def _moment(moment: datetime | None) -> dict[str, str]:
    return {"day": short_day(moment), "clock": clock(moment)}


def _full_moment(moment: datetime | None) -> dict[str, str]:
    return {"day": day(moment), "clock": clock(moment)}
