"""What holds for every template: icons that exist, and nothing inline that the content security
policy would refuse.
"""

import re
from pathlib import Path

import pytest
from django.conf import settings

from academy.places import places
from academy.templatetags.portal_tags import STATUS_ICONS
from academy.web.context_processors import PUBLIC_TABS

TEMPLATES = sorted((Path(settings.BASE_DIR) / "templates").rglob("*.*"))
ICON = re.compile(r'{%\s*icon\s+"([\w-]+)"')
BADGE_ICON = re.compile(r'{%\s*status_badge\s+\S+\s+(?:"[^"]*"|\S+)\s+"([\w-]+)"\s*%}')
INLINE = re.compile(
    r"<style|<script(?![^>]*\bsrc=)[^>]*>\s*[^<\s]|\sstyle=|\son[a-z]+=|=.javascript:",
    re.IGNORECASE,
)


def _name(template):
    return str(template.relative_to(settings.BASE_DIR / "templates"))


@pytest.mark.parametrize("template", TEMPLATES, ids=_name)
def test_nothing_inline(template):
    assert INLINE.findall(template.read_text()) == []


def test_every_icon_is_in_the_sprite():
    listed = set((settings.BASE_DIR / "static" / "icons.txt").read_text().split())
    links = (*PUBLIC_TABS, *places())
    used = set(STATUS_ICONS.values()) | {link.icon for link in links if link.icon}
    for template in TEMPLATES:
        text = template.read_text()
        used |= set(ICON.findall(text)) | set(BADGE_ICON.findall(text))

    assert used <= listed, f"add to static/icons.txt: {sorted(used - listed)}"
