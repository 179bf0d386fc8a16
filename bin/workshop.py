"""Setting up a checkout: what bin/serve and bin/test share.

Standard library only; it runs before anything is installed.
"""

import contextlib
import hashlib
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
PYTHON = BIN / "python"
LOCK, TEST_LOCK = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
SECONDS_TO_STOP = 10  # between asking a process to end and ending it
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)  # what asks us to stop
NO_VENV = (
    "Python cannot make a virtual environment. On Debian and Ubuntu install the package"
    " python3-venv."
)


class Stop(Exception):
    """What went wrong, in one sentence for the person at the keyboard."""


def say(sentence: str) -> None:
    print(sentence, flush=True)


def variables(**more: str) -> dict[str, str]:
    """The environment of every child: the checkout's own programs first, and what one process has
    compiled is there for the next.
    """
    path = f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"
    own = {
        "PATH": path,
        "VIRTUAL_ENV": str(VENV),
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "",
    }
    return {**os.environ, **own, **more}


def var_dir() -> Path:
    return Path(os.environ.get("PORTAL_VAR_DIR") or ROOT / "var").absolute()


# --- Processes ------------------------------------------------------------------------------------


# who has not come to its end yet → how it is asked to; `main` sees to it
children: dict[subprocess.Popen, signal.Signals] = {}


def launch(
    command: Iterable[str | Path],
    *,
    asked_by: signal.Signals = signal.SIGINT,
    preexec_fn: Callable[[], None] = lambda: None,
    **how,
) -> subprocess.Popen:
    """A child in a process group of its own, so that it can be ended with all its children.

    What asks us to stop waits until we know of the child: one born in that moment would be left
    behind.
    """

    def as_it_was() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        preexec_fn()

    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    try:
        child = subprocess.Popen(
            [str(part) for part in command],
            cwd=ROOT,
            start_new_session=True,
            preexec_fn=as_it_was,
            **how,
        )
        children[child] = asked_by
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return child


def end() -> None:
    """Ask each child, wait, then end whatever is left of its group."""
    for child, asked_by in list(children.items()):
        with contextlib.suppress(ProcessLookupError):
            child.send_signal(asked_by)
    patience = time.monotonic() + SECONDS_TO_STOP
    for child in list(children):
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(timeout=max(0.1, patience - time.monotonic()))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    children.clear()


def finish(
    command: Iterable[str | Path], *, stdout: int | None = None, **more: str
) -> tuple[int, str]:
    """Run to the end: exit code and what it said."""
    child = launch(
        command,
        env=variables(**more),
        stdout=stdout,
        stderr=subprocess.STDOUT if stdout else None,
        text=True,
        errors="replace",
    )
    said, _nothing = child.communicate()
    children.pop(child, None)  # in a thread of its own: `end` may have been quicker
    return child.returncode, said or ""


def run(command: Iterable[str | Path], *, trouble: str, **more: str) -> str:
    """Run a step quietly; when it fails its output goes into a log and one sentence says so."""
    command = [str(part) for part in command]
    code, said = finish(command, stdout=subprocess.PIPE, **more)
    if code:
        log = var_dir() / "setup.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(f"$ {' '.join(command)}\n{said}", encoding="utf-8")
        raise Stop(f"{trouble} (details: {log})")
    return said


def manage(*arguments: str, trouble: str) -> str:
    return run([PYTHON, "manage.py", *arguments], trouble=trouble)


# --- What is done once ----------------------------------------------------------------------------


def key_of(paths: Iterable[Path]) -> str:
    """A hash of what files hold."""
    found = hashlib.sha256(f"Python {sys.version_info[0]}.{sys.version_info[1]}".encode())
    for path in paths:
        found.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def done_before(stamp: Path, key: str) -> bool:
    return stamp.exists() and stamp.read_text(encoding="utf-8") == key


def write_stamp(stamp: Path, key: str) -> None:
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(key, encoding="utf-8")


def install(*, for_tests: bool = False) -> None:
    """Install the locked packages into `.venv` and node_modules; without network while the locks
    are unchanged.

    What is installed for the tests is enough to serve as well.
    """
    wanted = TEST_LOCK if for_tests else LOCK
    enough = {key_of([lock]) for lock in (wanted, TEST_LOCK)}
    stamp = VENV / "installed"
    ours = made_here()
    if not (ours and any(done_before(stamp, key) for key in enough)):
        say("Installing Python packages …")
        if not ours:
            make_venv()
        run(
            [
                PYTHON,
                "-m",
                "pip",
                "install",
                "--quiet",
                "--no-compile",
                "--disable-pip-version-check",
                "--no-input",
                "--require-hashes",
                "-r",
                wanted,
            ],
            trouble=(
                "The Python packages could not be installed. Is the package registry within reach?"
            ),
        )
        write_stamp(stamp, key_of([wanted]))
    without = [] if for_tests else ["--omit=dev"]
    key = key_of([ROOT / "package.json", ROOT / "package-lock.json"])
    stamp = ROOT / "node_modules" / ".installed"
    if not any(done_before(stamp, key + have) for have in ([""] if for_tests else ["", *without])):
        refuse_a_link(ROOT / "node_modules")
        say("Installing what the browser needs …")
        run(
            [BIN / "npm", "ci", "--ignore-scripts", "--loglevel", "error", *without],
            trouble=(
                "The browser packages could not be installed. Is the npm registry within reach?"
            ),
        )
        write_stamp(stamp, key + "".join(without))


def made_here() -> bool:
    """Whether `.venv` works and is of this Python and of this folder: a moved one names its old
    place in every program.
    """
    try:
        made = dict(
            line.split(" = ", 1)
            for line in (VENV / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
            if " = " in line
        )
    except (OSError, ValueError):
        return False
    same_python = made.get("version", "").split(".")[:2] == [
        str(number) for number in sys.version_info[:2]
    ]
    return (
        same_python
        and made.get("command", "").endswith(f" {VENV}")
        and PYTHON.exists()
        and (BIN / "pip").exists()
    )


def make_venv() -> None:
    refuse_a_link(VENV)
    if VENV.is_dir() and any(VENV.iterdir()) and not (VENV / "pyvenv.cfg").exists():
        raise Stop(f"{VENV} holds something that was not set up here. Move it away and try again.")
    try:
        import venv  # some systems ship Python without it

        venv.EnvBuilder(with_pip=True, clear=True, symlinks=True).create(VENV)
    except (ImportError, subprocess.CalledProcessError, SystemExit) as error:
        raise Stop(NO_VENV) from error
    except OSError as error:
        raise Stop(f"The folder {VENV} cannot be written: {error.strerror}.") from error
    if not made_here():
        raise Stop(NO_VENV)


def refuse_a_link(folder: Path) -> None:
    """Stop before what a link leads to is emptied and made anew."""
    if folder.is_symlink():
        raise Stop(
            f"{folder} is a link to {folder.resolve()}, and setting up would empty what it leads"
            " to. Remove the link and start again."
        )


def prepare() -> None:
    """Compiled translations and collected static files; skipped while their sources are
    unchanged.
    """
    catalogues = sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po"))
    stamp, key = ROOT / "locale" / ".compiled", key_of(catalogues)
    if not (
        done_before(stamp, key) and all(path.with_suffix(".mo").exists() for path in catalogues)
    ):
        for catalogue in catalogues:
            run(
                [
                    BIN / "pybabel",
                    "compile",
                    "-i",
                    catalogue,
                    "-o",
                    catalogue.with_suffix(".mo"),
                    "-l",
                    catalogue.parts[-3],
                ],
                trouble="The translations could not be compiled.",
            )
        write_stamp(stamp, key)
    sources = [
        path
        for folder in ("static", "styles")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.is_file()
    ]
    builder = ROOT / "academy" / "management" / "commands" / "build_assets.py"
    stamp = var_dir() / "static" / ".collected"
    key = key_of([ROOT / "package-lock.json", ROOT / "requirements.lock", builder, *sources])
    if not done_before(stamp, key):
        manage("build_assets", trouble="The files for the browser could not be built.")
        manage(
            "collectstatic",
            "--noinput",
            "--clear",
            trouble="The static files could not be collected.",
        )
        write_stamp(stamp, key)


def _in_a_sentence(error: Exception) -> str:
    """What went wrong that nobody foresaw; the traceback goes into a log where that can be
    written.
    """
    what = f"{error.strerror}: {error.filename}" if isinstance(error, OSError) else str(error)
    sentence = f"Setting up has failed: {what or type(error).__name__}."
    log = var_dir() / "setup.log"
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    except OSError:
        return sentence
    return f"{sentence} (details: {log})"


def main(job: Callable[[], int]) -> None:
    """Run a job.

    A Stop ends it with its sentence and exit code 1; asked to stop from outside, it ends with 130.
    No child outlives it.
    """

    def asked_to_stop(number, frame):
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, asked_to_stop)  # a shell's background job starts with it ignored
    signal.signal(signal.SIGTERM, asked_to_stop)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup wants it ignored
        signal.signal(signal.SIGHUP, asked_to_stop)
    code, sentence = 130, ""
    try:
        code = job()
    except Stop as stop:
        code, sentence = 1, str(stop)
    except KeyboardInterrupt:
        pass
    except Exception as error:
        code, sentence = 1, _in_a_sentence(error)
    finally:
        # we are about it: being asked once more must not keep us from ending the children
        for number in STOPS:
            signal.signal(number, signal.SIG_IGN)
        end()
    if sentence:
        print(sentence, file=sys.stderr, flush=True)
    sys.exit(code)
