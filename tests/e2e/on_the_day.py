"""Runs a program on the day of the pictures, whatever day it is: `python -m tests.e2e.on_the_day manage.py load_demo`.

The demonstration is as it stands on the day it is loaded, and some states come and go with the seasons: a picture of a class with a
queue needs a class with a queue. The clock goes on from there.
"""

import runpy
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

import time_machine

DAY = datetime(2026, 11, 27, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


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
