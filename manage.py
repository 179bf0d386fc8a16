#!/usr/bin/env python
"""Run a Django command of the portal."""

import os
import sys


def main() -> None:
    """Run a command of Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "academy.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
