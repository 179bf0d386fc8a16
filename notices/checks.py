"""What `manage.py check` refuses about the templates of notices."""

from collections import Counter
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.core.checks import Error, register
from django.utils import translation

from .kinds import PLACEHOLDER, NoticeKind, declared
from .models import Notice

LONGEST_KEY = Notice._meta.get_field("kind").max_length


@register
def notice_templates_can_be_filled(app_configs, **kwargs) -> list[Error]:
    """Refuse templates that could not be filled when the day comes."""
    return list(faults_of(list(declared())))


def faults_of(kinds: Iterable[NoticeKind]) -> Iterator[Error]:
    """An error for each unknown placeholder, stray percent sign, long key, and code used twice."""
    kinds = list(kinds)
    for code, count in Counter(kind.code for kind in kinds).items():
        if count > 1:
            yield Error(f"{count} notices are called “{code}”.", id="notices.E001")
    for kind in kinds:
        if len(kind.key) > LONGEST_KEY:
            yield Error(
                f"The key “{kind.key}” is longer than {LONGEST_KEY} characters.", id="notices.E002"
            )
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                yield from _faults_of_template(kind, f"{kind.title}\n{kind.body}", language)


def _faults_of_template(kind: NoticeKind, template: str, language: str) -> Iterator[Error]:
    where = f"The notice “{kind.code}” ({language})"
    known = {item.name: f"{item.name} ({item.meaning})" for item in kind.values}
    for name in sorted(set(PLACEHOLDER.findall(template)) - known.keys()):
        yield Error(
            f"{where} has the placeholder “{name}”, which nothing fills.",
            hint=f"Known are: {', '.join(known.values()) or 'none'}.",
            id="notices.E003",
        )
    if "%" in PLACEHOLDER.sub("", template):
        yield Error(
            f"{where} has a percent sign that begins no placeholder.",
            hint="Write %(name)s, or %(name)d for a number.",
            id="notices.E004",
        )
