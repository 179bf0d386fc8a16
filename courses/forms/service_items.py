"""What staff type about a service item."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from academy.access import is_office
from academy.web.concurrent_edits import ConcurrentEdit

from ..models import ServiceItem

SEPARATORS = re.compile(r"[、,，;；\s]+")


class ServiceItemForm(ConcurrentEdit, forms.ModelForm):
    """The words of an item.

    Which courses teach it is said by the courses, so that their versions keep it.
    """

    class Meta:
        model = ServiceItem
        fields = ["question", "name", "keywords", "department"]
        widgets = {
            "question": forms.Textarea(attrs={"rows": 2}),
            "keywords": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "question": _(
                "As a cadre would ask it over the phone. It is the heading of the page and of the"
                " card."
            ),
            "name": _("As the service list of the department has it."),
            "keywords": _("Words that people search for, separated by 、"),
        }

    def __init__(self, *args, user, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["question"].required = True
        if not is_office(user):
            del self.fields["department"]
        for field in self.fields.values():
            field.error_messages["required"] = _("Fill in “%(field)s”.") % {"field": field.label}

    def opened_on(self, row: ServiceItem) -> "ServiceItemForm":
        return ServiceItemForm(instance=row, user=self.user)

    def clean_question(self) -> str:
        return " ".join(self.cleaned_data["question"].split())

    def clean_keywords(self) -> str:
        """One separator, no word twice."""
        return "、".join(
            dict.fromkeys(word for word in SEPARATORS.split(self.cleaned_data["keywords"]) if word)
        )
