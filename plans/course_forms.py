"""What people type about the courses of plan items."""

from decimal import Decimal, InvalidOperation

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.picking.widgets import PickOne
from courses.models import Course, CourseStatus

from .drafting.course_choices import TAKEN_OVER, Change, changes_by
from .drafting.course_matching import Asked
from .forms import PlanItemForm

LONGEST_KEY = 18  # digits


class ItemPageForm(PlanItemForm):
    """An item with its course: what is empty is filled from it, or all of it where that is ticked
    and was seen. Source: docs/rules.md R55.
    """

    by_course = forms.BooleanField(
        label=_("Write content, hours and ways of teaching as the course has them"), required=False
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    not_of_the_row = ("by_course", "seen")
    GROUPS = (
        (
            PlanItemForm.GROUPS[0][0],
            ("name", "course", "by_course", "content", "purpose", "formats", "category"),
        ),
        *PlanItemForm.GROUPS[1:],
    )

    class Meta(PlanItemForm.Meta):
        fields = [*PlanItemForm.Meta.fields, "course"]
        widgets = PlanItemForm.Meta.widgets | {"course": PickOne("course", by="key")}
        help_texts = PlanItemForm.Meta.help_texts | {
            "course": _(
                "Where the catalogue has it. What you leave empty is filled in from the course."
            )
        }

    def __init__(self, data=None, *args, **kwargs) -> None:
        self.changes: list[Change] = []  # what the tick writes over, where it was not seen yet
        self.picked = _course_of(data)
        if self.picked is not None:
            data = self._filled(data.copy(), self.picked)
        super().__init__(data, *args, **kwargs)
        self.fields["course"].queryset = Course.objects.filter(
            Q(status=CourseStatus.PUBLISHED) | Q(pk=self.instance.course_id)
        )
        self.fields["course"].empty_label = pgettext_lazy("of a plan item", "None of the catalogue")
        self.fields["course"].error_messages["invalid_choice"] = _(
            "The catalogue has no such course any more. Choose another or leave it empty."
        )

    def _filled(self, data, course: Course):
        """What was sent, with what the course says where nothing was typed or it is to be written
        over.
        """
        held = {name: data.get(name, "").strip() for name in TAKEN_OVER}
        for change in changes_by(course, _as_typed(held), overwrite=False):
            data[change.name] = change.new
        if data.get("by_course"):
            held = {name: data.get(name, "").strip() for name in TAKEN_OVER}
            changes = changes_by(course, _as_typed(held), overwrite=True)
            if changes and data.get("seen") != course.code:
                self.changes = changes
                data["seen"] = course.code
            else:
                for change in changes:
                    data[change.name] = change.new
        return data

    def clean(self) -> dict:
        cleaned = super().clean()
        if self.changes:
            raise forms.ValidationError(
                _("Look at what the course writes over, then save once more.")
            )
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()
        if "course" in self.changed_data:
            self.instance.course_is_chosen = True


def _course_of(data) -> Course | None:
    key = data.get("course", "") if data is not None else ""
    is_key = key.isascii() and key.isdecimal() and len(key) <= LONGEST_KEY
    return Course.objects.published().filter(pk=int(key)).first() if is_key else None


def _as_typed(held: dict[str, str]) -> dict:
    """Hours as a number, so that 4 is 4.00, and 0 counts as nothing."""
    try:
        hours = Decimal(held["hours"] or "0")
    except InvalidOperation:
        return held
    return held | {"hours": hours}


class CourseChoicesForm(forms.Form):
    """Of each item that is asked: one of the courses offered, none of them, or later."""

    NONE, LATER = "none", ""
    by_course = forms.BooleanField(
        label=_("Write content, hours and ways of teaching as the course has them"),
        required=False,
        help_text=_("Otherwise only what is empty is filled in."),
    )

    def __init__(self, *args, asked: list[Asked], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        for one in asked:
            self.fields[self.name_of(one)] = forms.ChoiceField(
                label=one.item.name,
                required=False,
                initial=self.LATER,
                widget=forms.RadioSelect,
                choices=[
                    *((match.course.code, match.words) for match in one.matches),
                    (self.NONE, pgettext_lazy("of courses", "None of these")),
                    (self.LATER, _("Decide later")),
                ],
                error_messages={
                    "invalid_choice": _("This course is not offered any more. Choose again.")
                },
            )

    @staticmethod
    def name_of(one: Asked) -> str:
        return f"item-{one.item.pk}"

    @property
    def rows(self) -> list[tuple[Asked, forms.BoundField]]:
        return [(one, self[self.name_of(one)]) for one in self.asked]

    @property
    def chosen(self) -> dict[int, Course | None]:
        """What was answered, by the key of the item."""
        found = {}
        for one in self.asked:
            code = self.cleaned_data.get(self.name_of(one), self.LATER)
            if code == self.NONE:
                found[one.item.pk] = None
            elif code != self.LATER:
                found[one.item.pk] = next(
                    match.course for match in one.matches if match.course.code == code
                )
        return found
