"""What people type about a case."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.picking.widgets import PickSome
from academy.web.concurrent_edits import ConcurrentEdit
from academy.web.error_summary import ErrorSummaryMixin
from courses.models import Course

from ..cases import STORY
from ..models import PracticeCase

TYPED = tuple(name for name in STORY if name != "remark")


class CaseForm(ConcurrentEdit, ErrorSummaryMixin, forms.ModelForm):
    """The case in the order in which one tells it."""

    class Meta:
        model = PracticeCase
        fields = [*TYPED, "courses", "private_note"]
        widgets = {
            **{
                name: forms.Textarea(attrs={"rows": 4})
                for name in ("problem", "approach", "result", "lessons_learned")
            },
            "private_note": forms.Textarea(attrs={"rows": 2}),
            "courses": PickSome("course", by="key"),
        }
        help_texts = {
            "place": _(
                "Such as “a neighbourhood of old houses”: no names of places, residents or flats."
            ),
            "lessons_learned": _("One sentence to a point, so that others can use it."),
            "private_note": _("Only you and the academy office read it."),
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["courses"].queryset = Course.objects.published()
        for field in self.fields.values():
            field.error_messages["required"] = _("Fill in “%(field)s”.") % {"field": field.label}

    @property
    def values(self) -> dict:
        """For `cases.begin` and `cases.rewrite`."""
        typed = self.cleaned_data
        return {
            "story": {name: typed[name] for name in TYPED},
            "courses": typed["courses"],
            "private_note": typed["private_note"],
        }


class SheetCaseForm(ErrorSummaryMixin, forms.Form):
    """The title of a case that begins with a sheet."""

    title = forms.CharField(
        label=pgettext_lazy("of a case", "Title"),
        max_length=60,
        help_text=_("What others look for; the sheet itself comes along."),
    )


class OpinionForm(forms.Form):
    """What the office says about a case."""

    opinion = forms.CharField(
        label=pgettext_lazy("of the office", "Note to the author"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Sending back and taking down need a reason. The author reads it."),
    )
