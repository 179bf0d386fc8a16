"""Runs a program on a day of its own, whatever day it is: `python -m tests.e2e.on_the_day manage.py
load_demo`.

The day is SITE_DAY of the environment (2027-10-01), or else the day of the pictures.

The demonstration is as it stands on the day it is loaded, and some states come and go with the
seasons: a picture of a class with a queue needs a class with a queue. The clock goes on from there.
"""

import os
import runpy
import sys
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import time_machine

OF_PICTURES = "2026-11-27"
DAY = datetime.combine(
    date.fromisoformat(os.environ.get("SITE_DAY") or OF_PICTURES),
    time(10, 30),
    tzinfo=ZoneInfo("Asia/Shanghai"),
)


def run(program: str, *arguments: str) -> None:
    """A file of the checkout, or a module."""
    sys.argv = [program, *arguments]
    with time_machine.travel(DAY):
        if program.endswith(".py"):
            runpy.run_path(program, run_name="__main__")
        else:
            runpy.run_module(program, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    run(*sys.argv[1:])
