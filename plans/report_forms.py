"""What a unit types into its execution report: one row for each training."""

from django import forms
from django.utils.translation import gettext_lazy as _

from academy.web.fields import PlainDecimalField

from .models import ReportRow


class ReportRowForm(forms.ModelForm):
    """One training of the report."""

    class Meta:
        model = ReportRow
        fields = (
            "name",
            "audience",
            "content",
            "held",
            "place",
            "people",
            "staff",
            "spent",
            "funding",
            "results",
            "problems",
        )
        field_classes = {"spent": PlainDecimalField}
        widgets = {
            name: forms.Textarea(attrs={"rows": 2})
            for name in ("audience", "content", "results", "problems")
        }
        help_texts = {
            "held": _("Such as 4月3日—4月5日."),
            "people": _("Who took part, all runs together."),
            "staff": _("Who worked for it."),
        }


ReportRows = forms.modelformset_factory(ReportRow, form=ReportRowForm, extra=0)
