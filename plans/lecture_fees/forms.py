"""What people type about lists of lecture fees."""

from decimal import Decimal

from django import forms
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from academy.templatetags.portal_tags import short_day
from academy.web.concurrent_edits import ConcurrentEdit
from academy.web.fields import PlainDecimalField
from courses.schedule.season import Season

from ..models import LectureFeeList, LectureFeeRow, LecturerRank, Owner, kind_of
from .records import OPINION_LENGTH, REASON_LENGTH

SEASONS_BACK = 5  # that are offered besides the present one


class BeginForm(forms.Form):
    """Whose lecturers, of which season."""

    owner = forms.ChoiceField(label=pgettext_lazy("of a plan", "Unit"))
    season = forms.ChoiceField(label=gettext_lazy("Season"))

    def __init__(self, *args, owners: list[Owner], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self._owners = {f"{kind_of(owner)}-{owner.code}": owner for owner in owners}
        self.fields["owner"].choices = [(key, owner.name) for key, owner in self._owners.items()]
        self.fields["owner"].error_messages["invalid_choice"] = _(
            "You cannot pay the lecturers of this unit. Choose one from the list."
        )
        present = Season.of(timezone.localdate())
        seasons = [present.moved(-back) for back in range(SEASONS_BACK + 1)]
        self.fields["season"].choices = [(str(one), one.in_words) for one in seasons]
        self.fields["season"].error_messages["invalid_choice"] = _(
            "Choose a season from the list: fees are listed for what was taught."
        )

    def clean_owner(self) -> Owner:
        return self._owners[self.cleaned_data["owner"]]

    def clean_season(self) -> Season:
        return Season.parse(self.cleaned_data["season"])


class FeesForm(ConcurrentEdit, forms.Form):
    """All rows of a list at once: a rank for each lecturer, a fee for each row, and what is left
    out. `instance` is the list.
    """

    def __init__(self, data=None, *, instance: LectureFeeList) -> None:
        self.instance = instance
        self.rows: list[LectureFeeRow] = list(instance.rows.select_related("corrects"))
        super().__init__(data)
        for row in self.rows:
            rank = self.rank_name(row)
            if rank not in self.fields:
                self.fields[rank] = forms.ChoiceField(
                    label=_("Rank of %(name)s") % {"name": row.lecturer},
                    choices=LecturerRank,
                    initial=row.rank,
                    widget=forms.Select(attrs={"class": "form-select"}),
                )
            values = {"name": row.lecturer, "day": short_day(row.taught_on)}
            self.fields[self.fee_name(row)] = PlainDecimalField(
                label=_("Fee of %(name)s on %(day)s (yuan)") % values,
                required=False,
                max_digits=9,
                decimal_places=2,
                min_value=None if row.corrects_id else Decimal(0),
                initial=row.yuan,
                widget=forms.TextInput(attrs={"class": "form-control", "inputmode": "decimal"}),
                error_messages={
                    "invalid": _("Write a number here."),
                    "min_value": _("The number must not be below 0."),
                },
            )
            self.fields[self.out_name(row)] = forms.BooleanField(
                label=_("Leave %(name)s on %(day)s out") % values,
                required=False,
                widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
            )

    @staticmethod
    def rank_name(row: LectureFeeRow) -> str:
        return f"rank-{row.expert_id}"

    @staticmethod
    def fee_name(row: LectureFeeRow) -> str:
        return f"yuan-{row.pk}"

    @staticmethod
    def out_name(row: LectureFeeRow) -> str:
        return f"out-{row.pk}"

    @cached_property
    def typed(self) -> dict:
        """What was typed, as `save_fees` takes it; only of fields that were sent."""
        cleaned = self.cleaned_data
        return {
            "fees": {
                row.pk: cleaned[self.fee_name(row)]
                for row in self.rows
                if self.fee_name(row) in self.data
            },
            "ranks": {row.expert_id: cleaned[self.rank_name(row)] for row in self.rows},
            "left_out": [row.pk for row in self.rows if cleaned[self.out_name(row)]],
        }


class OpinionForm(forms.Form):
    opinion = forms.CharField(
        label=pgettext_lazy("of a review", "Opinion"),
        required=False,
        max_length=OPINION_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Needed when you send the list back."),
    )


class SupplementForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why a supplementary list is needed"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "The approved list stays as it is. Lessons closed since stand on the new one, and the"
            " difference of rows that were wrong."
        ),
    )


class UnsignedForm(forms.Form):
    """Why signatures that were noted do not hold."""

    reason = forms.CharField(
        label=gettext_lazy("Why the signatures do not hold"), max_length=REASON_LENGTH
    )


class ReceivedForm(forms.Form):
    """On which day the ticked rows were signed for."""

    day = forms.DateField(
        label=gettext_lazy("Signed on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
