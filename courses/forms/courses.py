"""What staff type about a course."""

import re

from django import forms
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.access import departments_of, is_office
from academy.errors import PortalError
from academy.models import Department
from academy.picking.widgets import PickOne, PickSome
from academy.text.codes import next_in_series
from academy.web.concurrent_edits import ConcurrentEdit
from academy.web.fields import PlainDecimalField

from ..models import Course, CourseStatus, Track

CODE = re.compile(r"[A-Z]{1,4}-[0-9]{3,6}")
ATTEMPTS = 40  # at a free code: each attempt that fails means that one other person got a course


class CodeTaken(PortalError):
    """Two people chose one code at the same moment."""


def next_code(track: Track) -> str:
    """The number after the highest of the track: SW-031."""
    begin = f"{track.prefix}-"
    codes = Course.objects.filter(code__startswith=begin).values_list("code", flat=True)
    return next_in_series(begin, codes, digits=3)


class CourseForm(ConcurrentEdit, forms.ModelForm):
    """The catalogue entry, in groups as one thinks of it.

    A department writes for itself, the office for everybody.
    """

    GROUPS = (
        (
            pgettext_lazy("group of fields", "What"),
            ("title", "track", "code", "summary", "objectives", "outline"),
        ),
        (
            pgettext_lazy("group of fields", "For whom"),
            ("audiences", "stages", "prerequisites", "equivalents", "service_items"),
        ),
        (
            pgettext_lazy("group of fields", "How it is taught"),
            ("hours", "formats", "lecturer_type", "is_immersive", "immersive_topic"),
        ),
        (pgettext_lazy("group of fields", "Given by"), ("department", "origin")),
    )

    change_note = forms.CharField(
        label=_("What is new in this version"),
        max_length=200,
        required=False,
        help_text=_("Kept with the version, so that colleagues can follow."),
    )

    class Meta:
        model = Course
        fields = [
            "code",
            "title",
            "track",
            "department",
            "origin",
            "formats",
            "audiences",
            "stages",
            "hours",
            "summary",
            "objectives",
            "outline",
            "prerequisites",
            "equivalents",
            "service_items",
            "lecturer_type",
            "is_immersive",
            "immersive_topic",
        ]
        field_classes = {"hours": PlainDecimalField}
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 3}),
            "objectives": forms.Textarea(attrs={"rows": 4}),
            "outline": forms.Textarea(attrs={"rows": 4}),
            **dict.fromkeys(
                ("formats", "audiences", "stages", "service_items"), forms.CheckboxSelectMultiple
            ),
            "department": PickOne("department", by="key"),
            "prerequisites": PickSome("course", by="key"),
            "equivalents": PickSome("course", by="key"),
        }
        help_texts = {
            "code": _("Leave it empty and the course gets the next number of its track."),
            "equivalents": _("Who has taken one of them is told before booking this one."),
            "summary": _(
                "Two or three sentences: what people do in class and what they take home."
            ),
            "objectives": _("One to a line, each something that people can do afterwards."),
            "hours": _("In steps of 0.25; one study hour is 45 minutes."),
        }

    def __init__(self, *args, user, **kwargs) -> None:
        change = getattr(kwargs.get("instance"), "change_in_hand", None)
        if change:
            kwargs["initial"] = {
                **change.fields,
                "change_note": change.note,
                **kwargs.get("initial", {}),
            }
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["code"].required = False
        self.fields["summary"].required = True
        self.fields["track"].empty_label = pgettext_lazy("empty choice", "Choose one")
        self.fields["department"].empty_label = pgettext_lazy("empty choice", "None")
        self.fields["hours"].widget.attrs |= {"min": "0.25", "step": "0.25"}
        for name in ("formats", "audiences", "stages"):
            field = self.fields[name]
            field.queryset = field.queryset.filter(active=True) | field.queryset.filter(
                courses=self.instance.pk or 0
            )
            field.queryset = field.queryset.distinct()
        self.fields["prerequisites"].queryset = self.fields["equivalents"].queryset = (
            Course.objects.published().exclude(pk=self.instance.pk)
        )
        if self.instance.pk:
            del self.fields["code"]
        if not is_office(user):
            self.fields["department"].queryset = Department.objects.filter(
                pk__in=departments_of(user)
            )
            self.fields["department"].required = True
            self.fields["department"].empty_label = None
        for field in self.fields.values():
            field.error_messages["required"] = _("Fill in “%(field)s”.") % {"field": field.label}

    def locked_row(self) -> Course | None:
        """With the change that is being written; that one is only touched under the lock of its
        course.
        """
        Course.objects.select_for_update().filter(pk=self.instance.pk).first()
        return Course.objects.select_related("change").filter(pk=self.instance.pk).first()

    def who_changed(self, row: Course) -> str:
        change = row.change_in_hand
        return change.updated_by.name if change and change.updated_by else ""

    def opened_on(self, row: Course) -> "CourseForm":
        return CourseForm(instance=row, user=self.user)

    @property
    def groups(self) -> list[tuple[str, list]]:
        return [
            (title, [self[name] for name in names if name in self.fields])
            for title, names in self.GROUPS
        ]

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if code and not CODE.fullmatch(code):
            raise forms.ValidationError(
                _("A code is the letters of the track and a number, such as SW-031.")
            )
        return code

    def clean_hours(self):
        hours = self.cleaned_data["hours"]
        if hours <= 0 or hours % 1 not in (0, 0.25, 0.5, 0.75):
            raise forms.ValidationError(_("Study hours are more than 0 and go in steps of 0.25."))
        return hours

    def clean(self) -> dict:
        cleaned = super().clean()
        code, track = cleaned.get("code"), cleaned.get("track")
        if code and track and not code.startswith(f"{track.prefix}-"):
            self.add_error(
                "code",
                _("The codes of this track begin with %(prefix)s-.") % {"prefix": track.prefix},
            )
        if cleaned.get("is_immersive") and not cleaned.get("immersive_topic"):
            self.add_error("immersive_topic", _("Say which practice classroom it is."))
        return cleaned

    @property
    def values(self) -> dict:
        """What was typed, by field name of the course; for `publishing.save_draft`."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("code", "change_note")
        }

    @transaction.atomic
    def create(self) -> Course:
        """A new draft; without a code it gets the next one of its track, also when two people save
        at once.

        Raises CodeTaken when somebody has taken the code since the form was checked.
        """
        wants_code = not self.instance.code
        self.instance.status = CourseStatus.DRAFT
        for _attempt in range(ATTEMPTS if wants_code else 1):
            if wants_code:
                self.instance.code = next_code(self.cleaned_data["track"])
            try:
                with transaction.atomic():
                    return self.save()
            except IntegrityError:
                self.instance.pk = None if self.instance._state.adding else self.instance.pk
        raise CodeTaken(_("Another course has this code. Choose another or leave it empty."))


class ReviewForm(forms.Form):
    """What the office says about a course in review."""

    opinion = forms.CharField(
        label=_("Note to the department"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Sending back needs a reason. The department reads it with the decision."),
    )
    seen = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)


class RetireForm(forms.Form):
    """Why a course ends, and which one takes over."""

    reason = forms.CharField(
        label=_("Why it is retired"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Stands on the page of the course."),
    )
    successor = forms.ModelChoiceField(
        queryset=Course.objects.none(),
        to_field_name="code",
        required=False,
        widget=PickOne("course"),
        label=_("Taken over by"),
        empty_label=pgettext_lazy("empty choice", "None"),
    )

    def __init__(self, *args, course: Course, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = Course.objects.published().exclude(pk=course.pk)
        self.fields["reason"].error_messages["required"] = _(
            "Write why the course is retired: its page tells visitors."
        )
