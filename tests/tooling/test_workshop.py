"""The processes of bin/serve and bin/test: none outlives the one that started it, and a moved
environment is made anew.
"""

import contextlib
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
# ignores being asked, and has a child
STUBBORN = "trap '' TERM INT; sleep 300 & echo ready; wait; wait"


@pytest.fixture
def workshop(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "bin"))
    import workshop

    yield workshop

    workshop.children.clear()


@pytest.fixture
def serve(workshop):
    import serve

    return serve


def living(group: int) -> list[str]:
    """The processes of a group, but for those that are dead and not yet collected: how soon the
    system does that is its own affair.
    """
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _parent, of_group, *_rest = stat.read_text().rpartition(")")[2].split()
            if int(of_group) == group and state != "Z":
                found.append(stat.parent.name)
    return found


def group_is_gone(group: int) -> bool:
    for _ in range(50):
        if not living(group):
            return True
        time.sleep(0.1)
    return False


def test_what_ignores_being_asked_is_ended_with_its_children(workshop, monkeypatch):
    monkeypatch.setattr(workshop, "SECONDS_TO_STOP", 0.5)
    with workshop.launch(["sh", "-c", STUBBORN], stdout=subprocess.PIPE) as child:
        child.stdout.readline()

        workshop.end()

        assert group_is_gone(child.pid)


A_STEP = (
    "import os, signal, subprocess, sys; sys.path.insert(0, 'bin'); import workshop;"
    " workshop.SECONDS_TO_STOP = 0.5\n"
    # under nohup the tests ignore it, and so would the script
    "signal.signal(signal.SIGHUP, signal.SIG_DFL)\n"
    "{before}\n"
    f"workshop.main(lambda: workshop.finish(['sh', '-c', 'echo $$; ' + {STUBBORN!r}]))\n"
)
STOPPED_AT_BIRTH = """
class Popen(subprocess.Popen):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGTERM)
workshop.subprocess.Popen = Popen
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("times", [1, 3])
def test_being_stopped_during_a_step_leaves_no_process(number, times):
    script = A_STEP.replace("{before}", "")
    with subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as parent:
        group = int(parent.stdout.readline())
        assert parent.stdout.readline() == "ready\n"

        for _impatient in range(times):
            parent.send_signal(number)
            time.sleep(0.1)

        try:
            assert parent.wait(timeout=20) == 130
        finally:
            parent.kill()  # one that was not stopped would be waited for without end
        assert group_is_gone(group)
        assert parent.stderr.read() == ""


def test_being_stopped_while_a_child_is_born_leaves_no_process():
    with subprocess.Popen(
        [sys.executable, "-c", A_STEP.replace("{before}", STOPPED_AT_BIRTH)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as parent:
        try:
            assert parent.wait(timeout=20) == 130
        finally:
            parent.kill()
        group = parent.stdout.readline()

        assert not group or group_is_gone(int(group))


def test_a_failing_step_is_one_sentence_and_keeps_its_words_in_a_log(
    workshop, monkeypatch, tmp_path
):
    monkeypatch.setenv("PORTAL_VAR_DIR", str(tmp_path))

    with pytest.raises(workshop.Stop, match="It did not work."):
        workshop.run(["sh", "-c", "echo because; exit 3"], trouble="It did not work.")

    assert "because" in (tmp_path / "setup.log").read_text(encoding="utf-8")


def test_a_dead_child_is_named(workshop, serve):
    with workshop.launch(["true"]) as alive_no_more:
        alive_no_more.wait()

        with pytest.raises(serve.Stop, match="The worker has stopped by itself"):
            serve.refuse_the_dead({"worker": alive_no_more})


@pytest.mark.parametrize(
    ("version", "place", "ours"),
    [
        ("{0}.{1}.0", "{venv}", True),
        ("{0}.{1}.0", "/some/other/place/.venv", False),
        ("3.10.1", "{venv}", False),
    ],
)
def test_an_environment_of_another_place_or_python_is_made_anew(
    workshop, monkeypatch, tmp_path, version, place, ours
):
    monkeypatch.setattr(workshop, "VENV", tmp_path)
    monkeypatch.setattr(workshop, "BIN", tmp_path)
    monkeypatch.setattr(workshop, "PYTHON", tmp_path / "python")
    assert not workshop.made_here()
    for name in ("python", "pip"):
        (tmp_path / name).touch()
    lines = (
        f"version = {version.format(*sys.version_info)}\ncommand = /usr/bin/python3 -m venv"
        f" {place.format(venv=tmp_path)}\n"
    )
    (tmp_path / "pyvenv.cfg").write_text(lines, encoding="utf-8")

    assert workshop.made_here() is ours


def test_what_a_link_leads_to_is_not_emptied(workshop, monkeypatch, tmp_path):
    elsewhere, link = tmp_path / "elsewhere", tmp_path / ".venv"
    elsewhere.mkdir()
    (elsewhere / "kept").touch()
    link.symlink_to(elsewhere)
    monkeypatch.setattr(workshop, "VENV", link)

    with pytest.raises(workshop.Stop, match="is a link to"):
        workshop.make_venv()
    link.unlink()
    monkeypatch.setattr(workshop, "VENV", elsewhere)  # no link, and nothing of ours
    with pytest.raises(workshop.Stop, match="was not set up here"):
        workshop.make_venv()

    assert (elsewhere / "kept").exists()


def test_browser_packages_are_not_installed_through_a_link(workshop, monkeypatch, tmp_path):
    for name in ("package.json", "package-lock.json"):
        (tmp_path / name).touch()
    (tmp_path / "node_modules").symlink_to(tmp_path)
    monkeypatch.setattr(workshop, "ROOT", tmp_path)
    monkeypatch.setattr(workshop, "made_here", lambda: True)
    monkeypatch.setattr(workshop, "done_before", lambda stamp, _key: stamp.name == "installed")
    monkeypatch.setattr(workshop, "run", lambda *_command, **_how: None)
    monkeypatch.setattr(workshop, "write_stamp", lambda *_stamp: None)

    with pytest.raises(workshop.Stop, match="is a link to"):
        workshop.install()


@pytest.mark.parametrize("error", [OSError(28, "No space left on device", "x"), ValueError("odd")])
def test_what_nobody_foresaw_is_a_sentence(workshop, monkeypatch, tmp_path, capsys, error):
    monkeypatch.setattr(workshop, "var_dir", lambda: tmp_path)
    monkeypatch.setattr(workshop.signal, "signal", lambda *_how: None)

    def job():
        raise error

    with pytest.raises(SystemExit) as ended:
        workshop.main(job)

    said = capsys.readouterr().err
    assert ended.value.code == 1
    assert said.startswith("Setting up has failed: ")
    assert "Traceback" not in said
    assert "Traceback" in (tmp_path / "setup.log").read_text(encoding="utf-8")


def test_a_changed_list_changes_the_key(workshop, tmp_path):
    listed = tmp_path / "requirements.txt"
    listed.write_text("a==1\n")
    before = workshop.key_of([listed])
    listed.write_text("a==2\n")

    assert workshop.key_of([listed]) != before


@pytest.mark.parametrize(
    ("empty", "people", "loads", "hints"),
    [
        (False, False, True, False),
        (True, False, False, True),
        (True, True, False, False),
        (False, True, False, False),
    ],
)
def test_an_empty_portal_stays_empty_where_that_is_wanted(
    serve, monkeypatch, empty, people, loads, hints
):
    done, said = [], []
    monkeypatch.setattr(serve, "install", lambda: None)
    monkeypatch.setattr(serve, "prepare", lambda: None)
    monkeypatch.setattr(serve, "manage", lambda command, *more, trouble: done.append(command))
    monkeypatch.setattr(serve, "facts", lambda: (True, people, False))
    monkeypatch.setattr(serve, "say", said.append)

    serve.set_up(empty=empty)

    assert ("load_demo" in done, any("first_administrator" in line for line in said)) == (
        loads,
        hints,
    )
