"""Count how often a booking goes from one module, or from one room, of the portal into another.

A room is a package such as `trainees.booking`.

`python -m pytest -s tests/tooling/test_booking_walk.py` prints the figures and the modules.
"""

import sys
from collections import Counter
from collections.abc import Callable

APPS = ("academy", "notices", "courses", "trainees")
MODULE, ROOM = 9, 2  # so many parts of a dotted name


def _place_of(frame, parts: int) -> str:
    """The module or room of the portal that a frame runs in; empty for Django and Python."""
    name = frame.f_globals.get("__name__", "").split(".")
    return ".".join(name[:parts]) if name[0] in APPS else ""


def _caller_of(frame, parts: int) -> str:
    while (frame := frame.f_back) is not None:
        if place := _place_of(frame, parts):
            return place
    return ""


def entries(action: Callable[[], object], parts: int = MODULE) -> Counter[str]:
    """Module (or room) → how often it was entered from another one while `action` ran."""
    entered: Counter[str] = Counter()

    def look(frame, event: str, _argument) -> None:
        place = _place_of(frame, parts) if event == "call" else ""
        if place and place != _caller_of(frame, parts):
            entered[place] += 1

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        action()
    finally:
        sys.setprofile(before)
    return entered


def in_words(entered: Counter[str], what: str) -> str:
    lines = [f"{times:4} {name}" for name, times in entered.most_common()]
    return "\n".join([f"{entered.total()} changes of {what}, {len(entered)} {what}s", *lines])
