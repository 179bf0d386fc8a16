"""The facts of a class: title, campus, seats, when it can be booked."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.access import campuses_of, departments_of, is_office
from academy.models import Campus, Department, Position
from academy.office_settings import office_setting
from academy.picking.widgets import PickListed, PickOne
from academy.web.concurrent_edits import ConcurrentEdit

from ..models import ClassStatus, TrainingClass
from .fields import MOST_SEATS, MomentField, TicksField, name_required

# how long booking of a class without a date would be open: nobody sees it, and it is asked for with
# the date
UNDATED_DAYS = 90


class ClassForm(ConcurrentEdit, forms.ModelForm):
    """The facts of a class.

    A campus and a department schedule for themselves, the office for everybody.
    """

    booking_opens_at = MomentField(label=_("Booking opens at"), required=False)
    booking_closes_at = MomentField(
        label=_("Booking closes at"),
        required=False,
        help_text=_("A class announced without a date needs neither yet."),
    )
    cancel_until = MomentField(
        label=_("May be cancelled until"),
        required=False,
        help_text=_("Empty: as long as booking is open."),
    )
    capacity = forms.IntegerField(
        label=_("Seats"),
        min_value=1,
        max_value=MOST_SEATS,
        help_text=_("Not more than the smallest room holds."),
    )

    class Meta:
        model = TrainingClass
        fields = [
            "title",
            "code",
            "programme",
            "campus",
            "department",
            "audiences",
            "capacity",
            "has_waiting_list",
            "booking_opens_at",
            "booking_closes_at",
            "cancel_until",
            "bring",
            "gauges_interest",
        ]
        field_classes = {"audiences": TicksField}
        widgets = {
            "audiences": forms.CheckboxSelectMultiple,
            "bring": forms.Textarea(attrs={"rows": 3}),
            "programme": PickListed,
            "campus": PickOne("campus", by="key"),
            "department": PickOne("department", by="key"),
        }
        help_texts = {
            "bring": _("One thing a line; whoever books sees it."),
            "code": _("Leave it empty and the class gets the next number of its season."),
            "audiences": _("Nobody ticked: open to all posts."),
            "department": _("When a department gives the class."),
            "gauges_interest": _(
                "Everybody sees the draft and may say that they would come; they book first once it"
                " has a date and opens."
            ),
        }

    def __init__(self, *args, user, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.initial["has_waiting_list"] = office_setting("waiting_list_by_default")
        self.user = user
        self.fields["code"].required = False
        self.fields["audiences"].queryset = Position.objects.filter(active=True)
        self.fields["campus"].queryset = Campus.objects.filter(ended_on__isnull=True)
        if self.instance.pk:
            del self.fields["code"]
        if self.instance.status != ClassStatus.DRAFT:
            del self.fields["gauges_interest"]
        if self.instance.gauges_interest and self.instance.starts_at is None:
            self.initial |= {"booking_opens_at": None, "booking_closes_at": None}
        if not is_office(user):
            departments = departments_of(user) | ({self.instance.department_id} - {None})
            self.fields["department"].queryset = Department.objects.filter(pk__in=departments)
            if not departments_of(user):
                own = campuses_of(user) | ({self.instance.campus_id} - {None})
                self.fields["campus"].queryset = Campus.objects.filter(pk__in=own)
            elif not campuses_of(user):
                self.fields["department"].required = True
        self.fields["department"].empty_label = self.fields["programme"].empty_label = (
            pgettext_lazy("empty choice", "None")
        )
        for name in ("campus", "department"):
            field = self.fields[name]
            if field.required and field.queryset.count() == 1:
                field.empty_label = None
            elif field.required:
                field.empty_label = pgettext_lazy("empty choice", "Choose one")
        name_required(self)

    def clean(self) -> dict:
        cleaned = super().clean()
        self._complete_window(cleaned)
        opens, closes = cleaned.get("booking_opens_at"), cleaned.get("booking_closes_at")
        if opens and closes and closes <= opens:
            self.add_error("booking_closes_at", _("Booking closes before it opens."))
        campus, department = cleaned.get("campus"), cleaned.get("department")
        own = (
            is_office(self.user)
            or (campus and campus.pk in campuses_of(self.user))
            or (department and department.pk in departments_of(self.user))
        )
        if campus and not own:
            self.add_error("campus", _("Choose a campus that you schedule for."))
        return cleaned

    def _complete_window(self, cleaned: dict) -> None:
        """The booking window is asked for with the date; until then one stands in for it."""
        now = timezone.now()
        stand_in = {
            "booking_opens_at": now,
            "booking_closes_at": now + timedelta(days=UNDATED_DAYS),
        }
        for name, moment in stand_in.items():
            if cleaned.get(name) is None and name not in self.errors:
                if cleaned.get("gauges_interest"):
                    cleaned[name] = moment
                else:
                    self.add_error(name, self.fields[name].error_messages["required"])

    def validate_constraints(self) -> None:
        """What the constraints say is said beside the fields in `clean`."""
