"""Telling people that their entry was changed."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from academy.models import PersonChange
from academy.office_settings import office_setting
from notices.kinds import NoticeKind
from notices.outbox import tell


def tell_of(change: PersonChange, kind: NoticeKind, **values: object) -> None:
    """Tell the person of one change, unless they made it."""
    if change.by_id == change.person_id:
        return
    tell(
        kind,
        change.person,
        values={"ask": office_setting("office_phone"), **values},
        link=reverse("portal:me"),
        subject=change,
        dedupe=change.kind,
    )


def in_the_language_of_the_portal():
    """What is kept is not in the language of whoever acts."""
    return translation.override(settings.LANGUAGE_CODE)
