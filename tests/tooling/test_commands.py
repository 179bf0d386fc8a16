"""The commands that set up, build and check: each says in one sentence what is wrong."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command

from academy.management.commands import build_assets, check_translations

ROOT = Path(django_settings.BASE_DIR)
PO_HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
NOWHERE = "http://127.0.0.1:9/"
NO_REGISTRY = {
    "PIP_INDEX_URL": NOWHERE,
    "PIP_EXTRA_INDEX_URL": "",
    "PIP_FIND_LINKS": "",
    "PIP_RETRIES": "0",
    "PIP_CONFIG_FILE": "/dev/null",
    "PIP_NO_CACHE_DIR": "1",
    "npm_config_registry": NOWHERE,
    "npm_config_fetch_retries": "0",
}


@pytest.fixture
def built(settings, tmp_path):
    settings.BUILT_ASSETS_DIR = tmp_path
    return tmp_path


def test_assets_are_built(built):
    call_command("build_assets")

    sprite = (built / "icons.svg").read_text(encoding="utf-8")
    assert all(f'id="{name}"' in sprite for name in build_assets.icon_names())
    assert sprite.count("<symbol") == len(build_assets.icon_names())
    for name in ("bootstrap.min.css", "bootstrap.bundle.min.js"):
        content = (built / "vendor" / name).read_bytes()
        assert len(content) > 50_000
        assert b"sourceMappingURL" not in content


def test_an_unknown_icon_stops_the_build():
    with pytest.raises(CommandError, match="no-such-icon"):
        build_assets.sprite(["check-lg", "no-such-icon"])


def test_missing_packages_stop_the_build(built, monkeypatch, tmp_path):
    monkeypatch.setattr(build_assets, "NODE_MODULES", tmp_path)

    with pytest.raises(CommandError, match="npm ci"):
        call_command("build_assets")


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        ('msgid "a"\nmsgstr "甲"\n', []),
        ('msgid "a"\nmsgstr ""\n', ["untranslated: 'a'"]),
        ('#, fuzzy\nmsgid "a"\nmsgstr "甲"\n', ["fuzzy: 'a'"]),
        ('msgid "a"\nmsgid_plural "as"\nmsgstr[0] ""\n', ["untranslated: 'a'"]),
    ],
)
def test_incomplete_translations_are_found(entry, found):
    assert (
        check_translations.incomplete(
            read_po((PO_HEAD + entry).encode().splitlines(), locale="zh_Hans")
        )
        == found
    )


@pytest.fixture
def small_project(settings, monkeypatch, tmp_path):
    """A folder with one marked sentence in code, one in a template, one plural and one with a
    context.
    """
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    (tmp_path / "locale").mkdir()
    (tmp_path / "code.py").write_text(
        'gettext("In code.")\nngettext("%(n)s seat", "%(n)s seats", n)\npgettext("a verb",'
        ' "Book")\n'
    )
    (tmp_path / "page.html").write_text("{% load i18n %}{% translate 'On a page.' %}")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def catalogue_with(entries: str):
    return read_po((PO_HEAD + entries).encode().splitlines(), locale="zh_Hans")


PLURAL = 'msgid "%(n)s seat"\nmsgid_plural "%(n)s seats"\nmsgstr[0] "%(n)s 席"\n\n'
CONTEXT = 'msgctxt "a verb"\nmsgid "Book"\nmsgstr "报名"\n\n'
PLAIN = 'msgid "In code."\nmsgstr "甲"\n\nmsgid "On a page."\nmsgstr "乙"\n\n'


@pytest.mark.parametrize(
    ("entries", "found"),
    [
        (PLAIN + PLURAL + CONTEXT, []),
        (PLAIN + CONTEXT, ["not in the catalogue: '%(n)s seat'"]),
        (PLAIN + PLURAL + CONTEXT.replace("a verb", "a noun"), ["not in the catalogue: 'Book'"]),
        (
            PLURAL + CONTEXT,
            ["not in the catalogue: 'In code.'", "not in the catalogue: 'On a page.'"],
        ),
    ],
)
def test_sentences_that_the_catalogue_lacks_are_found_without_touching_it(
    small_project, entries, found
):
    before = sorted(small_project.rglob("*"))

    assert sorted(check_translations.missing(catalogue_with(entries))) == sorted(found)
    assert sorted(small_project.rglob("*")) == before


def test_an_incomplete_catalogue_fails_the_check(monkeypatch, tmp_path):
    monkeypatch.setattr(check_translations, "CATALOGUE", tmp_path / "django.po")
    (tmp_path / "django.po").write_text(PO_HEAD + 'msgid "a"\nmsgstr ""\n', encoding="utf-8")
    monkeypatch.setattr(check_translations, "which", lambda name: None)

    with pytest.raises(CommandError, match="untranslated: 'a'"):
        call_command("check_translations")


def run(*command: str, **variables: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def one_sentence(done: subprocess.CompletedProcess) -> str:
    """What was said, when it was one plain line and no traceback."""
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


def test_a_taken_port_is_said_in_one_sentence():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        done = run("bin/serve", "--port", str(port))

    assert done.returncode == 1
    assert str(port) in one_sentence(done)


@pytest.mark.parametrize("command", ["bin/serve", "bin/test"])
def test_a_wrong_python_is_said_in_one_sentence(command, tmp_path):
    for name in ("python3", "python"):
        old = tmp_path / name
        old.write_text("#!/bin/sh\nexit 1\n")
        old.chmod(0o755)
    for name in ("sh", "dirname"):
        (tmp_path / name).symlink_to(
            f"/usr/bin/{name}" if Path(f"/usr/bin/{name}").exists() else f"/bin/{name}"
        )

    done = run(f"./{command}", PATH=str(tmp_path), PYTHON="")

    assert done.returncode == 1
    assert "Python 3.11" in one_sentence(done)


@pytest.mark.parametrize("arguments", [["--port", "70000"], ["--port", "many"]])
def test_an_impossible_port_is_wrong_usage(arguments):
    done = run("bin/serve", *arguments)

    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_an_unknown_host_is_said_in_one_sentence():
    done = run("bin/serve", "--host", "no-such-host.invalid", "--port", "8000")

    assert done.returncode == 1
    assert "no-such-host.invalid" in one_sentence(done)


@pytest.mark.parametrize("absent", ["TEST_DATABASE_URL", "TEST_REDIS_URL"])
def test_nothing_is_left_out_in_ci(absent):
    given = {
        "TEST_DATABASE_URL": "postgres://somewhere",
        "TEST_REDIS_URL": "redis://somewhere",
        absent: "",
    }

    done = run("bin/test", CI="true", **given)

    assert done.returncode == 1
    assert absent in one_sentence(done)


def test_a_missing_registry_is_said_in_one_sentence(tmp_path):
    """The first step of a fresh checkout, with no registry within reach."""
    script = (
        "import sys; sys.path.insert(0, 'bin'); import workshop; from pathlib import"
        f" Path;workshop.VENV = Path({str(tmp_path / 'venv')!r}); workshop.BIN = workshop.VENV /"
        " 'bin'; workshop.PYTHON = workshop.BIN / 'python';workshop.main(workshop.install)"
    )

    done = run(sys.executable, "-c", script, PORTAL_VAR_DIR=str(tmp_path), **NO_REGISTRY)

    assert done.returncode == 1
    assert "registry" in one_sentence(done)


def test_debug_off_without_a_secret_stops_with_a_sentence():
    done = run(
        sys.executable,
        "manage.py",
        "check",
        DJANGO_DEBUG="0",
        DJANGO_SECRET_KEY="",
        DJANGO_ALLOWED_HOSTS="portal.example",
    )

    assert done.returncode != 0
    assert "DJANGO_SECRET_KEY is missing" in done.stderr.strip().splitlines()[-1]


def test_a_start_loads_no_dictionary():
    """pypinyin's costs 0.8 s and 57 MiB in every process and command."""
    script = (
        "import sys, academy.wsgi; from django.urls import get_resolver;"
        " get_resolver().url_patterns; sys.exit('pypinyin' in sys.modules)"
    )

    done = run(sys.executable, "-c", script, DJANGO_SETTINGS_MODULE="academy.settings")

    assert (done.returncode, done.stderr) == (0, "")
