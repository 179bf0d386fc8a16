"""docs/deploy.md and deploy/ agree with the settings. `bin/walk_deploy.py` walks the page itself."""

import re
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
