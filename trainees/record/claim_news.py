"""Telling people what a list of another platform means for them."""

from collections import defaultdict
from datetime import datetime
from decimal import Decimal

from django.urls import reverse

from academy.models import ImportRun, User
from notices.kinds import NoticeKind
from notices.outbox import tell_all


class Totals:
    """What one list means for each person."""

    def __init__(self) -> None:
        self.of: dict[User, list[Decimal]] = defaultdict(list)

    def add(self, user: User, hours: Decimal) -> None:
        self.of[user].append(hours)

    def tell(self, kind: NoticeKind, run: ImportRun, now: datetime) -> None:
        """Tell each person once, those with the same sums in one go."""
        alike: dict[tuple[Decimal, int], list[User]] = defaultdict(list)
        for user, hours in self.of.items():
            alike[sum(hours), len(hours)].append(user)
        for (hours, count), people in alike.items():
            tell_all(
                kind,
                people,
                values={"hours": hours, "count": count},
                link=reverse("trainees:my_claims"),
                due_at=now,
                dedupe=f"run-{run.pk}",
            )
