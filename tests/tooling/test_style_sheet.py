"""Every class of the style sheet is worn by something."""

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
# put together from a word and a number or a state, or written by crispy-forms
MADE_UP = re.compile(r"(from|to|w)[0-9]+|(st|tl)-[a-z]+|alert-danger|asteriskField|mb-3")
NAME = r"[a-zA-Z][\w-]*"


def classes_of(css: str) -> set[str]:
    without_comments = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return set(re.findall(rf"\.({NAME})", re.sub(r"\{[^{}]*\}", "{}", without_comments)))


def test_no_rule_is_for_nothing():
    sheets = sorted((ROOT / "static" / "css").rglob("*.css"))
    css = "\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets)
    pages = [*(ROOT / "templates").rglob("*.*"), *(ROOT / "static" / "js").glob("*.js")]
    code = [path for app in settings.INSTALLED_APPS for path in (ROOT / app).rglob("*.py")]
    words = {
        word
        for path in (*pages, *code)
        for word in re.findall(NAME, path.read_text(encoding="utf-8"))
    }

    unused = {name for name in classes_of(css) - words if not MADE_UP.fullmatch(name)}

    assert unused == set()
