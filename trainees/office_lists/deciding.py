"""The lists of what waits for a decision: bookings to approve, requests about bookings."""

from functools import cached_property
from typing import Any, NamedTuple

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from academy.errors import PortalError
from academy.lists.actions import Bulk, Link, Nothing, Outcomes
from academy.lists.columns import Action, Badge, Column, FullDay, LongText, Moment, Whole
from academy.lists.listing import OfficeList
from academy.models import Village
from courses.models import TrainingClass
from courses.schedule.places import load_places

from ..booking.approval_notices import deadline_in_words
from ..booking.no_shows import standing_of
from ..me.queue_words import number_in_queue
from ..models import (
    AbsenceAppeal,
    ApprovalStep,
    LeaveRequest,
    NoShowAppeal,
    Trainee,
    TraineeRequest,
)
from ..people.approvers import mandates_of, steps_of
from ..petitions.leave import LeaveMeter, lesson_in_words, meters_of
from ..petitions.requests import class_of, decide, kind_of, person_of, waiting_requests
from ..seats.counting import places_of


class ApprovalRow(NamedTuple):
    """A step with where the person stands, what was said before, until when, and for whom one
    decides.
    """

    step: ApprovalStep
    place: int | None
    until: str
    for_whom: str

    @property
    def enrolment(self) -> Any:
        return self.step.approval.enrolment

    @property
    def seat(self) -> tuple[str, str]:
        if self.place:
            return "wait", str(number_in_queue(self.place))
        if self.enrolment.status == "offered":
            return "wait", str(self.enrolment.get_status_display())
        return "ok", _("Has a seat")

    @property
    def deadline(self) -> str:
        if not self.until:
            return ""
        if self.step.passes_on_at:
            words = _("until %(moment)s, then the next level decides")
        else:
            words = _("until %(moment)s, when the class begins")
        return words % {"moment": self.until}

    @property
    def earlier(self) -> str:
        """What the levels before have said, and who."""
        return "；".join(
            "，".join(
                str(part)
                for part in (
                    f"{step.get_level_display()}{pgettext('before a fact', ': ')}"
                    f"{step.get_decision_display()}",
                    step.by.name if step.by else "",
                    step.opinion,
                )
                if part
            )
            for step in self.step.approval.steps.all()
            if step.pk != self.step.pk
        )


class ApprovalList(OfficeList):
    """What the person can decide now; several at once with one tap."""

    slug, address = "approvals", "trainees:approvals"
    heading = gettext_lazy("Bookings to approve")
    about = gettext_lazy(
        "Seats and places are kept until you decide. Whoever is not approved gives the seat to the"
        " next in the queue, and reads your reason."
    )
    row_name = "steps"
    searched = (
        "approval__enrolment__trainee__user__name",
        "approval__enrolment__training_class__title",
        "approval__enrolment__village__name",
    )
    bulk = (
        Bulk("approve", pgettext_lazy("button", "Approve"), sends="decision"),
        Bulk(
            "refuse",
            pgettext_lazy("button", "Do not approve"),
            sends="decision",
            wants=("opinion", gettext_lazy("Opinion; a reason where you do not approve")),
        ),
    )
    nothing = Nothing(
        gettext_lazy("No booking waits for you."),
        gettext_lazy("Bookings of classes that need your approval stand here until you decide."),
    )

    person = Column(
        pgettext_lazy("of a person", "Name"),
        "enrolment.trainee.user.name",
        sort="approval__enrolment__trainee__stroke_key",
    )
    seat = Badge(gettext_lazy("Seat"))
    training_class = LongText(
        gettext_lazy("Training class"),
        "enrolment.training_class.title",
        sort="approval__enrolment__training_class__title",
    )
    starts = Moment(
        gettext_lazy("First lesson"),
        "enrolment.training_class.starts_at",
        sort="approval__enrolment__training_class__starts_at",
    )
    town = Column(
        gettext_lazy("Street-town"),
        "enrolment.village.town.name",
        sort="approval__enrolment__village__town__code",
    )
    village = Column(
        pgettext_lazy("unit", "Village"),
        "enrolment.village.name",
        sort="approval__enrolment__village__code",
        width="w-place",
    )
    post = LongText(pgettext_lazy("of a person", "Post"), "enrolment.post")
    asked = Moment(gettext_lazy("Asked on"), "step.asked_at", sort="asked_at")
    deadline = Column(gettext_lazy("Answer by"), "deadline")
    earlier = Whole(gettext_lazy("Said before"), "earlier")
    for_whom = Column(gettext_lazy("Decided for"), "for_whom")
    place = LongText(
        gettext_lazy("Where"), "enrolment.training_class.place", on=False, on_phone=False
    )

    def rows(self) -> QuerySet[ApprovalStep]:
        waiting = (
            steps_of(self.user, self.today)
            .waiting(self.now)
            .select_related(
                "approval__enrolment__trainee__user",
                "approval__enrolment__village__town",
                "approval__enrolment__position",
                "approval__enrolment__learner_group",
                "approval__enrolment__training_class__campus",
            )
            .prefetch_related("approval__steps__by")
        )
        return waiting.order_by("approval__enrolment__training_class__starts_at", "asked_at", "pk")

    def prepared(self, rows: list[ApprovalStep]) -> list[ApprovalRow]:
        bookings = [step.approval.enrolment for step in rows]
        load_places(booking.training_class for booking in bookings)
        places = places_of([booking for booking in bookings if booking.is_waiting])
        mandates = mandates_of(self.user, self.today)
        found = []
        for step, booking in zip(rows, bookings, strict=True):
            mandate = next((item for item in mandates if item.covers(step.level, booking)), None)
            for_whom = mandate.on_behalf_of if mandate else None
            found.append(
                ApprovalRow(
                    step,
                    places.get(booking.pk),
                    deadline_in_words(step, booking.training_class),
                    _("you decide for %(name)s") % {"name": for_whom.name} if for_whom else "",
                )
            )
        return found

    def key(self, row: ApprovalRow) -> str:
        return str(row.step.pk)

    def name(self, row: ApprovalRow) -> str:
        return row.enrolment.trainee.name

    def is_ticked(self, row: ApprovalRow) -> bool:
        return super().is_ticked(row) or self.page.paginator.count == 1

    def show_training_class(self, row: ApprovalRow) -> str:
        found = row.enrolment.training_class
        return format_html('<a href="{}">{}</a>', found.get_absolute_url(), found.title)

    def links(self) -> list[Link]:
        if not self.user.has_perm("trainees.name_deputies"):
            return []
        words = _("Away for some days? Name a deputy")
        return [Link(words, reverse("trainees:deputies"), "person-workspace")]


# --- Requests about bookings ----------------------------------------------------------------------

KIND_WORDS = {
    "leave": gettext_lazy("Leave"),
    "absence": gettext_lazy("Appeal against an absence"),
    "withdrawal": gettext_lazy("Gives the seat back late"),
    "exemption": gettext_lazy("Exemption"),
    "appeal": gettext_lazy("Appeal against absences"),
}


class RequestRow(NamedTuple):
    """A request with who asks about which class, and what speaks for it."""

    asked: TraineeRequest
    kind: str
    trainee: Trainee
    training_class: TrainingClass | None
    village: Village  # of the booking where there is one
    facts: str

    @property
    def kind_words(self) -> str:
        return str(KIND_WORDS[self.kind])


class PetitionFilter(forms.Form):
    """A word, and what is asked for."""

    q = forms.CharField(label=gettext_lazy("Find in this list"), max_length=60, required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("What is asked for"),
        required=False,
        choices=[("", pgettext_lazy("filter", "All")), *KIND_WORDS.items()],
    )


class PetitionList(OfficeList):
    """Leave, late withdrawals, exemptions and appeals that wait for an answer, the oldest first."""

    slug, address = "petitions", "trainees:requests"
    heading = gettext_lazy("Requests about bookings")
    has_steps_of_rows = True
    bulk = (
        Bulk("agree", pgettext_lazy("button", "Agree")),
        Bulk(
            "refuse",
            pgettext_lazy("button", "Refuse"),
            wants=("answer", gettext_lazy("Answer (needed when you refuse)")),
        ),
    )
    nothing = Nothing(
        gettext_lazy("No request waits."),
        gettext_lazy(
            "Requests for leave, to give a seat back late, for an exemption, and appeals stand here"
            " until they are answered."
        ),
    )

    person = Column(pgettext_lazy("of a person", "Name"), "trainee.user.name", sort=True)
    what = Column(gettext_lazy("What is asked for"), "kind_words", sort=True)
    # beside the name: nobody should answer without having read them
    reason = Whole(gettext_lazy("Reason"), "asked.reason")
    facts = Whole(gettext_lazy("What is on file"), "facts")
    training_class = LongText(gettext_lazy("Training class"), "training_class.title", sort=True)
    starts = Moment(gettext_lazy("First lesson"), "training_class.starts_at", sort=True)
    unit = Column(
        gettext_lazy("Unit"),
        lambda row: f"{row.village.town.name} {row.village.name}",
        sort=True,
        width="w-place",
    )
    asked_at = Moment(gettext_lazy("Asked on"), "asked.asked_at", sort=True)
    answer = Action(gettext_lazy("Answer"))

    @cached_property
    def form(self) -> PetitionFilter:
        return PetitionFilter(self.request.GET)

    def links(self) -> list[Link]:
        if not self.user.has_perm("trainees.decide_claims"):
            return []
        claims = _("Claims of study hours")
        return [Link(claims, reverse("trainees:hour_claims"), "clock")]

    def rows(self) -> list[RequestRow]:
        waiting = waiting_requests(
            TrainingClass.objects.run_by(self.user),
            with_appeals=self.user.has_perm("trainees.decide_appeal"),
        )
        meters = meters_of(
            {asked.enrolment for asked in waiting if isinstance(asked, LeaveRequest)}
        )
        return [self._row(asked, meters) for asked in waiting]

    def _row(self, asked: TraineeRequest, meters: dict[int, LeaveMeter]) -> RequestRow:
        facts = getattr(asked, "earlier", "")
        if isinstance(asked, LeaveRequest):
            lessons = "；".join(lesson_in_words(lesson) for lesson in asked.lessons.all())
            facts = f"{lessons}。{meters[asked.enrolment_id].in_words}"
        if isinstance(asked, AbsenceAppeal):
            claim = _("says: was there") if asked.was_there else _("says: had a reason")
            facts = f"{lesson_in_words(asked.lesson)}；{claim}"
        if isinstance(asked, NoShowAppeal):
            absences = standing_of(asked.trainee, self.now).absences
            days = (f"{FullDay('').html(item.on)} {item.class_title}" for item in absences)
            facts = "；".join(days)
        trainee = person_of(asked)
        booking = getattr(asked, "enrolment", None)
        village = booking.village if booking else trainee.village
        return RequestRow(asked, kind_of(asked), trainee, class_of(asked), village, facts)

    @cached_property
    def found(self) -> list[RequestRow]:
        if not self.is_known:
            return []
        word, kind = self.form.cleaned_data["q"].casefold(), self.form.cleaned_data["kind"]
        return [
            row
            for row in self.rows()
            if kind in ("", row.kind) and word in self._words_of(row).casefold()
        ]

    def _words_of(self, row: RequestRow) -> str:
        title = row.training_class.title if row.training_class else ""
        return f"{row.trainee.user.name} {title} {row.asked.reason}"

    def key(self, row: RequestRow) -> str:
        return f"{row.kind}-{row.asked.pk}"

    def name(self, row: RequestRow) -> str:
        return row.trainee.user.name

    def show_training_class(self, row: RequestRow) -> str:
        if row.training_class is None:
            return ""
        url = reverse("trainees:class_roster", args=[row.training_class.code])
        return format_html('<a href="{}">{}</a>', url, row.training_class.title)

    def show_answer(self, row: RequestRow) -> str:
        return format_html(
            '<button class="btn btn-quiet" name="decision" value="granted" formaction="{}"'
            ' aria-label="{}：{}">{}</button>',
            reverse("trainees:decide_request", args=[row.kind, row.asked.pk]),
            pgettext("button", "Agree"),
            row.trainee.user.name,
            pgettext("button", "Agree"),
        )

    def count_words(self, count: int) -> str:
        return ngettext("%(count)d request", "%(count)d requests", count) % {"count": count}

    def bulk_agree(self, rows: list[RequestRow], outcomes: Outcomes) -> None:
        self._answer(rows, outcomes, granted=True)

    def bulk_refuse(self, rows: list[RequestRow], outcomes: Outcomes) -> None:
        self._answer(rows, outcomes, granted=False)

    def _answer(self, rows: list[RequestRow], outcomes: Outcomes, *, granted: bool) -> None:
        """Each by itself: an answer that is too late costs the others nothing."""
        for row in rows:
            try:
                decide(
                    asked=row.asked,
                    granted=granted,
                    answer=self.request.POST.get("answer", ""),
                    by=self.user,
                    now=self.now,
                )
                outcomes.done.append(self.name(row))
            except PortalError as refused:
                outcomes.refused.append((self.name(row), str(refused)))
        outcomes.report(
            self.request,
            lambda count: ngettext(
                "%(count)d answered, and the person has been told: ",
                "%(count)d answered, and the people have been told: ",
                count,
            ),
        )
