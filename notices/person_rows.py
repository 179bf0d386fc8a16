"""Notices of two entries of one person."""

from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Replace

from .models import Notice, NoticePreference

MOVES = ("notices.Notice.person", "notices.NoticePreference.person")
STAYS: dict[str, str] = {}


def _renamed(key, old: int, new: int) -> Replace:
    """The key of a notice as it is for another person: `dedupe_key` names who is told."""
    return Replace(key, Value(f"|{old}|"), Value(f"|{new}|"))


def _told_already(survivor: int, away: int) -> Q:
    """What the one who stays has been told as well stays where it is."""
    key = _renamed(OuterRef("dedupe_key"), away, survivor)
    return Q(Exists(Notice.objects.filter(dedupe_key=key)))


def _chosen_already(survivor: int, away: int) -> Q:
    """Whoever stays keeps their own choice."""
    return Q(Exists(NoticePreference.objects.filter(person=survivor)))


LEFT = {
    "notices.Notice.person": _told_already,
    "notices.NoticePreference.person": _chosen_already,
}


def after_moving(field: str, keys: list[int], old: int, new: int) -> None:
    """A notice that has gone to another person is not made for them a second time."""
    if field != "notices.Notice.person":
        return
    Notice.objects.filter(pk__in=keys).update(dedupe_key=_renamed(F("dedupe_key"), old, new))
