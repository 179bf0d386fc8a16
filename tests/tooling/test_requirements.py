"""What the portal imports is in requirements.txt, and the locks hold what the lists ask for."""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ("academy", "notices", "courses", "trainees", "practicums", "plans", "portal")


def pinned(name: str) -> set[str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    found = (re.match(r"([A-Za-z0-9_.-]+)(?:\[\w+\])?==([^\s;\\]+)", line) for line in lines)
    return {f"{match[1].lower().replace('_', '-')}=={match[2]}" for match in found if match}


def imported(folder: str) -> set[str]:
    """Return the top names of the modules that the files of a folder import."""
    names = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.partition(".")[0])
    return names


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_a_lock_holds_what_its_list_asks_for(name):
    assert pinned(f"{name}.txt") and pinned(f"{name}.txt") <= pinned(f"{name}.lock")


def test_the_lock_of_the_tests_is_that_of_production_and_more():
    assert pinned("requirements.lock") < pinned("requirements-dev.lock")


def test_every_locked_package_has_hashes_and_no_download_address():
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        assert all("--hash=sha256:" in block for block in re.split(r"\n(?=\w)", text.strip()))


def test_every_dependency_says_why_it_is_here():
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if "==" in line and "#" not in line] == []


def test_the_portal_imports_nothing_that_only_tests_install():
    distributions = packages_distributions()
    locked = {pin.partition("==")[0] for pin in pinned("requirements.lock")}
    own = {*APPS, *sys.stdlib_module_names}
    foreign = {
        name
        for name in set().union(*map(imported, APPS)) - own
        if not locked & {dist.lower().replace("_", "-") for dist in distributions.get(name, [])}
    }
    assert foreign == set()
