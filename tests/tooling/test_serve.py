"""`bin/serve` on this checkout: it starts, answers, starts again quickly, and Ctrl-C leaves no
process.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from django.conf import settings

from .test_commands import NO_REGISTRY

ROOT = Path(settings.BASE_DIR)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def processes_with(mark: str) -> list[str]:
    """Command lines of processes whose environment carries the mark."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if (
                mark.encode() in (folder / "environ").read_bytes()
                and (folder / "cmdline").read_bytes()
            ):
                found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return found


def start_and_stop(variables: dict[str, str], number: signal.Signals) -> tuple[float, str]:
    """Seconds until /healthz answered, and what it said until then; stopped by the signal it must
    end by itself.
    """
    port = free_port()
    began = time.monotonic()
    child = subprocess.Popen(
        ["bin/serve", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        while True:
            try:
                with urllib.request.urlopen(
                    f"http://127.0.0.1:{port}/healthz", timeout=5
                ) as answer:
                    assert answer.status == 200
                    break
            except (urllib.error.URLError, OSError):
                assert child.poll() is None, child.stdout.read()
                assert time.monotonic() - began < 240, "no answer"
                time.sleep(0.2)
        seconds = time.monotonic() - began
        said = ""
        for line in child.stdout:
            said += line
            if "门户已启动" in line:  # the last thing it says before it only waits
                break
        child.send_signal(number)
        assert child.wait(timeout=30) == (-number if number == signal.SIGKILL else 0)
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
        child.stdout.close()
    return seconds, said


def no_process_is_left(mark: str, seconds: float) -> bool:
    patience = time.monotonic() + seconds
    while processes_with(mark):
        if time.monotonic() > patience:
            return False
        time.sleep(0.2)
    return True


def test_start_stop_and_start_again(tmp_path):
    mark = f"PORTAL_TEST_MARK={tmp_path.name}"
    variables = {
        "PORTAL_VAR_DIR": str(tmp_path),
        "DATABASE_URL": "",
        "REDIS_URL": "",
        "PORTAL_TEST_MARK": tmp_path.name,
    }

    _seconds, said = start_and_stop(variables, signal.SIGINT)
    assert "Loading demonstration data" in said
    assert "19900009008" in said  # the administrator's log-in
    assert processes_with(mark) == []

    again, said = start_and_stop(variables | NO_REGISTRY, signal.SIGTERM)
    assert "Loading" not in said
    assert "Installing" not in said
    assert "19900009008" in said
    assert again < 30  # a generous bound on a busy machine
    assert processes_with(mark) == []

    start_and_stop(variables | NO_REGISTRY, signal.SIGKILL)
    assert no_process_is_left(mark, seconds=20) or sys.platform != "linux"
