"""What the races start ends with the run that started it, however that one ends."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings

PATIENCE = 10  # seconds
PARENT = """
import subprocess, sys
from tests.races.leash import leash
sleep = [sys.executable, "-c", "import time; time.sleep(60)"]
child = subprocess.Popen(sleep, start_new_session=True, preexec_fn={leash})
print(child.pid, flush=True)
child.wait()
"""


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("leash", ["leash", None])
def test_a_child_on_the_leash_ends_with_its_parent_and_another_lives_on(how, leash):
    with subprocess.Popen(
        [sys.executable, "-c", PARENT.format(leash=leash)],
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        child = int(parent.stdout.readline())
        parent.send_signal(how)
    deadline = time.monotonic() + (PATIENCE if leash else 0.5)
    while runs(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    alive = runs(child)
    if alive:
        subprocess.run(["kill", "-9", str(child)], check=True)

    assert alive == (leash is None)
