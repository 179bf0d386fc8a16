"""How many examples a test of generated input takes: by LONG=1 ten times as many, and fewer where the database only stores them a second time."""

import os

from django.db import connection


def examples(number: int) -> int:
    if os.environ.get("LONG"):
        return 10 * number
    return number if connection.vendor == "sqlite" else max(10, number // 4)
