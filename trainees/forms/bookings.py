"""What staff and trainees type about bookings."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.models import GrowthStage, LearnerGroup, Position, Town
from academy.web.concurrent_edits import ConcurrentEdit
from academy.web.error_summary import ErrorSummaryMixin
from courses.forms.fields import MOST_SEATS, REQUIRED, MomentField, TicksField, in_reach
from courses.models import Course, TrainingClass

from ..classes.booking_rules import (
    LINKS,
    LONGEST_LEAD_HOURS,
    LONGEST_OFFER_HOURS,
    MOST_APPROVAL_DAYS,
    ClassRules,
)
from ..models import QueuePriority


class ClassRulesForm(ConcurrentEdit, ErrorSummaryMixin, forms.ModelForm):
    """All rules of a class on one page, in the order in which they are asked."""

    GROUPS = (
        (
            pgettext_lazy("group of fields", "For whom"),
            (
                "audiences",
                "open_to_groups",
                "groups_only",
                "stages",
                "towns",
                "prerequisites",
                "guards_repeats",
            ),
        ),
        (
            pgettext_lazy("group of fields", "When and how to book"),
            ("booking_opens_at", "booking_closes_at", "cancel_until", "clash_rule"),
        ),
        (
            pgettext_lazy("group of fields", "Who approves"),
            ("approval", "approval_village", "approval_town", "approval_district", "approval_days"),
        ),
        (
            pgettext_lazy("group of fields", "The waiting list"),
            (
                "has_waiting_list",
                "first_timers_first",
                "offer_within_hours",
                "offer_hours",
                "queue_ends_hours",
            ),
        ),
        (pgettext_lazy("group of fields", "Whether it takes place"), ("minimum_size", "decide_on")),
    )

    booking_opens_at = MomentField(label=_("Booking opens at"))
    booking_closes_at = MomentField(label=_("Booking closes at"))
    cancel_until = MomentField(
        label=_("May be cancelled until"),
        required=False,
        help_text=_("Empty: as long as booking is open."),
    )
    approval_days = forms.IntegerField(
        label=_("Workdays of silence, then the next level decides"),
        min_value=1,
        max_value=MOST_APPROVAL_DAYS,
        help_text=_(
            "Whoever books keeps the seat or the place meanwhile. On the last day before the start"
            " the highest level decides."
        ),
    )
    offer_within_hours = forms.IntegerField(
        label=_("From so many hours before the start, ask before giving a seat"),
        min_value=0,
        max_value=LONGEST_LEAD_HOURS,
        help_text=_(
            "Earlier, and as long as it may be cancelled with one tap, whoever is next gets the"
            " seat at once."
        ),
    )
    offer_hours = forms.IntegerField(
        label=_("Hours for the answer"),
        min_value=1,
        max_value=LONGEST_OFFER_HOURS,
        help_text=_("Then the seat is offered to the next person."),
    )
    queue_ends_hours = forms.IntegerField(
        label=_("The waiting list ends so many hours before the start"),
        min_value=0,
        max_value=LONGEST_LEAD_HOURS,
        help_text=_("Nobody is called when it is too late to set out."),
    )
    minimum_size = forms.IntegerField(
        label=_("Takes place from so many people"),
        min_value=0,
        max_value=MOST_SEATS,
        help_text=_("0: however many come."),
    )
    decide_on = forms.DateField(
        label=_("Decided on"),
        required=False,
        validators=[in_reach],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("If too few have booked by then, whoever runs the class is told."),
    )

    class Meta:
        model = TrainingClass
        fields = [
            "audiences",
            "open_to_groups",
            "groups_only",
            "stages",
            "towns",
            "prerequisites",
            "guards_repeats",
            "booking_opens_at",
            "booking_closes_at",
            "cancel_until",
            "approval",
            "approval_village",
            "approval_town",
            "approval_district",
            "approval_days",
            "clash_rule",
            "has_waiting_list",
            "first_timers_first",
            "offer_within_hours",
            "offer_hours",
            "queue_ends_hours",
            "minimum_size",
            "decide_on",
        ]
        field_classes = dict.fromkeys(LINKS, TicksField)
        widgets = dict.fromkeys(LINKS, forms.CheckboxSelectMultiple)
        help_texts = {
            "audiences": _("Nobody ticked: open to all posts."),
            "open_to_groups": _(
                "None ticked: cadres only. Residents and others book with a light account."
            ),
            "stages": _("None ticked: open to all stages."),
            "towns": _("None ticked: open to the whole district."),
            "prerequisites": _(
                "The courses taught here bring their own; tick only what is wanted besides."
            ),
            "first_timers_first": _(
                "Whoever waits reads it. Who has a seat keeps it; who has taken one of the courses,"
                " or one that counts as the same, waits behind those who have not."
            ),
            "guards_repeats": _("They see when they took it, and say why they take it again."),
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["audiences"].queryset = Position.objects.filter(active=True)
        self.fields["open_to_groups"].queryset = (
            LearnerGroup.objects.filter(active=True)
            | LearnerGroup.objects.filter(classes=self.instance)
        ).distinct()
        self.fields["stages"].queryset = GrowthStage.objects.filter(active=True)
        self.fields["towns"].queryset = Town.objects.filter(ended_on__isnull=True)
        self.fields["prerequisites"].queryset = Course.objects.published() | Course.objects.filter(
            classes_after=self.instance
        )
        self.fields["prerequisites"].queryset = self.fields["prerequisites"].queryset.distinct()
        for field in self.fields.values():
            field.error_messages["required"] = REQUIRED % {"field": field.label}

    def _post_clean(self) -> None:
        """The object stays as it is: `change_rules` writes it, under the lock."""

    @property
    def groups(self):
        return [(legend, [self[name] for name in names]) for legend, names in self.GROUPS]

    @property
    def rules(self) -> ClassRules:
        return ClassRules(
            **{
                name: list(value) if name in LINKS else value
                for name, value in self.cleaned_data.items()
            }
        )


class PriorityForm(forms.Form):
    """Where somebody stands in the queue, and why."""

    priority = forms.TypedChoiceField(
        label=_("Place in the queue"), choices=QueuePriority, coerce=int
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=180,
        error_messages={"required": _("Say why: it stays in the records.")},
    )


class DecisionForm(forms.Form):
    """An answer to a request."""

    answer = forms.CharField(
        max_length=200,
        required=False,
        error_messages={"max_length": _("The answer is too long: at most 200 characters.")},
    )
