"""Who teaches a lesson, as rows of a name and a role: as many as there are and an empty one more.

An empty name takes the row out. Works without JavaScript.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from academy.models import User
from academy.picking.widgets import pick_attrs

from ..models import Expert, LessonTeacher, TeachingRole, TrainingClass
from ..schedule.teachers import Teacher, class_teachers, in_words

MOST_TEACHERS = 12  # of a lesson


class TeacherChoices:
    """The register of experts, and the staff who may look after a class: read once for a page."""

    def __init__(self, training_class: TrainingClass | None) -> None:
        staff = class_teachers()
        if training_class is not None:
            named = LessonTeacher.objects.filter(
                lesson__training_class=training_class, person__isnull=False
            )
            staff = staff | User.objects.filter(pk__in=named.order_by().values("person"))
        self.experts = {item.code: item for item in Expert.objects.all()}
        self.staff = {f"person-{item.pk}": item for item in staff}

    def teacher(self, who: str, role: str) -> Teacher | None:
        """What a row says, or nothing where nobody is called so."""
        if role not in TeachingRole.values:
            return None
        if expert := self.experts.get(who):
            return Teacher(expert, role)
        person = self.staff.get(who)
        return Teacher(None, role, person) if person else None

    @cached_property
    def options(self) -> SafeString:
        """The choices of a row as they stand on the page: rendered once, for all its lessons."""
        return format_html(
            '<option value="">{}</option><optgroup label="{}">{}</optgroup>'
            '<optgroup label="{}">{}</optgroup>',
            pgettext("of a lesson", "Not decided"),
            pgettext("navigation", "Experts"),
            _options((code, f"{item.name} {item.category}") for code, item in self.experts.items()),
            _("Staff, as class teachers"),
            _options((key, item.name) for key, item in self.staff.items()),
        )


def _options(choices: Iterable[tuple[str, str]]) -> SafeString:
    return format_html_join("", '<option value="{}">{}</option>', choices)


def _chosen(options: SafeString, value: str) -> SafeString:
    """The choices with one of them chosen."""
    known = format_html('value="{}"', value)
    return mark_safe(options.replace(known, f"{known} selected", 1))  # noqa: S308


def asks_of_lesson(prefix: str) -> dict[str, str]:
    """What the fields of a lesson say of its time, for whoever is chosen in it; the prefix ends
    with a hyphen.
    """
    fields = {"day": "day", "starts": "starts", "ends": "ends", "lesson": "pk"}
    return {about: f"{prefix}{name}" for about, name in fields.items()}


def pairs(value: str) -> Iterator[tuple[str, str]]:
    """`lecturer JS-001;class_teacher person-12` → role and name of each."""
    for part in filter(None, (value or "").split(";")):
        role, _space, who = part.partition(" ")
        yield role, who


class TeachersWidget(forms.Widget):
    """Two lists side by side in each row."""

    choices: TeacherChoices

    def value_from_datadict(self, data, files, name) -> str:
        if name in data:
            return data[name]
        read = getattr(data, "getlist", lambda key: [data[key]] if key in data else [])
        rows = zip(read(f"{name}-role"), read(f"{name}-who"), strict=False)
        return ";".join(f"{role} {who}" for role, who in rows if who)

    def value_omitted_from_data(self, data, files, name) -> bool:
        return name not in data and f"{name}-who" not in data

    def format_value(self, value) -> str:
        return value or ""

    def render(self, name, value, attrs=None, renderer=None) -> SafeString:
        roles = _options(TeachingRole.choices)
        rows = [*pairs(self.format_value(value)), (TeachingRole.LECTURER, "")]
        invalid = "is-invalid" in (attrs or {}).get("class", "") + self.attrs.get("class", "")
        return render_to_string(
            "courses/_lesson_teachers.html",
            {
                "name": name,
                "id": (attrs or {}).get("id", ""),
                "invalid": invalid,
                "pick": pick_attrs("teacher", asks=asks_of_lesson(name.removesuffix("teachers"))),
                "rows": [
                    (_chosen(self.choices.options, who) if who else self.choices.options, chosen)
                    for role, who in rows
                    for chosen in [_chosen(roles, role)]
                ],
            },
        )


class TeachersField(forms.Field):
    """Read as `Teacher`s, in their order."""

    widget = TeachersWidget
    default_error_messages = {
        "unknown": gettext_lazy("Choose among the names and roles of the list."),
        "twice": gettext_lazy("%(name)s stands here twice."),
        "role": gettext_lazy(
            "%(name)s is not in the register of experts and can only be the class teacher."
        ),
        "many": gettext_lazy("At most %(most)d people teach a lesson."),
    }

    def use(self, choices: TeacherChoices) -> None:
        self.choices = self.widget.choices = choices

    def prepare_value(self, value) -> str:
        if not value or isinstance(value, str):
            return value or ""
        return ";".join(
            f"{item.role} {item.expert.code if item.expert else f'person-{item.person.pk}'}"
            for item in value
        )

    def has_changed(self, initial, data) -> bool:
        return self.prepare_value(initial) != self.prepare_value(data)

    def to_python(self, value) -> tuple[Teacher, ...]:
        if not isinstance(value, str):
            return tuple(value or ())
        read = [self.choices.teacher(who, role) for role, who in pairs(value)]
        if None in read:
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        return tuple(read)

    def validate(self, value: tuple[Teacher, ...]) -> None:
        super().validate(value)
        if len(value) > MOST_TEACHERS:
            raise ValidationError(self.error_messages["many"] % {"most": MOST_TEACHERS})
        seen = set()
        for item in value:
            if item.key in seen:
                raise ValidationError(self.error_messages["twice"] % {"name": item.name})
            if item.person and item.role != TeachingRole.CLASS_TEACHER:
                raise ValidationError(self.error_messages["role"] % {"name": item.name})
            seen.add(item.key)

    def in_words(self, value: str) -> str:
        """For whoever compares two versions of the page."""
        found = (self.choices.teacher(who, role) for role, who in pairs(value))
        return in_words(item for item in found if item) or pgettext("value of a field", "Empty")


def with_class_teachers(value: str, of: str) -> str:
    """The rows of a lesson with the class teachers of another one that are not there yet."""
    here = {who for _role, who in pairs(value)}
    return ";".join(
        [
            *filter(None, [value]),
            *(
                f"{role} {who}"
                for role, who in pairs(of)
                if role == TeachingRole.CLASS_TEACHER and who not in here
            ),
        ]
    )
