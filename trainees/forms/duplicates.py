"""What is typed about people who may be on file twice."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from academy.models import Town, User, Village
from academy.picking.widgets import PickOne
from academy.web.error_summary import ErrorSummaryMixin

from ..merging.joining import words_of
from ..people.duplicates import profile_of
from .people import places


class DuplicatesFilterForm(forms.Form):
    """The units of the list; a value that does not exist makes the form invalid."""

    town = forms.ChoiceField(label=_("Street-town"), required=False)
    village = forms.ChoiceField(
        label=pgettext_lazy("unit", "Village"), required=False, widget=PickOne("village")
    )

    def __init__(self, data, *, user) -> None:
        super().__init__(data)
        self.towns, self.villages = places(user, data.get("town", ""))
        for name, offered in (("town", self.towns), ("village", self.villages)):
            if not offered:
                del self.fields[name]
                continue
            units = [(code, unit.name) for code, unit in offered.items()]
            self.fields[name].choices = [("", pgettext_lazy("in a filter", "All")), *units]

    @property
    def town_asked_for(self) -> Town | None:
        return self.towns.get(self.cleaned_data.get("town"))

    @property
    def village_asked_for(self) -> Village | None:
        return self.villages.get(self.cleaned_data.get("village"))


class JoinForm(ErrorSummaryMixin, forms.Form):
    """Which of two entries stays, with which number, and how it is known that they are one."""

    keep = forms.ChoiceField(label=_("Which entry stays"), widget=forms.RadioSelect)
    number = forms.ChoiceField(
        label=_("Which number the person uses today"), widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("How you know that they are one person"),
        max_length=200,
        help_text=_("Such as: asked the person; the old number was given up in March."),
        error_messages={"required": _("Say in a few words how you know that they are one person.")},
    )

    def __init__(self, data=None, *, people: tuple[User, User]) -> None:
        self.people = {str(person.pk): person for person in people}
        super().__init__(data)
        used = max(people, key=lambda person: (str(person.last_login or ""), person.pk))
        both = [
            (key, item, _("Entry %(number)s") % {"number": number})
            for number, (key, item) in enumerate(self.people.items(), 1)
        ]
        self.fields["keep"].choices = [
            (key, f"{entry}{pgettext('before a fact', ': ')}{words_of(item)}")
            for key, item, entry in both
        ]
        self.fields["keep"].initial = str(max(people, key=_stands_for_more).pk)
        self.fields["number"].choices = [
            (key, f"{entry}{pgettext('before a fact', ': ')}{item.masked_phone}")
            for key, item, entry in both
        ]
        self.fields["number"].initial = str(used.pk)

    @property
    def chosen(self) -> tuple[User, User, bool]:
        """The one that stays, the other, and whether the number of the other is the right one."""
        keep = self.people[self.cleaned_data["keep"]]
        away = next(item for item in self.people.values() if item.pk != keep.pk)
        return keep, away, self.cleaned_data["number"] == str(away.pk)


def _stands_for_more(person: User) -> tuple:
    """Whoever may log in and holds a post is proposed, then whoever was on file first."""
    trainee = profile_of(person)
    rank = 0
    if trainee is not None:
        rank = 1 if trainee.is_light else 2 if trainee.left_on else 3
    return person.is_active, rank, -person.pk
