"""What is typed when somebody books for colleagues or passes a seat on."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from academy.text.phones import PhoneField

from ..models import Trainee
from ..on_behalf.colleagues import ALL_OR_NOBODY, AS_MANY_AS_FIT, SEPARATELY


class ColleaguesForm(forms.Form):
    """Who is ticked among those the person may book for, and how they queue."""

    people = forms.MultipleChoiceField(
        error_messages={
            "required": _(
                "Nobody is ticked. Tick whom you want to book, then press the button again."
            ),
            "invalid_choice": _(
                "Somebody ticked is not on your list any more. Load the page again."
            ),
        },
    )
    manner = forms.ChoiceField(
        label=_("When there are too few seats"),
        initial=SEPARATELY,
        required=False,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        choices=[
            (SEPARATELY, _("Everybody for themselves: who gets no seat waits")),
            (AS_MANY_AS_FIT, _("As a group: as many as fit, the others wait together")),
            (ALL_OR_NOBODY, _("As a group: all of them or nobody yet")),
        ],
    )
    repeat_reason = forms.CharField(
        label=_("Why take it again? (only for those who have taken it)"),
        required=False,
        max_length=200,
    )

    def __init__(self, *args, ticked: Iterable[Trainee], **kwargs) -> None:
        """`ticked` are those of the people named in the request whom the person may book for."""
        super().__init__(*args, **kwargs)
        self.known = {str(person.pk): person for person in ticked}
        self.fields["people"].choices = [(key, person.name) for key, person in self.known.items()]

    def clean_people(self) -> list[Trainee]:
        return list(self.known.values())

    def clean_manner(self) -> str:
        return self.cleaned_data["manner"] or SEPARATELY


class PassOnByPhoneForm(forms.Form):
    phone = PhoneField(
        label=_("Mobile number of the colleague"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        help_text=_(
            "Somebody of your own village who is on the roster. They get a notice and can decline"
            " with one tap."
        ),
        error_messages={"required": _("Enter the 11 digits of a mobile number.")},
    )
    repeat_reason = forms.CharField(
        label=_("Why they take it again, if they have taken it before (optional)"),
        required=False,
        max_length=200,
    )


class PassOnForm(forms.Form):
    to = forms.ChoiceField(
        label=_("Who comes instead"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose who comes instead."),
            "invalid_choice": _("This person is not on your list any more. Load the page again."),
        },
    )
    repeat_reason = forms.CharField(
        label=_("Why they take it again, if they have taken it before (optional)"),
        required=False,
        max_length=200,
    )

    def __init__(self, *args, people: Iterable[Trainee], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.known = {str(person.pk): person for person in people}
        self.fields["to"].choices = [
            (key, f"{person.name}，{person.position.name}") for key, person in self.known.items()
        ]

    def clean_to(self) -> Trainee:
        return self.known[self.cleaned_data["to"]]
