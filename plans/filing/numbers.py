"""Filing numbers: one counter for each year, without gaps. Source: docs/rules.md R38."""

from academy.office_settings import office_setting

from ..models import FilingCounter


def filing_number(year: int, sequence: int) -> str:
    """示例〔2027〕012号.

    The label is configuration: the portal does not issue official document numbers.
    """
    return f"{office_setting('filing_label')}〔{year}〕{sequence:03}号"


def next_number(year: int) -> int:
    """Raise the counter of the year; call it in the transaction that files."""
    FilingCounter.objects.get_or_create(year=year)
    counter = FilingCounter.objects.select_for_update().get(year=year)
    counter.last_number += 1
    counter.save(update_fields=["last_number"])
    return counter.last_number
