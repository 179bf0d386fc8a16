"""What people type about plans: one item, a reason, an opinion, a file."""

from collections.abc import Callable

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.spreadsheets.cell_text import Rejected
from academy.spreadsheets.fields import SheetField, SheetForm
from academy.text.names import ContactNamesField
from academy.text.phones import TelephoneField
from academy.web.concurrent_edits import ConcurrentEdit
from academy.web.fields import PlainDecimalField

from .filing import OPINION_LENGTH, REASON_LENGTH, WHO_LENGTH, LeaderApproval
from .imports.numbers import at_least_one
from .imports.row_values import months_of
from .models import (
    FIRST_YEAR,
    ITEM_FIELDS,
    LAST_YEAR,
    AmendmentKind,
    AnnualPlan,
    Owner,
    PaperKind,
    PlanItem,
    TrainingCategory,
    UnitPart,
    WayOut,
    kind_of,
)
from .overlaps import answers

# the review compares these: docs/rules.md R37
NEEDED_FOR_REVIEW = ("audience", "months", "content")
FIRST_MONTH_OF_NEXT_PLAN = 9  # from September on, people write next year's plan


def planning_year(today) -> int:
    """The year whose plans are being written: next year from September on."""
    return today.year + 1 if today.month >= FIRST_MONTH_OF_NEXT_PLAN else today.year


def as_imported(rule: Callable, *args):
    """What a rule for cells of an imported plan gives; what it rejects, the form refuses in the
    same words.
    """
    try:
        return rule(*args)
    except Rejected as rejected:
        raise forms.ValidationError(str(rejected)) from rejected


class PlanItemForm(ConcurrentEdit, forms.ModelForm):
    """The columns of one item, in groups as one thinks of them."""

    GROUPS = (
        (
            pgettext_lazy("group of fields", "What"),
            ("name", "content", "purpose", "formats", "category"),
        ),
        (
            pgettext_lazy("group of fields", "For whom"),
            ("audience", "people", "runs", "other_system_cadres"),
        ),
        (pgettext_lazy("group of fields", "When and where"), ("months", "place", "days", "hours")),
        (pgettext_lazy("group of fields", "Money"), ("budget", "funding")),
        (
            pgettext_lazy("group of fields", "Who organises it"),
            ("organiser", "co_organiser", "contact_name", "contact_phone", "remark"),
        ),
    )

    class Meta:
        model = PlanItem
        fields = [name for name in ITEM_FIELDS if name != "number"]
        field_classes = dict.fromkeys(("days", "hours", "budget"), PlainDecimalField) | {
            "contact_phone": TelephoneField,
            "contact_name": ContactNamesField,
        }
        widgets = {
            "content": forms.Textarea(attrs={"rows": 3}),
            "purpose": forms.Textarea(attrs={"rows": 2}),
            "audience": forms.Textarea(attrs={"rows": 2}),
            "remark": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "audience": _(
                "As exactly as you can: the review compares it with the plans of others."
            ),
            "content": _("The main topics, separated by 、"),
            "people": _("All runs of the year together."),
            "runs": _("How often the class is held in the year."),
            "months": _("A month or a quarter, such as 4月、8月 or 第二季度."),
            "days": _("Half a day is 0.5."),
            "hours": _("Of one run, in steps of 0.25."),
            "budget": _("All runs together, in yuan; 0 when it costs nothing."),
            "other_system_cadres": _("These need the consent of the organisation department."),
            "contact_phone": _("Pages show it masked; the exported form holds it in full."),
        }

    def locked_row(self) -> PlanItem | None:
        """Whoever changes items locks their plan."""
        AnnualPlan.objects.select_for_update().filter(pk=self.instance.plan_id).first()
        return PlanItem.objects.filter(pk=self.instance.pk).first()

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.remarks: list[str] = []  # what was assumed, for whoever saves
        for name in NEEDED_FOR_REVIEW:
            self.fields[name].required = True
        for field in self.fields.values():
            field.error_messages["required"] = _("Fill in “%(field)s”.") % {"field": field.label}
            field.error_messages["min_value"] = _("“%(field)s” must not be below 0.") % {
                "field": field.label
            }
            if isinstance(field, (forms.DecimalField, forms.IntegerField)):
                field.error_messages["invalid"] = _("Write a number here.")
        self.fields["category"].choices = [
            ("", pgettext_lazy("training category", "Not set")),
            *TrainingCategory.choices,
        ]
        for name in ("people", "runs", "budget", "days", "hours"):
            self.fields[name].widget.attrs["min"] = 1 if name in ("people", "runs") else 0
        self.fields["hours"].widget.attrs["step"] = "0.25"
        self.fields["days"].widget.attrs["step"] = "0.5"
        self.fields["contact_phone"].widget.attrs["inputmode"] = "tel"

    @property
    def groups(self) -> list[tuple[str, list]]:
        return [(title, [self[name] for name in names]) for title, names in self.GROUPS]

    def clean_people(self) -> int:
        return as_imported(at_least_one, self.cleaned_data["people"], "people")

    def clean_runs(self) -> int:
        return as_imported(at_least_one, self.cleaned_data["runs"], "runs")

    def clean_months(self) -> str:
        return as_imported(months_of, self.cleaned_data["months"], self.remarks)

    def clean_hours(self):
        hours = self.cleaned_data["hours"]
        if hours % 1 not in (0, 0.25, 0.5, 0.75):
            raise forms.ValidationError(_("Study hours go in steps of 0.25."))
        return hours


class DayInput(forms.DateInput):
    """The calendar of the browser."""

    def __init__(self) -> None:
        super().__init__(attrs={"type": "date"}, format="%Y-%m-%d")


class ReviewForm(forms.Form):
    """The opinion of the office: may stay empty for filing, must not for sending back."""

    opinion = forms.CharField(
        label=pgettext_lazy("of a review", "Opinion"),
        required=False,
        max_length=OPINION_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The unit reads it. Needed when you send the plan back."),
    )


class AmendForm(forms.Form):
    reason = forms.CharField(
        label=_("Why the filed plan has to change"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "The filed version stays as it is. The number stays the same, and the change is"
            " reviewed and filed as the next version."
        ),
        error_messages={"required": _("Write why the filed plan has to change.")},
    )
    kind = forms.ChoiceField(
        label=_("What the change does"),
        choices=AmendmentKind.choices,
        initial=AmendmentKind.CHANGE,
        widget=forms.RadioSelect,
    )
    approved_by_name = forms.CharField(
        label=_("Principal leader who approved"), max_length=WHO_LENGTH
    )
    approved_by_post = forms.CharField(label=_("Post of the leader"), max_length=WHO_LENGTH)
    approved_on = forms.DateField(label=_("Approved on"), widget=DayInput())

    @property
    def approval(self) -> LeaderApproval:
        filled = self.cleaned_data
        return LeaderApproval(
            filled["approved_by_name"], filled["approved_by_post"], filled["approved_on"]
        )


class UnitOpinionForm(forms.Form):
    """Who of the unit said what of the plan, as its staff write it down."""

    part = forms.ChoiceField(label=_("Whose opinion"), choices=UnitPart.choices)
    name = forms.CharField(label=pgettext_lazy("opinion of a unit", "Name"), max_length=WHO_LENGTH)
    post = forms.CharField(label=pgettext_lazy("opinion of a unit", "Post"), max_length=WHO_LENGTH)
    day = forms.DateField(label=pgettext_lazy("opinion of a unit", "Day"), widget=DayInput())
    agrees = forms.ChoiceField(
        label=pgettext_lazy("opinion of a unit", "Opinion"),
        choices=[
            ("yes", pgettext_lazy("opinion of a unit", "Agrees")),
            ("no", pgettext_lazy("opinion of a unit", "Does not agree")),
        ],
    )
    opinion = forms.CharField(
        label=pgettext_lazy("opinion of a unit", "In words"),
        required=False,
        max_length=OPINION_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed where somebody does not agree."),
    )


class CompareForm(forms.Form):
    """Which two states of a plan are compared: numbers of versions, "now" for the draft."""

    old = forms.ChoiceField(label=_("From"))
    new = forms.ChoiceField(label=_("To"))

    def __init__(self, *args, states: list[str], **kwargs) -> None:
        last = {"old": states[-2] if len(states) > 1 else states[-1], "new": states[-1]}
        super().__init__(*args, initial=last, **kwargs)
        self._last = (last["old"], last["new"])
        now = _("As it stands now")
        for field in self.fields.values():
            field.choices = [
                (state, now if state == "now" else _("Version %(number)s") % {"number": state})
                for state in states
            ]
            field.error_messages["invalid_choice"] = _("There is no such version of this plan.")

    def chosen(self) -> tuple[str, str] | None:
        """The two states; the last two where nothing was asked for, none for an unknown one."""
        if not self.is_bound:
            return self._last
        if not self.is_valid():
            return None
        return self.cleaned_data["old"], self.cleaned_data["new"]


class NewPlanForm(forms.Form):
    """Whose plan, for which year; the choice of owners is what the person may draft."""

    owner = forms.ChoiceField(label=pgettext_lazy("of a plan", "Unit"))
    year = forms.IntegerField(
        label=pgettext_lazy("of a plan", "Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR
    )

    def __init__(self, *args, owners: list[Owner], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self._owners = {f"{kind_of(owner)}-{owner.code}": owner for owner in owners}
        self.fields["owner"].choices = [(key, owner.name) for key, owner in self._owners.items()]
        self.fields["owner"].error_messages["invalid_choice"] = _(
            "You cannot draft the plan of this unit. Choose one from the list."
        )

    def clean_owner(self) -> Owner:
        return self._owners[self.cleaned_data["owner"]]

    @staticmethod
    def key(owner: Owner) -> str:
        return f"{kind_of(owner)}-{owner.code}"


class UploadForm(SheetForm, NewPlanForm):
    """A file to preview."""

    file = SheetField(
        help_text=_(
            "The form as you file it: .xlsx, .xls or .csv. Nothing is written before you have seen"
            " the preview."
        )
    )


class OverlapAnswerForm(forms.Form):
    """What becomes of two trainings that overlap, and why."""

    way = forms.ChoiceField(label=_("What becomes of it"), choices=WayOut, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("How, or in what they differ"),
        max_length=answers.REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class BroughtForm(forms.Form):
    """One item of the year before: whether it is held again, and when."""

    keep = forms.BooleanField(required=False)
    months = forms.CharField(
        max_length=PlanItem._meta.get_field("months").max_length, required=False
    )


class PaperTemplateForm(forms.Form):
    """A .docx in the place of a template; `plans/papers/template_check.py` looks into it."""

    kind = forms.ChoiceField(label=_("Which paper"), choices=PaperKind)
    file = forms.FileField(
        label=_("Word document (.docx)"),
        max_length=120,
        help_text=_("At most 2 MB, without macros, links and embedded files."),
    )
