"""How words are written and how they sound: the one form in which what is typed and what is indexed
are compared.

pypinyin is imported where it is first needed: its dictionary costs 0.8 s and 57 MiB, which most
processes and commands never use.
"""

import re
import unicodedata
from functools import lru_cache

from ..text.characters import simplified

SEPARATORS = re.compile(r"[\s、，,。．.；;：:·•・‧∙⋅（）()《》“”\"'‘’!！?？/|—–-]+")
ZEROS_BEFORE = re.compile(r"(?<![0-9])0+(?=[0-9])")
OTHER_READINGS = "/"  # between the readings of one character, the one that fits its word first


@lru_cache(maxsize=16_384)
def normalised(text: str) -> str:
    """Full-width to half-width, lower case, traditional to simplified characters, punctuation to
    single spaces.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().replace("ü", "v")
    return SEPARATORS.sub(" ", simplified(folded)).strip()


def code_keys(text: str) -> tuple[str, str]:
    """What a code is known by: without its hyphens, and without the zeros before its numbers.

    SW-001 → sw001, sw1.
    """
    parts = normalised(text).split()
    return "".join(parts), "".join(ZEROS_BEFORE.sub("", part) for part in parts)


@lru_cache(maxsize=16_384)
def spelt(text: str) -> str:
    """One word for each character but spaces, its readings without tones: 重阳 → chong/zhong/tong
    yang.

    What cannot be read aloud (letters, digits, rare characters) stands for itself.
    """
    from pypinyin import lazy_pinyin

    syllables = zip(text, lazy_pinyin(text, errors=list), strict=True)
    return " ".join(
        OTHER_READINGS.join(dict.fromkeys([syllable, *_readings(character)]))
        for character, syllable in syllables
        if character != " "
    )


@lru_cache(maxsize=8_192)
def _readings(character: str) -> list[str]:
    from pypinyin import Style, pinyin

    readings = pinyin(character, heteronym=True, style=Style.NORMAL)[0]
    return [spelling for reading in readings for spelling in _spellings(reading)]


def _spellings(reading: str) -> list[str]:
    """The ü of 吕, 女 and 略 is typed in several ways: lv, lyu; lve, lyue, lue."""
    if "v" not in reading:
        return [reading]
    return [
        reading,
        reading.replace("v", "yu"),
        *([reading.replace("v", "u")] if reading.endswith("ve") else []),
    ]


def heard(syllable: str) -> str:
    """Return the syllable as a southern ear or a telephone's dictation hears it: zh, ch, sh as z,
    c, s, and no difference between in and ing, en and eng.

    >>> heard("zheng")
    'zen'
    """
    if syllable[1:2] == "h":
        syllable = syllable[0] + syllable[2:]
    return syllable[:-1] if syllable.endswith(("ing", "eng")) else syllable
