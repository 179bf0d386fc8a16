"""What is chosen when bookings are moved to another run."""

from collections.abc import Sequence

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from academy.picking.widgets import PickOne
from academy.templatetags.portal_tags import clock, day
from courses.models import TrainingClass

from ..models import Enrolment


class RunChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: TrainingClass) -> str:
        return f"{obj.title}，{day(obj.starts_at)} {clock(obj.starts_at)}，{obj.campus.name}"


class MoveForm(forms.Form):
    people = forms.TypedMultipleChoiceField(
        label=_("Who is moved"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Tick whoever is to be moved."),
            "invalid_choice": _("Somebody you ticked has no booking here any more. Tick again."),
        },
    )
    target = RunChoice(
        label=_("To which class"),
        queryset=TrainingClass.objects.none(),
        to_field_name="code",
        widget=PickOne("class"),
        error_messages={"required": _("Choose the class that they move to.")},
    )

    def __init__(
        self,
        *args,
        people: Sequence[Enrolment],
        runs: QuerySet[TrainingClass],
        **kwargs,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = [(item.pk, _in_words(item)) for item in people]
        self.fields["target"].queryset = runs


class CombineForm(forms.Form):
    """Into which of the ticked classes the others move."""

    target = RunChoice(
        label=_("Into which class"),
        queryset=TrainingClass.objects.none(),
        to_field_name="code",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose the class that they move to.")},
    )

    def __init__(self, *args, runs: QuerySet[TrainingClass], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].queryset = runs


def _in_words(enrolment: Enrolment) -> str:
    return "，".join(
        [
            enrolment.trainee.user.name,
            f"{enrolment.village.town.name} {enrolment.village.name}",
            enrolment.get_status_display(),
        ]
    )
