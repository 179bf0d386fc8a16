"""How many examples a test of generated input takes; LONG=1 takes ten times as many."""

import os


def examples(number: int) -> int:
    return 10 * number if os.environ.get("LONG") else number
