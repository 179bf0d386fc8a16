"""What is wrong with a form, for the list above it: each sentence leads to the control it is
about.
"""

from django.forms import BaseForm

SummaryLine = tuple[str, str]  # id of the control, or nothing; sentence


def error_summary_of(form: BaseForm) -> list[SummaryLine]:
    """Of its fields in their order, then of the form as a whole.

    Of a row of buttons, which has no control of its own, the first.
    """
    of_fields = [
        (field.id_for_label or f"{field.auto_id}_0", error)
        for field in form
        for error in field.errors
    ]
    return of_fields + [("", error) for error in form.non_field_errors()]


class ErrorSummaryMixin:
    """For a form whose page lists what is wrong."""

    @property
    def error_summary(self) -> list[SummaryLine]:
        return error_summary_of(self)
