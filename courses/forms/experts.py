"""What the office types about an expert."""

from django import forms
from django.utils.translation import gettext_lazy as _

from academy.models import User, Village
from academy.picking.fields import PersonPhoneField
from academy.picking.widgets import PickOne
from academy.text.names import PersonNameField
from academy.text.phones import PhoneField
from academy.web.concurrent_edits import ConcurrentEdit
from academy.web.error_summary import ErrorSummaryMixin

from ..models import Expert


class ExpertForm(ConcurrentEdit, ErrorSummaryMixin, forms.ModelForm):
    """The person is named by name or mobile number, so that no list of people is laid open."""

    user_phone = PersonPhoneField(
        label=_("Whose log-in it is: name or mobile number"),
        required=False,
        help_text=_("Then the lessons stand on the expert’s own page."),
    )

    class Meta:
        model = Expert
        fields = [
            "code",
            "category",
            "name",
            "village",
            "organisation",
            "title",
            "years_in_post",
            "specialities",
            "signature_practice",
            "phone",
            "apprentices",
            "accepts_field_visits",
            "published",
        ]
        widgets = {"village": PickOne("village", by="key")}
        field_classes = {"name": PersonNameField, "phone": PhoneField}
        help_texts = {
            "specialities": _("Separated by “、”, such as 业委会换届、加装电梯."),
            "published": _("Without it only staff see the name."),
        }

    def __init__(self, *args, user=None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.user = self.fields["user_phone"].asker = user
        self.fields["village"].queryset = Village.objects.filter(
            valid_to__isnull=True
        ).select_related("town")
        self.fields["apprentices"].required = False
        if self.instance.pk:
            del self.fields["code"]
            self.fields["user_phone"].initial = (
                self.instance.user.phone if self.instance.user else ""
            )
        for field in self.fields.values():
            field.error_messages["required"] = _("Fill in “%(field)s”.") % {"field": field.label}

    def opened_on(self, row: Expert) -> "ExpertForm":
        return ExpertForm(instance=row, user=self.user)

    def clean_apprentices(self) -> int:
        return self.cleaned_data["apprentices"] or 0

    def clean_user_phone(self) -> str:
        phone = self.cleaned_data["user_phone"]
        self.person = User.objects.filter(phone=phone).first() if phone else None
        if phone and self.person is None:
            raise forms.ValidationError(_("Nobody logs in with this number."))
        if (
            self.person
            and Expert.objects.filter(user=self.person).exclude(pk=self.instance.pk).exists()
        ):
            raise forms.ValidationError(_("This person is another expert of the register already."))
        return phone

    def save(self, commit: bool = True) -> Expert:
        self.instance.user = self.person
        return super().save(commit)
