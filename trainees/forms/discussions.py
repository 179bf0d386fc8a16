"""What is typed about a structured discussion."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.web.concurrent_edits import ConcurrentEdit
from academy.web.error_summary import ErrorSummaryMixin

from ..models import Discussion, DiscussionSheet


class DiscussionForm(ConcurrentEdit, ErrorSummaryMixin, forms.ModelForm):
    """The question of a class and its last day."""

    class Meta:
        model = Discussion
        fields = ["question", "written_until"]
        labels = {
            "question": pgettext_lazy("of a discussion", "Question"),
            "written_until": _("Last day for writing"),
        }
        widgets = {
            "question": forms.Textarea(attrs={"rows": 2}),
            "written_until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }


class SheetForm(ConcurrentEdit, ErrorSummaryMixin, forms.ModelForm):
    """The three parts of a sheet, in the order in which a group works."""

    class Meta:
        model = DiscussionSheet
        fields = ["problem", "causes", "measures"]
        labels = {
            "problem": pgettext_lazy("of a sheet", "Problem"),
            "causes": pgettext_lazy("of a sheet", "Causes"),
            "measures": pgettext_lazy("of a sheet", "Measures"),
        }
        widgets = {
            name: forms.Textarea(attrs={"rows": 5}) for name in ("problem", "causes", "measures")
        }

    def who_changed(self, row: DiscussionSheet) -> str:
        return row.written_by.name if row.written_by else ""


class CommentForm(ConcurrentEdit, ErrorSummaryMixin, forms.ModelForm):
    """What is said of a sheet."""

    class Meta:
        model = DiscussionSheet
        fields = ["comment"]
        labels = {"comment": pgettext_lazy("of a sheet", "Comment")}
        widgets = {"comment": forms.Textarea(attrs={"rows": 5})}
        help_texts = {"comment": _("Empty: the comment is taken back, and the group writes on.")}

    def who_changed(self, row: DiscussionSheet) -> str:
        return row.commented_by.name if row.commented_by else ""
