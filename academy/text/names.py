"""Names of people as they are typed and pasted: one spelling, and a sentence for what cannot be a
name.
"""

import codecs
import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .pasted import plain

DOT = "·"
_DOTS = re.compile(r" ?[·•・‧∙⋅․･᛫⸱●﹒·] ?")  # what input methods put between the parts of a name
# ideographs and their radicals, 々 and 〇; not the punctuation that lies between them
_HAN = (
    r"[\u2e80-\u2fdf\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    r"\U00020000-\U0003ffff]"
)
_LETTER = rf"(?:[^\W\d_]|{_HAN})"  # the newest characters are no letters yet for Python
_NAME = re.compile(rf"{_LETTER}+(?:(?:\.? |[.'’-]|{DOT}){_LETTER}+)*")
_FULL_STOP = re.compile(rf"(?<={_HAN}{_HAN})。(?={_HAN}{_HAN})")  # 古丽。买买提
_SPACE_IN_CHINESE = re.compile(rf"(?<={_HAN}) (?={_HAN})")  # 苏 晓岚, set apart to fill a line
LOST = "?�□■〓◇"  # what programs write in place of a character that they cannot show
# private use, unassigned, halves: another computer shows something else
WITHOUT_MEANING = ("Co", "Cn", "Cs")


def spelt_name(text: str) -> str:
    """The name in its one spelling: one kind of dot, no spaces between Chinese characters, rare
    characters as they are.
    """
    if _is_garbled(text):
        return text  # what follows would only hide what happened to it
    name = _FULL_STOP.sub(DOT, _DOTS.sub(DOT, plain(text)))
    if not name.isascii():
        name = re.sub(r" ?\. ?", DOT, name)
    return _SPACE_IN_CHINESE.sub("", name)


def masked_name(name: str) -> str:
    """王＊＊: what a page for everybody shows of a name. Source: docs/rules.md R84."""
    return name[:1] + "＊" * max(len(name) - 1, 1)


def person_name(name: str) -> None:
    """Validator of a name that is spelt already. Each reason has a sentence of its own."""
    if any(_is_lost(character) for character in name) or _is_garbled(name):
        raise ValidationError(
            _(
                "A character of the name was lost on its way: it arrived as “?”, as a box or as"
                " something else. Type it anew; if you cannot type it, call the academy office."
            ),
            code="lost_character",
        )
    if any(unicodedata.category(character) in ("Nd", "No") for character in name):
        raise ValidationError(_("A name holds no digits."), code="digits")
    if not _NAME.fullmatch(name):
        raise ValidationError(_("Write the name with letters only."), code="invalid")


def _is_lost(character: str) -> bool:
    return character in LOST or (
        unicodedata.category(character) in WITHOUT_MEANING and not re.match(_HAN, character)
    )


def name_in(text: str) -> str:
    """The name in a cell or argument in its one spelling. Raises ValidationError."""
    name = spelt_name(text)
    person_name(name)
    return name


def names_in(text: str) -> str:
    """Whom to ask: one name or several, each with what it needs in brackets:
    王老师(组织科)、苏晓岚.

    Raises ValidationError.
    """
    return "、".join(
        _with_brackets(part) for part in re.split(r"[、,，/;；]", text) if part.strip()
    )


def _with_brackets(part: str) -> str:
    name, *more = re.split(r"[(（]", part.strip().removesuffix(")").removesuffix("）"), maxsplit=1)
    return name_in(name) + "".join(f"({name_in(text)})" for text in more)


def _is_garbled(name: str) -> bool:
    """Whether the bytes of Chinese characters were read in another encoding: å¼ ä¸‰ or ÕÅÈý for
    张三, 浣犲ソ for 你好.
    """
    return any(
        _all_chinese(name, written, read)
        for written, read in (
            ("latin-1", "utf-8"),
            ("cp1252", "utf-8"),
            ("latin-1", "gb18030"),
            ("cp1252", "gb18030"),
        )
    ) or (_beyond_the_usual(name) and _all_chinese(name, "gb18030", "utf-8"))


def _all_chinese(name: str, written: str, read: str) -> bool:
    """Whether the name, read as it was meant, is Chinese throughout; its last character may be cut
    off.
    """
    try:
        raw = name.replace(" ", "\xa0").encode(written)  # what a no-break space has become
    except UnicodeError:
        return False
    return bool(
        re.fullmatch(f"{_HAN}{{2,}}", codecs.getincrementaldecoder(read)("replace").decode(raw))
    )


def _beyond_the_usual(name: str) -> bool:
    """Whether a character is none of the 6,763 of GB 2312, in which nearly all names are
    written.
    """
    return any(
        not "啊".encode("gb2312") <= character.encode("gb2312", "ignore") for character in name
    )


class PersonNameField(forms.CharField):
    """The name of one person, written in any usual way."""

    default_validators = [person_name]
    widget = forms.TextInput(attrs={"autocomplete": "off"})

    def to_python(self, value: str | None) -> str:
        return spelt_name(super().to_python(value))


class ContactNamesField(forms.CharField):
    """Whom to ask: one name or several."""

    def clean(self, value: str | None) -> str:
        return names_in(super().clean(value))
