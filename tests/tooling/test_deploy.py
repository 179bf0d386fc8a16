"""docs/deploy.md and deploy/ agree with the settings.

`bin/walk_deploy.py` walks the page itself.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PAGE = (ROOT / "docs/deploy.md").read_text(encoding="utf-8")


def test_the_page_names_every_variable():
    read = (ROOT / "academy" / "settings.py").read_text(encoding="utf-8")
    variables = set(re.findall(r'env\.\w+\(\s*"(\w+)"', read))
    table = set(re.findall(r"`([A-Z][A-Z_]+)`", PAGE))

    assert variables and variables - table == set()


def test_the_example_holds_only_variables_of_the_page():
    example = (ROOT / "deploy" / "portal.env.example").read_text(encoding="utf-8")

    assert [name for name in re.findall(r"^(\w+)=", example, re.M) if f"`{name}`" not in PAGE] == []


def test_the_page_installs_what_the_folder_holds():
    commands = "".join(re.findall(r"^```sh\n(.*?)^```$", PAGE, re.M | re.S))
    named = re.findall(r"(?:deploy/)[\w./*-]+", commands)

    assert [name for name in named if not list(ROOT.glob(name))] == []
    for unit in (ROOT / "deploy").glob("*.service"):
        assert re.search(rf"\b{unit.stem}(\.timer)?\b", commands), unit.name


# --- What production logs -------------------------------------------------------------------------

EVENTS = """
import logging, sys
import django
django.setup()
from academy.accounts.sms import ConsoleChannel
try:
    raise ValueError("on purpose")
except ValueError:
    told = sys.exc_info()
for status in (404, 500):
    what = {"exc_info": told, "extra": {"status_code": status}}
    logging.getLogger("django.request").warning("Answered %d", status, **what)
ConsoleChannel().send(phone="13900000000", text="123456")
"""


def test_production_logs_an_event_a_line_without_codes_and_tracebacks_of_refusals(tmp_path):
    production = {
        "DJANGO_SETTINGS_MODULE": "academy.settings",
        "DJANGO_DEBUG": "0",
        "DJANGO_SECRET_KEY": "for-this-test-only-" + "0123456789abcdef" * 3,
        "DJANGO_ALLOWED_HOSTS": "portal.example",
        "PORTAL_VAR_DIR": str(tmp_path),
    }

    done = subprocess.run(
        [sys.executable, "-c", EVENTS],
        cwd=ROOT,
        env={**os.environ, **production},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    missing, failed, sms = [json.loads(line) for line in done.stderr.splitlines()]
    assert (missing["message"], "exception" in missing) == ("Answered 404", False)
    assert (failed["message"], "ValueError" in failed["exception"]) == ("Answered 500", True)
    assert sms["message"] == "Text message to 139****0000: not sent, there is no gateway"
