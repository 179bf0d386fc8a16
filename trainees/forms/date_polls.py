"""The dates that the office asks about, row by row, and until when. Works without JavaScript."""

from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.web.error_summary import SummaryLine, error_summary_of
from courses.forms.fields import MomentField, in_reach, name_required

from ..eligibility.date_polls import MOST_DATES, Span


class PollForm(forms.Form):
    """Until when people can tap."""

    closes_at = MomentField(label=_("Open until"))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        name_required(self)


class PollDateForm(forms.Form):
    """One date; an empty row is none."""

    day = forms.DateField(
        label=pgettext_lazy("of a lesson", "Day"),
        validators=[in_reach],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    starts = forms.TimeField(
        label=pgettext_lazy("of a lesson", "From"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    ends = forms.TimeField(
        label=pgettext_lazy("of a lesson", "To"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        name_required(self)

    def clean(self) -> dict:
        cleaned = super().clean()
        if "starts" in cleaned and "ends" in cleaned and cleaned["ends"] <= cleaned["starts"]:
            self.add_error("ends", _("A date must end after it begins."))
        return cleaned

    @property
    def span(self) -> Span:
        day = self.cleaned_data["day"]
        moments = (
            timezone.make_aware(datetime.combine(day, self.cleaned_data[name]))
            for name in ("starts", "ends")
        )
        return Span(*moments)


PollDates = forms.formset_factory(
    PollDateForm, extra=MOST_DATES, max_num=MOST_DATES, validate_max=True
)


class PollForms:
    """The page as one: the dates, and until when."""

    def __init__(self, data=None) -> None:
        self.form, self.dates = PollForm(data), PollDates(data, prefix="dates")

    def is_valid(self) -> bool:
        return all([self.form.is_valid(), self.dates.is_valid()])

    @property
    def spans(self) -> list[Span]:
        return [row.span for row in self.dates.forms if row.cleaned_data]

    @property
    def error_summary(self) -> list[SummaryLine]:
        rows = [line for form in (self.form, *self.dates.forms) for line in error_summary_of(form)]
        if not self.dates.is_bound:
            return rows
        return rows + [("", error) for error in self.dates.non_form_errors()]
