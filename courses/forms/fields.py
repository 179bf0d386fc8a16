"""Fields that the forms about classes share."""

from django import forms
from django.utils.translation import gettext_lazy as _

FIRST_YEAR, LAST_YEAR = 2020, 2100  # of anything on the calendar
MOST_LESSONS, MOST_SEATS = 60, 5000
LONGEST_KEY = 18  # digits of a row's key
MOMENT_FORMAT = "%Y-%m-%dT%H:%M"
REQUIRED = _("Fill in “%(field)s”.")


def in_reach(moment) -> None:
    """Raise ValidationError for a day outside the years that can be planned."""
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise forms.ValidationError(
            _("Choose a day between %(first)d and %(last)d.")
            % {
                "first": FIRST_YEAR,
                "last": LAST_YEAR,
            }
        )


class MomentField(forms.DateTimeField):
    """A day and a time of Shanghai."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT_FORMAT)
    default_validators = [in_reach]
    default_error_messages = {"invalid": _("Write a day and a time, such as 2027-11-15 17:00.")}


class TicksField(forms.ModelMultipleChoiceField):
    """Rows to tick.

    A key that no database could hold is no choice, rather than an error of the database.
    """

    def _check_values(self, value):
        if any(len(str(key)) > LONGEST_KEY for key in value):
            raise forms.ValidationError(
                self.error_messages["invalid_choice"],
                code="invalid_choice",
                params={"value": str(value[0])[:LONGEST_KEY]},
            )
        return super()._check_values(value)


def name_required(form: forms.BaseForm) -> None:
    """Name each field in the sentence that asks for it."""
    for field in form.fields.values():
        field.error_messages["required"] = REQUIRED % {"field": field.label}
