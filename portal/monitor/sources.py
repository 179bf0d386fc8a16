"""Which rows an indicator counts, and which of them are its part: figures and their rows ask the
same.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat, ExtractQuarter, ExtractYear

from academy.models import TownBorder
from courses.models import ClassStatus, TopicRequest, TopicRequestStatus
from practicums.models import ItemKind, ItemStatus, Secondment, SecondmentStatus, SevenItem
from trainees.models import (
    LIVE,
    Enrolment,
    EnrolmentEvent,
    EnrolmentEventKind,
    EnrolmentStatus,
)


@dataclass(frozen=True)
class Fact:
    """So many of so many, in a season, of a street-town and a department by their codes."""

    season: str
    town: str | None
    department: str | None
    part: int
    whole: int | None


@dataclass(frozen=True)
class Source:
    """The rows of one table; `town` and `department` lead to the codes of whose they are."""

    rows: Callable[[], QuerySet]
    town: str
    department: str


@dataclass(frozen=True)
class Measure:
    """What of a source counts, and what of that is the part."""

    source: Source
    whole: Callable[[], Q]
    part: Callable[[], Q]

    def rows(self, *, seasons: Sequence[str], scope: "str | None" = "", of: str = "") -> QuerySet:
        """Whatever counts in the seasons, each with `of_season` and `is_part`.

        `of` is "town" or "department" and `scope` its code; without them the whole district.
        """
        rows = self.source.rows().filter(self.whole(), of_season__in=seasons)
        if of:
            rows = rows.filter(**{getattr(self.source, of): scope})
        counts = Case(
            When(self.part(), then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        )
        return rows.annotate(is_part=counts)

    def facts(self, seasons: Sequence[str]) -> Iterable[Fact]:
        """What is counted in these seasons; one query."""
        grouped = (
            self.rows(seasons=seasons)
            .order_by()
            .values("of_season", self.source.town, self.source.department)
            .annotate(counted=Count("pk", filter=Q(is_part=True)), of=Count("pk"))
        )
        names = ("of_season", self.source.town, self.source.department, "counted", "of")
        return [Fact(*row) for row in grouped.values_list(*names)]


def _quarter(field: str) -> Concat:
    """2027Q1 of a date or an instant, in Shanghai."""
    return Concat(
        Cast(ExtractYear(field), CharField()),
        Value("Q"),
        Cast(ExtractQuarter(field), CharField()),
        output_field=CharField(),
    )


def _bookings() -> QuerySet[Enrolment]:
    return (
        Enrolment.objects.of_cadres()
        .exclude(training_class__status__in=(ClassStatus.CANCELLED, ClassStatus.DRAFT))
        .annotate(of_season=F("training_class__season"))
    )


def _requests() -> QuerySet[TopicRequest]:
    return TopicRequest.objects.exclude(status=TopicRequestStatus.WITHDRAWN).annotate(
        of_season=_quarter("asked_at")
    )


def _secondments() -> QuerySet[Secondment]:
    return Secondment.objects.exclude(status=SecondmentStatus.WITHDRAWN).annotate(
        of_season=_quarter("starts_on")
    )


BOOKINGS = Source(_bookings, "village__town__code", "training_class__department__code")
REQUESTS = Source(_requests, "village__town__code", "service_item__department__code")
SECONDMENTS = Source(_secondments, "town__code", "host_department__code")


def _everything() -> Q:
    return Q(pk__isnull=False)


def _stands() -> Q:
    return Q(status__in=LIVE)


def _own_town() -> Q:
    return Q(training_class__campus__town=F("village__town"))


def _next_town() -> Q:
    home, held = OuterRef("village__town"), OuterRef("training_class__campus__town")
    borders = TownBorder.objects.filter(active=True)
    return ~_own_town() & (
        Q(Exists(borders.filter(town=home, neighbour=held)))
        | Q(Exists(borders.filter(town=held, neighbour=home)))
    )


def _without_seat() -> Q:
    return Q(status__in=(EnrolmentStatus.WAITLISTED, EnrolmentStatus.LAPSED))


def _did_not_leave() -> Q:
    return ~Q(status=EnrolmentStatus.WITHDRAWN)


def _given_back() -> Q:
    return Q(status=EnrolmentStatus.WITHDRAWN)


def _with_a_reason() -> Q:
    said = EnrolmentEvent.objects.filter(
        enrolment=OuterRef("pk"), kind=EnrolmentEventKind.WITHDRAWN
    ).exclude(reason="")
    return Q(Exists(said))


def _item_signed(kind: ItemKind) -> Callable[[], Q]:
    def signed() -> Q:
        items = SevenItem.objects.filter(kind=kind, status=ItemStatus.SIGNED)
        return Q(Exists(items.filter(secondment=OuterRef("pk"))))

    return signed


MEASURES = {
    "repeats": Measure(BOOKINGS, _stands, lambda: Q(is_repeat=True)),
    "requests-met": Measure(
        REQUESTS,
        _everything,
        lambda: Q(status=TopicRequestStatus.ANSWERED, course__isnull=False),
    ),
    "requests-open": Measure(REQUESTS, _everything, lambda: Q(status=TopicRequestStatus.OPEN)),
    "near-own": Measure(BOOKINGS, _stands, _own_town),
    "near-next": Measure(BOOKINGS, _stands, _next_town),
    "near-far": Measure(BOOKINGS, _stands, lambda: ~_own_town() & ~_next_town()),
    "queue": Measure(BOOKINGS, _did_not_leave, _without_seat),
    "cancels": Measure(BOOKINGS, _everything, _given_back),
    "cancel-reasons": Measure(BOOKINGS, _given_back, _with_a_reason),
    "mentoring": Measure(SECONDMENTS, _everything, _item_signed(ItemKind.MENTOR_PAIRING)),
    "get-togethers": Measure(SECONDMENTS, _everything, _item_signed(ItemKind.GET_TOGETHER)),
}
