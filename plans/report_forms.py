"""What a unit types into its execution report: one row for each training."""

from django import forms
from django.utils.translation import gettext_lazy as _

from academy.web.concurrent_edits import ConcurrentEdit, Value, again, in_words, put, sent
from academy.web.fields import PlainDecimalField

from .models import AnnualPlan, ExecutionReport, ReportRow


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


class ReportEdit(ConcurrentEdit):
    """All rows of a report as one form that two people may have open.

    Fields are compared by the key of their row, so that a row that came since moves none.
    """

    changes_a_row = True

    def __init__(self, report: ExecutionReport, data=None, *, only: set[int] | None = None) -> None:
        super().__init__()
        self.instance, self.data, self.is_bound = report, data, data is not None
        self.only = only
        self._look_again()
        if self.is_bound:
            self.take_what_was_chosen()
            self._look_again()

    def _look_again(self) -> None:
        rows = self.instance.rows.all()
        if self.only is not None:
            rows = rows.filter(pk__in=self.only)
        self.rows = ReportRows(self.data, queryset=rows)

    def locked_row(self) -> ExecutionReport | None:
        """Whoever changes a report locks its plan."""
        AnnualPlan.objects.select_for_update(no_key=True).filter(pk=self.instance.plan_id).first()
        return ExecutionReport.objects.filter(pk=self.instance.pk).first()

    def opened_on(self, row: ExecutionReport) -> "ReportEdit":
        return ReportEdit(row, only={form.instance.pk for form in self.rows})

    def values_shown(self) -> dict[str, Value]:
        return {
            name: again(form.fields[field], sent(form.fields[field], form.initial.get(field)))
            for name, (form, field) in self._fields().items()
        }

    def values_typed(self) -> dict[str, Value]:
        return {
            name: again(
                form.fields[field],
                form.fields[field].widget.value_from_datadict(
                    form.data, form.files, form.add_prefix(field)
                ),
            )
            for name, (form, field) in self._fields().items()
        }

    def _fields(self) -> dict[str, tuple[ReportRowForm, str]]:
        return {
            f"{form.instance.pk}-{field}": (form, field)
            for form in self.rows
            for field in ReportRowForm.Meta.fields
        }

    def put(self, name: str, value: Value) -> None:
        if name not in self._fields():
            return
        form, field = self._fields()[name]
        self.data = self.data.copy()
        put(self.data, form.add_prefix(field), value)

    def label_of(self, name: str) -> str:
        form, field = self._fields()[name]
        return f"{form.instance.number}. {form.instance.name}：{form.fields[field].label}"

    def words_of(self, name: str, value: Value) -> str:
        form, field = self._fields()[name]
        return in_words(form.fields[field], value)
