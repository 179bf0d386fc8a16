"""Telling the people whom a roster brought how to log in: once, and only when somebody says so."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from academy.models import ImportRun, PersonChange, PersonChangeKind, User
from notices.models import Notice
from notices.outbox import tell_all

from ..notices.people import ROSTER_WELCOME


def people_to_tell(run: ImportRun) -> QuerySet[User]:
    """Whom the import made an account for and nobody has told so far."""
    added = PersonChange.objects.filter(import_run=run, kind=PersonChangeKind.ADDED)
    told = Notice.objects.filter(kind=ROSTER_WELCOME.key)
    return User.objects.filter(
        pk__in=added.values("person"), is_active=True, last_login__isnull=True
    ).exclude(pk__in=told.values("person"))


@transaction.atomic
def tell_new_people(*, run: ImportRun, now: datetime) -> int:
    """Send each of them one notice; returns how many were told. A second time it is nobody."""
    run = ImportRun.objects.select_for_update(of=("self",)).defer("before", "marks").get(pk=run.pk)
    people = list(people_to_tell(run))
    tell_all(ROSTER_WELCOME, people, link=reverse("portal:me"), due_at=now, dedupe="once")
    return len(people)
