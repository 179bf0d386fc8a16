"""What people are told when their entry is changed."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from academy.models import PersonChange
from notices.outbox import notify

from ..models import Enrolment


def tell(change: PersonChange, title: str, body: str, link: str = "") -> None:
    """Tell the person of one change, unless they made it; call in the language of the portal."""
    if change.by_id == change.person_id:
        return
    notify(
        person=change.person,
        kind="person_changed",
        subject=change,
        dedupe=change.kind,
        title=title,
        body=body,
        link=link or reverse("portal:me"),
    )


def in_the_language_of_the_portal():
    """What is kept or sent is not in the language of whoever acts."""
    return translation.override(settings.LANGUAGE_CODE)


def who_to_ask() -> str:
    """Return the sentence for whoever finds the change wrong."""
    return _("If that is wrong, call the academy office on %(phone)s.") % {
        "phone": settings.OFFICE_PHONE
    }


def classes_in_words(enrolments: list[Enrolment]) -> str:
    """Return the titles of the classes, listed."""
    return pgettext("between names", ", ").join(
        f"“{enrolment.training_class.title}”" for enrolment in enrolments
    )
