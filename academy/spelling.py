"""How words are written and how they sound: the one form in which what is typed and what is indexed are compared.

pypinyin is imported where it is first needed: its dictionary costs 0.8 s and 57 MiB, which most processes and commands never use.
"""

import re
import unicodedata
from functools import lru_cache

from opencc import OpenCC

SEPARATORS = re.compile(r"[\s、，,。；;：:·•（）()《》“”\"'‘’!！?？/|—–-]+")
OTHER_READINGS = "/"  # between the readings of one character, the one that fits its word first

_simplified = OpenCC("t2s")


@lru_cache(maxsize=16_384)
def normalised(text: str) -> str:
    """Full-width to half-width, lower case, traditional to simplified characters, punctuation to single spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("ü", "v")
    return SEPARATORS.sub(" ", folded if folded.isascii() else _simplified.convert(folded)).strip()


@lru_cache(maxsize=16_384)
def spelt(text: str) -> str:
    """One word for each character but spaces, its readings without tones: 重阳 → chong/zhong/tong yang.

    What cannot be read aloud (letters, digits, rare characters) stands for itself.
    """
    from pypinyin import lazy_pinyin

    syllables = zip(text, lazy_pinyin(text, errors=list), strict=True)
    return " ".join(OTHER_READINGS.join(dict.fromkeys([syllable, *_readings(character)])) for character, syllable in syllables if character != " ")


@lru_cache(maxsize=8_192)
def _readings(character: str) -> list[str]:
    from pypinyin import Style, pinyin

    return pinyin(character, heteronym=True, style=Style.NORMAL)[0]


def pinyin_and_initials(name: str) -> str:
    """What a list of people is searched by, run together: 欧阳诗岚 → ouyangshilan oysl."""
    from pypinyin import Style, lazy_pinyin

    return f"{''.join(lazy_pinyin(name))} {''.join(lazy_pinyin(name, style=Style.FIRST_LETTER))}"
