"""What is typed when a street-town sends people, and when they answer."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from academy.picking.widgets import PickListed

from ..models import Nomination, Trainee


class NominationForm(forms.Form):
    people = forms.MultipleChoiceField(
        error_messages={
            "required": _(
                "Nobody is ticked. Tick whom you want to send, then press the button again."
            ),
            "invalid_choice": _(
                "Somebody ticked is not on your list any more. Load the page again."
            ),
        },
    )

    def __init__(self, *args, people: Iterable[Trainee], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.known = {str(person.pk): person for person in people}
        self.fields["people"].choices = [(key, key) for key in self.known]

    def clean_people(self) -> list[Trainee]:
        ticked = set(self.cleaned_data["people"])
        return [person for key, person in self.known.items() if key in ticked]


class ReplacementForm(forms.Form):
    """Somebody else on this seat, or a swap with somebody who is sent to another class: one of the
    two.
    """

    to = forms.ChoiceField(
        widget=PickListed,
        label=_("Who comes instead"),
        required=False,
        error_messages={
            "required": _("Choose who comes instead."),
            "invalid_choice": _("This person is not on your list any more. Load the page again."),
        },
    )
    other = forms.ChoiceField(
        widget=PickListed,
        label=_("Or swap with somebody who goes to another class"),
        required=False,
        error_messages={
            "invalid_choice": _("This person is not on your list any more. Load the page again.")
        },
    )

    def __init__(
        self, *args, people: Iterable[Trainee], others: Iterable[Nomination], **kwargs
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        self.others = {str(item.pk): item for item in others}
        nobody = [("", _("Choose one"))]
        self.fields["to"].choices = nobody + [
            (key, f"{person.village.name} {person.name}，{person.position.name}")
            for key, person in self.people.items()
        ]
        self.fields["other"].choices = nobody + [
            (key, f"{item.trainee.name}：{item.training_class.title}")
            for key, item in self.others.items()
        ]
        if not self.others:
            del self.fields["other"]
            self.fields["to"].required = True

    def clean(self) -> dict:
        cleaned = super().clean()
        to, other = (
            self.people.get(cleaned.get("to", "")),
            self.others.get(cleaned.get("other", "")),
        )
        if not self.errors and bool(to) == bool(other):
            raise forms.ValidationError(_("Choose who comes instead."))
        return {"to": to, "other": other}


class AnswerForm(forms.Form):
    wish = forms.ChoiceField(
        choices=[("come", ""), ("cannot", "")],
        error_messages={
            "required": _("Say whether you can come."),
            "invalid_choice": _("Say whether you can come."),
        },
    )
    reason = forms.CharField(label=_("Why not? A few words"), required=False, max_length=200)
