"""The words and small parts that every page shares: dates, numbers, icons, badges, meters."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language, gettext, ngettext, pgettext

from ..place_signs import place_sign
from ..text.numbers import plain

register = template.Library()
register.simple_tag(place_sign)

SPRITE = "icons.svg"  # built from the names in static/icons.txt
WEEKDAYS_ZH = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"]
WEEKDAYS_EN = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
MONTHS_EN = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

STATUS_ICONS = {
    "ok": "check-circle-fill",
    "wait": "hourglass-split",
    "bad": "x-circle-fill",
    "note": "info-circle",
    "idle": "circle",
}
TRACK_COLOURS = ("zz", "zc", "sw", "wh")


@register.simple_tag(takes_context=True)
def list_address(context: template.Context, url_name: str) -> str:
    """The address of a list as the reader last narrowed it, for the way back to it."""
    shell = context.get("shell")
    return shell.list_address(url_name) if shell else reverse(url_name)


# --- Dates and numbers ----------------------------------------------------------------------------
# Lists call these a hundred times a page: plain string work, no format strings to parse, no
# catalogue look-ups.


def _local(value: date | datetime) -> date | datetime:
    return (
        timezone.localtime(value)
        if isinstance(value, datetime) and timezone.is_aware(value)
        else value
    )


def _in_english() -> bool:
    return (get_language() or settings.LANGUAGE_CODE).startswith("en")


def _is_another_year(value: date, since: date | datetime | None = None) -> bool:
    """Whether the year must be told: it is not that of `since`, or of today."""
    return value.year != (
        _local(since).year if isinstance(since, date) else timezone.localdate().year
    )


def _in_words(value: date, *, with_year: bool) -> str:
    if _in_english():
        words = f"{value.day} {MONTHS_EN[value.month - 1]}"
        return f"{words} {value.year}" if with_year else words
    words = f"{value.month}月{value.day}日"
    return f"{value.year}年{words}" if with_year else words


@register.filter
def day(value: date | datetime | None) -> str:
    """11月15日 周一 (Mon 15 Nov in English); in another year 2028年11月15日 周三."""
    if not isinstance(value, date):
        return ""
    value = _local(value)
    words = _in_words(value, with_year=_is_another_year(value))
    return f"{weekday(value)} {words}" if _in_english() else f"{words} {weekday(value)}"


@register.filter
def short_day(value: date | datetime | None, since: date | datetime | None = None) -> str:
    """11月15日 (15 Nov in English); in another year 2028年11月15日, unless it ends a span that
    began in that year.
    """
    if not isinstance(value, date):
        return ""
    value = _local(value)
    return _in_words(value, with_year=_is_another_year(value, since))


@register.filter
def full_day(value: date | datetime | None) -> str:
    """2027年11月15日 (15 Nov 2027 in English): for papers, records and whatever is kept."""
    if not isinstance(value, date):
        return ""
    return _in_words(_local(value), with_year=True)


@register.filter
def month(value: date | datetime | None) -> str:
    """11月 (Nov in English), beside a big day number that says `another_year` as well."""
    if not isinstance(value, date):
        return ""
    value = _local(value)
    return MONTHS_EN[value.month - 1] if _in_english() else f"{value.month}月"


@register.filter
def another_year(value: date | datetime | None) -> str:
    """2028年 (2028 in English) where it is not the current year, or nothing."""
    if not isinstance(value, date):
        return ""
    value = _local(value)
    if not _is_another_year(value):
        return ""
    return str(value.year) if _in_english() else f"{value.year}年"


@register.filter
def full_month(value: date | datetime | None) -> str:
    """2027年11月 (Nov 2027 in English), as the heading of a month."""
    if not isinstance(value, date):
        return ""
    value = _local(value)
    return (
        f"{MONTHS_EN[value.month - 1]} {value.year}"
        if _in_english()
        else f"{value.year}年{value.month}月"
    )


@register.filter
def weekday(value: date | datetime | None) -> str:
    """周一 (Mon in English)."""
    if not isinstance(value, date):
        return ""
    return (WEEKDAYS_EN if _in_english() else WEEKDAYS_ZH)[_local(value).weekday()]


@register.filter
def clock(value: datetime | None) -> str:
    """13:30, in Shanghai."""
    if not isinstance(value, datetime):
        return ""
    value = _local(value)
    return f"{value.hour}:{value.minute:02}"


@register.filter
def moment_in_words(value: datetime | None) -> str:
    """11月10日 周三 17:00, in Shanghai."""
    return f"{day(value)} {clock(value)}" if isinstance(value, datetime) else ""


@register.filter
def span(lesson: object) -> str:
    """13:30—15:55, of anything with starts_at and ends_at."""
    return f"{clock(getattr(lesson, 'starts_at', None))}—{clock(getattr(lesson, 'ends_at', None))}"


@register.filter
def hours(value: Decimal | int | float | None) -> str:
    """17 or 2.5: hours without trailing zeros."""
    if value is None or value == "":
        return ""
    try:
        return plain(Decimal(str(value)))
    except InvalidOperation:
        return ""


@register.filter
def yuan(value: Decimal | int | None) -> str:
    """12,000; with cents only where there are any."""
    if value is None or value == "":
        return ""
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return ""
    return f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"


@register.filter
def listed(things: Iterable) -> str:
    """Return the names of things, or words, as a sentence lists them."""
    return pgettext("between names", ", ").join(
        str(getattr(thing, "name", thing)) for thing in things
    )


@register.filter
def masked_phone(phone: str | None) -> str:
    """138****5678: what everyone but the owner sees. Source: docs/rules.md R12."""
    phone = phone or ""
    return f"{phone[:3]}****{phone[7:]}" if len(phone) == 11 else ""


@register.filter
def spaced_phone(phone: str | None) -> str:
    """138 0000 0001: a number to read out or copy."""
    phone = phone or ""
    return (
        f"{phone[:3]} {phone[3:7]} {phone[7:]}" if len(phone) == 11 and phone.isdigit() else phone
    )


# --- Small parts ----------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, extra: str = "") -> str:
    """A picture beside a word, from the sprite; never alone, so hidden from screen readers."""
    return format_html(
        '<svg class="bi{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f" {extra}" if extra else "",
        static(SPRITE),
        name,
    )


@register.inclusion_tag("components/status_badge.html")
def status_badge(kind: str, words: str, icon: str = "") -> dict[str, str]:
    """Icon and word in the colour of ok, wait, bad, note or idle."""
    kind = kind if kind in STATUS_ICONS else "idle"
    return {"kind": kind, "words": words, "icon_name": icon or STATUS_ICONS[kind]}


@register.inclusion_tag("components/seat_meter.html")
def seat_meter(seats_taken: int, capacity: int, waiting: int = 0) -> dict[str, object]:
    """余 6 席 · 共 30 席, then a bar of taken seats; a full class says how long its queue is."""
    left = max(capacity - seats_taken, 0)
    if left:
        first = ngettext("%(count)d seat left", "%(count)d seats left", left) % {"count": left}
        second = gettext("%(count)d in all") % {"count": capacity}
    else:
        first = gettext("Full, %(count)d seats") % {"count": capacity}
        second = (
            ngettext("%(count)d waiting", "%(count)d waiting", waiting) % {"count": waiting}
            if waiting
            else ""
        )
    return {
        "first": first,
        "second": second,
        "taken": min(seats_taken, capacity),
        "capacity": max(capacity, 1),
    }


@register.inclusion_tag("components/empty_state.html")
def empty_state(title: str, text: str = "", url: str = "", link: str = "") -> dict[str, str]:
    """What is empty, why, and one way on."""
    return {"title": title, "text": text, "url": url, "link": link}


@register.inclusion_tag("components/empty_state.html")
def no_such_filter(url: str, link: str) -> dict[str, str]:
    """The address of a list asks for a filter that it does not have."""
    title = gettext("There is no such filter.")
    return empty_state(title, gettext("The link may be old or mistyped."), url, link)


@register.simple_tag
def track_tag(track: object) -> str:
    """The track's name beside a bar in its colour; the colour is a field of the row."""
    if track is None:
        return ""
    colour = getattr(track, "css_class", "")
    return format_html(
        '<span class="track-tag{}">{}</span>',
        f" track-{colour}" if colour in TRACK_COLOURS else "",
        track,
    )


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: template.Context, page: Page) -> dict[str, object]:
    """Pages as links that keep the filters of the list."""
    return {
        "page": page,
        "request": context["request"],
        "numbers": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "gap": page.paginator.ELLIPSIS,
    }


@register.inclusion_tag("components/page_head.html")
def page_head(title: str, over: str = "", under: str = "") -> dict[str, str]:
    """The one h1 of a page, with a line above that says where it belongs and one below that says
    what it is for.
    """
    return {"title": title, "over": over, "under": under}


@register.simple_tag(takes_context=True)
def querystring_with(context: template.Context, name: str, value: str) -> str:
    """The address of this list with one filter set, back on its first page."""
    query = context["request"].GET.copy()
    query[name] = value
    query.pop("page", None)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def querystring_without(context: template.Context, *names: str) -> str:
    """The address of this list without some of its filters."""
    query = context["request"].GET.copy()
    for name in names:
        query.pop(name, None)
    return f"?{query.urlencode()}" if query else context["request"].path
