"""Parallel slots of a lesson: one's own choice, and the slots of a class for whoever runs it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods

from courses.models import HELD, Lesson, TrainingClass

from ..booking.slots import (
    SlotRefused,
    choose_slot,
    people_of_slots,
    place_rest,
    slot_groups,
    slot_groups_for,
    slot_in_words,
    unchosen,
)
from ..errors import BookingError
from ..models import Enrolment, EnrolmentStatus
from ..workspace.frame import PEOPLE
from .attendance import class_run_by
from .booking import require_trainee
from .class_frame import render_tab


@require_http_methods(["GET", "HEAD", "POST"])
def own_slots(request: HttpRequest, code: str) -> HttpResponse:
    """The slots of a class with what one has chosen; whoever has no seat is led to the class."""
    training_class = get_object_or_404(TrainingClass.objects.visible_to(request.user), code=code)
    trainee = require_trainee(request.user)
    enrolment = (
        Enrolment.objects.filter(
            trainee=trainee, training_class=training_class, status=EnrolmentStatus.BOOKED
        )
        .select_related("trainee", "training_class")
        .first()
    )
    if enrolment is None:
        messages.info(request, _("You have no booking in this class."))
        return redirect(training_class)
    if request.method == "POST":
        return _choose(request, enrolment)
    groups = slot_groups_for(enrolment, training_class, timezone.now())
    if not groups:
        return redirect(training_class)
    context = {"training_class": training_class, "slot_groups": groups}
    return render(request, "trainees/own_slots.html", context)


def _choose(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    code = enrolment.training_class.code
    try:
        slot = _slot(request.POST.get("slot", ""), enrolment.training_class)
        choose_slot(enrolment=enrolment, lesson=slot, by=request.user, now=timezone.now())
    except BookingError as error:
        messages.error(request, str(error))
        return redirect("trainees:own_slots", code)
    messages.success(request, _("Your slot: %(slot)s.") % {"slot": slot_in_words(slot)})
    page = "trainees:booked" if "booked" in request.POST else "trainees:class_page"
    return redirect(f"{reverse(page, args=[code])}#slots")


def _slot(key: str, training_class: TrainingClass) -> Lesson:
    """The lesson that was tapped. Raises SlotRefused."""
    number = int(key) if key.isascii() and key.isdecimal() and len(key) < 18 else 0
    found = training_class.lessons.select_related("venue__campus", "course_version")
    slot = found.filter(pk=number).first()
    if slot is None:
        raise SlotRefused(_("Choose one of the slots."))
    return slot


@require_http_methods(["GET", "HEAD", "POST"])
def class_slots(request: HttpRequest, code: str) -> HttpResponse:
    """The slots of a class with their people, and one tap for those who have chosen none."""
    training_class, now = class_run_by(request.user, code), timezone.now()
    if request.method == "POST":
        if training_class.status not in HELD:
            messages.error(
                request, _("This class is closed or cancelled, so its slots stay as they are.")
            )
        else:
            _place(request, training_class)
        return redirect("trainees:class_slots", code)
    groups = slot_groups(training_class, now)
    people = people_of_slots(training_class) if groups else {}
    missing = unchosen(training_class) if groups else []
    return render_tab(
        request,
        training_class,
        PEOPLE,
        "trainees/class_slots.html",
        {
            "groups": [
                {
                    "group": group,
                    "slots": [(slot, people.get(slot.lesson.pk, [])) for slot in group.slots],
                    "missing": [person for person, number in missing if number == group.number],
                }
                for group in groups
            ],
            "missing": len({person.pk for person, _group in missing}),
            "is_held": training_class.status in HELD,
        },
    )


def _place(request: HttpRequest, training_class: TrainingClass) -> None:
    done = place_rest(training_class=training_class, by=request.user, now=timezone.now())
    if done.placed:
        messages.success(
            request,
            ngettext(
                "%(count)d person was placed and told.",
                "%(count)d people were placed and told.",
                len(done.placed),
            )
            % {"count": len(done.placed)},
        )
    elif not done.left:
        messages.info(request, _("Everybody has a slot already."))
    if done.left:
        names = pgettext("between names", ", ").join(
            dict.fromkeys(person.trainee.name for person in done.left)
        )
        messages.error(
            request,
            _(
                "For %(names)s no slot has a seat that does not clash with another class. Add seats"
                " to a slot, or speak with them."
            )
            % {"names": names},
        )
