"""What sharing_out.py hands out together, and when."""

import subprocess
import sys

from django.conf import settings

from ..sharing_out import LONGEST, rank_of, share_of

PLANS = "tests/plans/test_filing.py::test_each_step_from_each_status[draft-file]"
PAGE = "tests/e2e/test_every_page.py::test_page[classes-full]"
TESTS = """
import os, pathlib, pytest

@pytest.mark.parametrize("number", range(9))
def test_it(number):
    with (pathlib.Path(__file__).with_suffix(".said")).open("a") as said:
        said.write(os.environ["PYTEST_XDIST_WORKER"] + " ")
"""
SHARED_OUT = """
import sys
sys.path.insert(0, {root!r})
from tests.sharing_out import ByFile

def pytest_xdist_make_scheduler(config, log):
    return ByFile(config, log)
"""


def test_one_process_gets_all_tests_of_a_file():
    assert share_of(PLANS) == share_of("tests/plans/test_filing.py::test_another")
    assert share_of(PAGE) == PAGE


def test_the_longest_begin_and_single_ones_fill_up():
    assert rank_of("tests/access/test_matrix.py::test_access") < rank_of(PLANS) < rank_of(PAGE)
    assert rank_of("tests/e2e/test_every_page.py::test_page[home-full]") < rank_of(PLANS)


def test_the_longest_are_there():
    files = {path.name for path in (settings.BASE_DIR / "tests").rglob("test_*.py")}

    assert {part for part in LONGEST if part.endswith(".py")} <= files


def test_pytest_shares_out_as_it_is_told(tmp_path):
    """It took no notice once: the name by which it was told had come to mean nothing."""
    for name in ("one", "two", "three"):
        (tmp_path / f"test_{name}.py").write_text(TESTS)
    (tmp_path / "conftest.py").write_text(SHARED_OUT.format(root=str(settings.BASE_DIR)))
    (tmp_path / "pytest.ini").write_text("[pytest]")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-n",
            "2",
            "-p",
            "no:django",
            "-p",
            "no:hypothesispytest",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr

    told = [set(path.read_text().split()) for path in tmp_path.glob("*.said")]
    assert [len(processes) for processes in told] == [1, 1, 1]
