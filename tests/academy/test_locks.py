"""A lock takes the rows it names: what is joined for reading stays free, or two people of one
village wait for each other.
"""

import ast
from collections.abc import Iterator

from django.conf import settings

APPS = ("academy", "notices", "courses", "trainees", "practicums", "plans", "portal")


def chains() -> Iterator[tuple[str, dict[str, ast.Call]]]:
    """Where a chain of queryset calls stands, and its calls by name."""
    for app in APPS:
        for path in (settings.BASE_DIR / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                calls, link = {}, node
                while isinstance(link, ast.Call) and isinstance(link.func, ast.Attribute):
                    calls.setdefault(link.func.attr, link)
                    link = link.func.value
                if calls:
                    yield f"{path.relative_to(settings.BASE_DIR)}:{node.lineno}", calls


def test_whoever_locks_and_joins_says_what_is_locked():
    locking = [
        (place, calls)
        for place, calls in chains()
        if "select_for_update" in calls and "select_related" in calls
    ]

    assert locking, "nothing is proven of what is not there"
    assert [
        place
        for place, calls in locking
        if "of" not in {keyword.arg for keyword in calls["select_for_update"].keywords}
    ] == []
