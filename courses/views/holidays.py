"""The page where the office types the public holidays of a year that the library does not know."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from academy.access import require
from academy.web.error_summary import ErrorSummaryMixin

from ..schedule.holidays import is_in_the_library
from ..schedule.typed_holidays import LineNotRead, as_text, lessons_on, read_days, store_days

YEARS_AHEAD = 3
LONGEST_TEXT = 4_000  # characters


class HolidaysForm(ErrorSummaryMixin, forms.Form):
    """A line a day; `days` are what was read."""

    text = forms.CharField(
        label=gettext_lazy("Days that differ from the week"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=gettext_lazy(
            "One line a day or a span: 2028-01-01 休 元旦; 1月28日-2月3日 休 春节; 2028-01-29 班."
        ),
    )

    def __init__(self, *args, year: int, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.year, self.days = year, []

    def clean_text(self) -> str:
        try:
            self.days = read_days(self.cleaned_data["text"], self.year)
        except LineNotRead as error:
            raise forms.ValidationError(str(error)) from error
        return self.cleaned_data["text"]


@require_http_methods(["GET", "HEAD", "POST"])
def holidays_of(request: HttpRequest, year: int) -> HttpResponse:
    """Typed, looked at with the lessons that would lie on a holiday, saved."""
    require(request.user, "academy.change_settings", who=_("Administrators change the settings."))
    this_year = timezone.localdate().year
    if not this_year <= year <= this_year + YEARS_AHEAD:
        raise Http404
    known = is_in_the_library(year)
    form = HolidaysForm(
        None if known else request.POST or None, year=year, initial={"text": as_text(year)}
    )
    context = {
        "form": form,
        "year": year,
        "years": range(this_year, this_year + YEARS_AHEAD + 1),
        "known": known,
    }
    if request.method == "POST" and form.is_valid() and "again" not in request.POST:
        if "confirmed" in request.POST:
            store_days(year=year, days=form.days)
            messages.success(request, _("The holidays of %(year)d are saved.") % {"year": year})
            return redirect("courses:holidays", year)
        context |= {"days": form.days, "looked_at": True, "lessons": lessons_on(form.days)}
    return render(request, "courses/holidays.html", context)
