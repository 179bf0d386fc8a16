"""A Redis and a PostgreSQL of a test's own, which it may stop and start as it likes."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from .leash import leash

PATIENCE = 30  # seconds until a server answers


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def postgres_programs() -> Path:
    """The folder of initdb and postgres; Debian keeps them out of the PATH."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    complete = (folder for folder in folders if (folder / "postgres").exists())
    return next(complete)


class Server:
    """A process that listens on a port, with a folder of its own."""

    stop_signal = signal.SIGKILL  # at once, as when it is killed or the machine fails

    def __init__(self) -> None:
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="own-server-"))
        self.process: subprocess.Popen | None = None

    def command(self) -> list[str | Path]:
        raise NotImplementedError

    def owner(self) -> dict[str, object]:
        """As whom it runs, for Popen."""
        return {}

    def start(self) -> None:
        with (self.folder / "log").open("a") as log:
            self.process = subprocess.Popen(
                self.command(),
                cwd=self.folder,
                stdout=log,
                stderr=log,
                preexec_fn=leash,
                **self.owner(),
            )
        deadline = time.monotonic() + PATIENCE
        while not self.answers():
            assert self.process.poll() is None and time.monotonic() < deadline, self.log()
            time.sleep(0.05)

    def answers(self) -> bool:
        raise NotImplementedError

    def stop(self) -> None:
        self.process.send_signal(self.stop_signal)
        self.process.wait()

    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")[-3000:]

    def remove(self) -> None:
        if self.process and self.process.poll() is None:
            self.stop()
        shutil.rmtree(self.folder)


class OwnRedis(Server):
    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> list[str | Path]:
        return [
            *("redis-server", "--bind", "127.0.0.1", "--port", str(self.port)),
            *("--save", "", "--appendonly", "no"),
        ]

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(7) == b"+PONG\r\n"
        except OSError:
            return False


class OwnPostgres(Server):
    """Stopped with SIGQUIT it leaves its files as a crash does, and repairs them when it starts."""

    stop_signal = signal.SIGQUIT

    def __init__(self) -> None:
        super().__init__()
        self.programs = postgres_programs()
        self.cluster = self.folder / "cluster"
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        subprocess.run(
            [
                *(self.programs / "initdb", "-D", self.cluster, "-U", "portal", "--auth=trust"),
                *("--encoding=UTF8", "--no-locale", "--no-sync"),
            ],
            cwd=self.folder,
            check=True,
            capture_output=True,
            **self.owner(),
        )

    @property
    def url(self) -> str:
        return f"postgres://portal@127.0.0.1:{self.port}/postgres"

    def owner(self) -> dict[str, object]:
        """PostgreSQL refuses to run as root."""
        if os.getuid() != 0:
            return {}
        return {"user": "postgres", "group": "postgres", "extra_groups": []}

    def command(self) -> list[str | Path]:
        # Without fsync a commit outlives the process, though not the machine: enough for this.
        return [
            *(self.programs / "postgres", "-D", self.cluster, "-p", str(self.port)),
            *("-k", self.folder, "-h", "127.0.0.1", "-c", "fsync=off"),
        ]

    def answers(self) -> bool:
        command = [self.programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(command).returncode == 0
