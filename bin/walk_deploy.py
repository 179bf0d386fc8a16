"""Walk docs/deploy.md: every command of the page, then the four jobs over HTTPS, backup, wipe,
restore, audit.

It needs Debian's nginx and PostgreSQL, redis-server and openssl, and starts its own of each on free
ports of loopback. Run it with the checkout's own Python after bin/test or bin/serve has installed
it. Nothing outside a temporary folder is written.
"""

import os
import pwd
import re
import secrets
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from datetime import datetime, timedelta
from http.server import HTTPServer
from pathlib import Path
from zoneinfo import ZoneInfo

from walk_browser import Gateway, free_port, must, wait_until
from walk_jobs import OFFICER, PASSWORD, SECONDEE, SERVICES, FourJobs
from workshop import BIN, PYTHON, ROOT, launch, main, say, variables

PAGE = ROOT / "docs/deploy.md"
POSTGRESQL = max(
    Path("/usr/lib/postgresql").glob("*/bin"),
    key=lambda path: int(path.parent.name),
    default=Path(),
)


# --- A browser ------------------------------------------------------------------------------------


# --- The machine ----------------------------------------------------------------------------------


class Walk(FourJobs):
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ports = {name: free_port() for name in ("postgresql", "redis", "web", "http", "https")}
        self.environment: dict[str, str] = {}
        self.services: dict[str, subprocess.Popen] = {}
        self.backup = ""
        self.site = f"https://localhost:{self.ports['https']}/"
        self.certificate = folder / "certificate.pem"

    # -- what stands ready on a real machine

    def start_parts(self) -> None:
        own = {"folder": self.folder / "postgresql", "port": self.ports["postgresql"]}
        own["folder"].mkdir()
        as_owner: dict = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            owner = pwd.getpwnam("postgres")
            os.chown(own["folder"], owner.pw_uid, owner.pw_gid)
            as_owner = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        trust = ["--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8"]
        made = subprocess.run(
            [POSTGRESQL / "initdb", "-D", own["folder"], *trust],
            cwd="/",
            capture_output=True,
            text=True,
            **as_owner,
        )
        must(made.returncode == 0, f"initdb: {made.stderr}")
        log = (self.folder / "postgresql.log").open("wb")
        command = [
            POSTGRESQL / "postgres",
            "-D",
            own["folder"],
            "-p",
            own["port"],
            "-k",
            own["folder"],
            "-c",
            "listen_addresses=127.0.0.1",
        ]
        launch(command, stdout=log, stderr=log, **as_owner)
        wait_until(
            lambda: self.quiet(
                POSTGRESQL / "pg_isready", "-h", "127.0.0.1", "-p", str(own["port"])
            ),
            "PostgreSQL does not answer.",
        )
        launch(
            [
                "redis-server",
                "--bind",
                "127.0.0.1",
                "--port",
                str(self.ports["redis"]),
                "--save",
                "",
                "--dir",
                self.folder,
            ],
            stdout=subprocess.DEVNULL,
        )
        wait_until(
            lambda: self.quiet("redis-cli", "-p", str(self.ports["redis"]), "ping"),
            "Redis does not answer.",
        )
        self.gateway = HTTPServer(("127.0.0.1", 0), Gateway)
        threading.Thread(target=self.gateway.serve_forever, daemon=True).start()
        subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
        command = [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-keyout",
            self.folder / "key.pem",
            "-out",
            self.certificate,
        ]
        must(self.quiet(*command, *subject), "openssl cannot make a certificate.")

    def quiet(self, *command) -> bool:
        return subprocess.run([str(part) for part in command], capture_output=True).returncode == 0

    def adapted(self, text: str) -> str:
        """A line or file of the page with the paths, ports and words of this machine."""
        ports = self.ports
        for theirs, ours in (
            ("/etc/nginx/sites-available/portal", str(self.folder / "nginx-site.conf")),
            ("/etc/systemd/system/", f"{self.folder / 'units'}/"),
            ("/etc/portal.env", str(self.folder / "portal.env")),
            ("/etc/ssl/portal/fullchain.pem", str(self.certificate)),
            ("/etc/ssl/portal/privkey.pem", str(self.folder / "key.pem")),
            ("/var/log/nginx/", f"{self.folder}/"),
            ("/srv/portal/app", str(ROOT)),
            ("/srv/portal", str(self.folder)),
            ("127.0.0.1:8000", f"127.0.0.1:{ports['web']}"),
            ("listen 80;", f"listen 127.0.0.1:{ports['http']};"),
            ("listen 443 ssl;", f"listen 127.0.0.1:{ports['https']} ssl;"),
            ("    listen [::]:80;\n", ""),
            ("    listen [::]:443 ssl;\n", ""),
            ("https://$host$request_uri", f"https://$host:{ports['https']}$request_uri"),
            ("portal.example.gov.cn", "localhost"),
            ("<network>", "demo/network"),
            ("<catalogue>", "demo/catalogue"),
            ("<password>", "walk"),
            ("<phone> <name>", f"{OFFICER} 示例"),
            ("<backup>", self.backup),
        ):
            text = text.replace(theirs, ours)
        return text

    def fill_in_environment(self) -> None:
        """What the page asks somebody to write into /etc/portal.env."""
        file = self.folder / "portal.env"
        answers = {
            "DJANGO_SECRET_KEY": secrets.token_urlsafe(50),
            "DJANGO_CSRF_TRUSTED_ORIGINS": self.site.rstrip("/"),
            "DATABASE_URL": f"postgres://portal:walk@127.0.0.1:{self.ports['postgresql']}/portal",
            "REDIS_URL": f"redis://127.0.0.1:{self.ports['redis']}/0",
            "OFFICE_PHONE": "021-00000000",
            "FILING_NUMBER_LABEL": "示例",
            "SMS_GATEWAY_URL": f"http://127.0.0.1:{self.gateway.server_port}/send",
            "SMS_GATEWAY_KEY": "key-of-the-walk",
            "SMS_GATEWAY_TEMPLATE": "T1",
        }
        lines = [
            line.partition("=")
            for line in self.adapted(file.read_text()).splitlines()
            if "=" in line and not line.startswith("#")
        ]
        self.environment = {"SWEEP_SECONDS": "2"} | {
            name: answers.get(name, value) for name, _equals, value in lines
        }
        must(
            answers.keys() <= self.environment.keys(), "deploy/portal.env.example lacks a variable."
        )
        file.write_text("".join(f"{name}={value}\n" for name, value in self.environment.items()))

    def run(self, line: str, **more: str) -> str:
        """Run a command in the checkout, without the variables of this process."""
        kept = {name: os.environ[name] for name in ("HOME", "LANG", "TMPDIR") if name in os.environ}
        environment = {
            **kept,
            "PATH": variables()["PATH"],
            "PGHOST": "127.0.0.1",
            "PGPORT": str(self.ports["postgresql"]),
        }
        environment |= (
            {"PGUSER": "postgres", "PORTAL_ENV": str(self.folder / "portal.env")}
            | self.environment
            | more
        )
        done = subprocess.run(
            ["bash", "-euc", line], cwd=ROOT, env=environment, capture_output=True, text=True
        )
        must(done.returncode == 0, f"$ {line}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done.stdout

    # -- the commands of the page

    def follow(self, line: str) -> None:
        say(f"   $ {line}")
        here = self.adapted(line)
        if line.startswith(
            (
                "apt-get ",
                "adduser ",
                "git clone ",
                "cd ",
                "python3 -m venv",
                ".venv/bin/pip ",
                "PATH=",
                "systemctl daemon-reload",
                "ln -s ",
            )
        ):
            say("     (this checkout and machine have it)")
        elif line.startswith("install -d "):
            for folder in shlex.split(here)[shlex.split(here).index("750") + 1 :]:
                Path(folder).mkdir(mode=0o750, parents=True)
        elif line.startswith("install -m 640 "):
            shutil.copy(ROOT / shlex.split(here)[-2], self.folder / "portal.env")
            self.fill_in_environment()
        elif line.startswith("cp deploy/portal-"):
            (self.folder / "units").mkdir()
            self.run(here)
            for unit in (self.folder / "units").iterdir():
                unit.write_text(self.adapted(unit.read_text()))
        elif line.startswith("cp deploy/nginx.conf"):
            self.run(here)
            site = self.folder / "nginx-site.conf"
            site.write_text(self.adapted(site.read_text()))
        elif line == "nginx -t":
            self.write_nginx()
            self.run(f"{shlex.join(self.nginx())} -t")
        elif line.startswith("systemctl "):
            self.systemctl(*shlex.split(line)[1:])
        elif "first_administrator" in line:
            say("     (first the people of the demonstration, with debug on for this one command)")
            # so that its lesson can be marked at any hour
            yesterday = datetime.now(ZoneInfo("Asia/Shanghai")).date() - timedelta(days=1)
            self.run(f"{PYTHON} manage.py load_demo --today {yesterday}", DJANGO_DEBUG="1")
            # whose administrator steps aside meanwhile
            self.set_administrators(active=False)
            self.run(f"printf '%s\\n' {PASSWORD} {PASSWORD} | {here}")
            self.set_administrators(active=True)
        else:
            said = self.run(re.sub(r"^runuser -u \w+ -- ", "", here))
            if "check --deploy" in line:
                must("no issues" in said, said)

    def set_administrators(self, *, active: bool) -> None:
        people = "User.objects.filter(grants__role='administrator')"
        code = f"from academy.models import User; {people}.update(is_active={active})"
        self.run(f"{PYTHON} manage.py shell --no-imports -c {shlex.quote(code)}")

    def systemctl(self, verb: str, *arguments: str) -> None:
        for unit in (argument for argument in arguments if not argument.startswith("-")):
            if unit == "nginx":
                self.start_nginx()
            elif unit.endswith(".timer"):
                say(f"     ({unit} starts {unit.removesuffix('.timer')} every night)")
            elif verb == "stop":
                self.stop(unit)
            elif unit in SERVICES:
                self.start(unit)
            else:
                self.run(self.exec_start(unit))

    def exec_start(self, unit: str) -> str:
        text = (self.folder / "units" / f"{unit}.service").read_text()
        return re.search(r"^ExecStart=(.+)$", text, re.M)[1]

    def start(self, unit: str) -> None:
        log = (self.folder / f"{unit}.log").open("ab")
        plain = {
            "PATH": "/usr/bin:/bin"
        } | self.environment  # as systemd starts it: nothing but the file of variables
        child = launch(
            shlex.split(self.exec_start(unit)),
            env=plain,
            asked_by=signal.SIGTERM,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        self.services[unit] = child

    def stop(self, unit: str) -> None:
        child = self.services.pop(unit)
        child.terminate()
        must(child.wait(timeout=60) == 0, f"{unit} ended with {child.returncode}.")

    def write_nginx(self) -> None:
        user = "user root;\n" if os.geteuid() == 0 else ""
        temporary = "".join(
            f"    {kind}_temp_path {self.folder}/nginx-{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (self.folder / "nginx.conf").write_text(
            f"{user}pid {self.folder}/nginx.pid;\nerror_log {self.folder}/nginx-error.log;\nevents"
            f" {{}}\nhttp {{\n{temporary}    include /etc/nginx/mime.types;\n    include"
            f" {self.folder}/nginx-site.conf;\n}}\n"
        )

    def nginx(self) -> list[str]:
        return [
            shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin"),
            "-c",
            str(self.folder / "nginx.conf"),
            "-e",
            str(self.folder / "nginx-error.log"),
        ]

    def start_nginx(self) -> None:
        launch(
            [*self.nginx(), "-g", "daemon off;"],
            asked_by=signal.SIGQUIT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    # -- what people do


# --- The walk -------------------------------------------------------------------------------------


def walk() -> int:
    missing = [name for name in ("redis-server", "openssl") if not shutil.which(name)]
    missing += [] if shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") else ["nginx"]
    missing += [] if POSTGRESQL.name else ["postgresql"]
    must(not missing, f"{', '.join(missing)} missing: docs/deploy.md cannot be walked.")
    with tempfile.TemporaryDirectory(prefix="portal-walk-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # PostgreSQL runs as another user
        the_walk = Walk(folder)
        the_walk.start_parts()
        blocks = re.findall(
            r"^## (.+?)$|^```sh\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.M | re.S
        )
        for heading, commands in blocks:
            if heading:
                say(f"-- {heading}")
            if heading == "Back up and restore":
                four_jobs(the_walk)
            for line in commands.splitlines():
                if "deploy/restore" in line:
                    wipe(the_walk)
                the_walk.follow(line)
                if line == "systemctl start portal-backup":
                    (the_walk.backup,) = (path.name for path in (folder / "backups").iterdir())
        wait_until(the_walk.is_up, "The portal does not come back.")
        must(
            the_walk.somebody(SECONDEE).ask(the_walk.evidence).startswith(b"\xff\xd8\xff"),
            "The photo is not restored.",
        )
        say("   The portal is back; the photo of the evidence is there.")
        the_walk.look_at_what_is_kept()
        say("   Logs are JSON without numbers and errors; uploads are private.")
        for unit in reversed(SERVICES):
            the_walk.stop(unit)
    say("== docs/deploy.md was walked from end to end.")
    return 0


def four_jobs(the_walk: Walk) -> None:
    wait_until(the_walk.is_up, "The portal does not answer.")
    for title, job in (
        ("Find and book", the_walk.find_and_book),
        ("Hold the class", the_walk.hold_the_class),
        ("File the year", the_walk.file_the_year),
        ("Practise", the_walk.practise),
        ("Log in with a code of the gateway", the_walk.log_in_by_code),
    ):
        began = time.monotonic()
        job()
        say(f"   {title}: done over HTTPS in {time.monotonic() - began:.1f} s")


def wipe(the_walk: Walk) -> None:
    say("   (wiped: database, uploads, Redis)")
    the_walk.run(
        "dropdb portal && createdb --owner=portal --encoding=UTF8 --template=template0 portal"
    )
    shutil.rmtree(the_walk.folder / "var" / "media")
    the_walk.run(f"redis-cli -p {the_walk.ports['redis']} flushall")


if __name__ == "__main__":
    sys.path.insert(0, str(BIN))
    main(walk)
