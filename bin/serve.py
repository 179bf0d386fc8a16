"""Set up and run the portal: the web server, a Celery worker and beat; Ctrl-C stops them all."""

import argparse
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from workshop import PYTHON, Stop, install, launch, main, manage, prepare, say, var_dir, variables

SECONDS_TO_START = 60
FIRST_ADMINISTRATOR = (
    "The portal is empty. Make its first administrator in another window:\n"
    "  .venv/bin/python manage.py first_administrator PHONE NAME"
)
PR_SET_PDEATHSIG = 1  # Linux: a child gets this signal when its parent dies, however it dies
# where this machine finds a server that listens everywhere
ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}


def refuse_a_taken_port(host: str, port: int) -> None:
    try:
        family, kind, protocol, _name, place = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
    except (OSError, UnicodeError) as error:
        raise Stop(
            f"There is no address “{host}” on this machine. Choose another: bin/serve --host"
            " 127.0.0.1"
        ) from error
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(place)
        except OSError as error:
            raise Stop(
                f"Port {port} is taken or not allowed. Stop what uses it, or choose another:"
                " bin/serve --port 8765"
            ) from error


def set_up(*, empty: bool = False) -> bool:
    """Bring checkout and database up to date; says whether people of the demonstration can log
    in. An empty database stays so where that is wanted.
    """
    install()
    prepare()
    manage("migrate", "--verbosity", "0", trouble="The database could not be brought up to date.")
    debug, people, samples = facts()
    if empty and not people:
        say(FIRST_ADMINISTRATOR)
    elif not people and debug:
        say("Loading demonstration data into the empty database …")
        manage("load_demo", trouble="The demonstration data could not be loaded.")
        return True
    return samples


def facts() -> tuple[bool, bool, bool]:
    """Whether DEBUG is on, whether there are people in the database, and whether the log-ins of the
    demonstration are among them.
    """
    question = (
        "from django.conf import settings; from academy.models import User; people = User.objects;"
        "from portal.demonstration.accounts import LOGINS; logins = [one.phone for one in LOGINS];"
        "print('facts', settings.DEBUG, people.exists(),"
        " people.filter(is_sample=True, phone__in=logins).exists())"
    )
    said = manage("shell", "--no-imports", "-c", question, trouble="The database does not answer.")
    answer = next(line for line in said.splitlines() if line.startswith("facts "))
    debug, people, samples = (word == "True" for word in answer.split()[1:])
    return debug, people, samples


def print_logins() -> None:
    try:
        say(f"\n{manage('load_demo', '--logins', trouble='').rstrip()}")
    except Stop:
        say("\nREADME.md lists the demonstration log-ins.")


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def start(module: str, *arguments: str, log: str | None = None) -> subprocess.Popen:
    """A server that ends when we do; what it says goes to the console or into var/log/."""
    output = None
    if log:
        logs = var_dir() / "log"
        logs.mkdir(parents=True, exist_ok=True)
        output = (logs / log).open("ab")
    return launch(
        [PYTHON, "-m", module, *arguments],
        asked_by=signal.SIGTERM,
        preexec_fn=_die_with_parent,
        env=variables(),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
    )


def wait_until_it_answers(address: str, servers: dict[str, subprocess.Popen]) -> None:
    patience = time.monotonic() + SECONDS_TO_START
    # a proxy of the environment is not asked
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while True:
        refuse_the_dead(servers)
        try:
            with direct.open(f"{address}/healthz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            pass
        if time.monotonic() > patience:
            raise Stop(
                f"The web server did not answer within {SECONDS_TO_START} seconds; everything is"
                " stopped."
            )
        time.sleep(0.1)


def refuse_the_dead(servers: dict[str, subprocess.Popen]) -> None:
    for name, server in servers.items():
        if server.poll() is not None:
            raise Stop(
                f"The {name} has stopped by itself (exit code {server.returncode}), so everything"
                f" is stopped; logs are in {var_dir() / 'log'}."
            )


def port_number(text: str) -> int:
    number = int(text)
    if not 0 < number < 65536:
        raise ValueError(text)
    return number


def serve() -> int:
    parser = argparse.ArgumentParser(prog="bin/serve", description=__doc__)
    parser.add_argument(
        "--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)"
    )
    parser.add_argument(
        "--port",
        type=port_number,
        default=os.environ.get("PORT") or "8000",
        help="(default: %(default)s)",
    )
    parser.add_argument(
        "--empty", action="store_true", help="leave an empty database empty: no demonstration"
    )
    wanted = parser.parse_args()
    refuse_a_taken_port(wanted.host, wanted.port)
    samples = set_up(empty=wanted.empty)
    host = f"[{wanted.host}]" if ":" in wanted.host else wanted.host
    address = f"http://{ANYWHERE.get(wanted.host, host)}:{wanted.port}"
    servers: dict[str, subprocess.Popen] = {}
    try:
        servers["web server"] = start(
            "gunicorn",
            "academy.wsgi",
            "--bind",
            f"{host}:{wanted.port}",
            "--workers",
            "2",
            "--threads",
            "4",
            "--log-level",
            "warning",
        )
        servers["worker"] = start(
            "celery",
            "-A",
            "academy",
            "worker",
            "--concurrency",
            "1",
            "--loglevel",
            "INFO",
            "--without-gossip",
            "--without-mingle",
            "--without-heartbeat",
            log="worker.log",
        )
        servers["scheduler"] = start(
            "celery", "-A", "academy", "beat", "--loglevel", "INFO", "--pidfile=", log="beat.log"
        )
        wait_until_it_answers(address, servers)
        if samples:
            print_logins()
        say(
            f"\nThe portal runs at {address} (Ctrl-C stops it)\n门户已启动：{address}（按"
            " Ctrl-C 停止）"
        )
        while True:
            time.sleep(0.5)
            refuse_the_dead(servers)
    except KeyboardInterrupt:
        say("\nStopping …")
        return 0


if __name__ == "__main__":
    main(serve)
