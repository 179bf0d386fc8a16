"""Every class of the style sheet is worn by something, every class that is worn has a rule.

tests/e2e/test_style_sheet.py asks whole rules of the drawn pages.
"""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management.base import CommandError

from academy.management.commands import build_assets

ROOT = Path(settings.BASE_DIR)
NAME = r"[a-zA-Z][\w-]*"
TAG, VARIABLE = re.compile(r"{%.*?%}"), re.compile(r"{{.*?}}")
CLASS_ATTRIBUTE = re.compile(r'\bclass="((?:{[%{].*?[%}]}|[^"])*)"', re.DOTALL)
# put together from a word and a number or a state, or written by crispy-forms
MADE_UP = re.compile(
    r"(from|to|weeks|track|status|timeline|mark)-\w+|alert-danger|asteriskField|mb-3"
)


def classes_of(css: str) -> set[str]:
    without_comments = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return set(re.findall(rf"\.({NAME})", re.sub(r"\{[^{}]*\}", "{}", without_comments)))


def words_of(paths) -> set[str]:
    return {word for path in paths for word in re.findall(NAME, path.read_text(encoding="utf-8"))}


def worn(template: str) -> set[str]:
    """The classes that a template writes out; what a tag puts together is left out."""
    found = set()
    for attribute in CLASS_ATTRIBUTE.findall(template):
        # a name that touches a variable is only half a name
        text = VARIABLE.sub("\0", TAG.sub(" ", attribute))
        found |= {word for word in text.split() if re.fullmatch(rf"{NAME}(?<!-)", word)}
    return found


def all_rules() -> str:
    """The rules of the one sheet, and of those that only some pages load."""
    others = sorted((ROOT / "static" / "css").glob("*.css"))
    return "\n".join(
        [build_assets.style_sheet(), *(path.read_text(encoding="utf-8") for path in others)]
    )


def test_no_class_of_the_sheet_is_for_nothing():
    pages = [*(ROOT / "templates").rglob("*.*"), *(ROOT / "static" / "js").glob("*.js")]
    code = [path for app in settings.INSTALLED_APPS for path in (ROOT / app).rglob("*.py")]

    unused = {
        name
        for name in classes_of(all_rules()) - words_of([*pages, *code])
        if not MADE_UP.fullmatch(name)
    }

    assert unused == set()


def test_no_class_of_a_template_lacks_a_rule():
    """Neither here nor in Bootstrap: mistyped, or of a rule that was taken out."""
    bootstrap = build_assets.NODE_MODULES / "bootstrap" / "dist" / "css" / "bootstrap.min.css"
    ruled = classes_of(all_rules() + bootstrap.read_text(encoding="utf-8"))

    lacking = {
        (str(path.relative_to(ROOT)), name)
        for path in (ROOT / "templates").rglob("*.html")
        for name in worn(path.read_text(encoding="utf-8")) - ruled
    }

    assert lacking == set()


def test_half_a_name_is_not_taken_for_a_name():
    written = """<i class="chip status-{{ kind }} {% if a == "b" %}on{% endif %} no"></i>"""

    assert worn(written) == {"chip", "on", "no"}


def test_the_parts_stand_in_their_order():
    sheet = build_assets.style_sheet()

    assert "@import" not in sheet
    assert sheet.index(":root {") < sheet.index(".btn {") < sheet.index("@page")


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"portal.css": '@import "a.css";\n'}, "styles/a.css is missing"),
        ({"portal.css": "", "b.css": ""}, "does not name b.css"),
    ],
)
def test_a_part_that_is_missing_or_forgotten_stops_the_build(monkeypatch, tmp_path, parts, said):
    for name, text in parts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(build_assets, "STYLES", tmp_path)

    with pytest.raises(CommandError, match=said):
        build_assets.style_sheet()
