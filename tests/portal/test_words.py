"""The screen has one word for one thing: what docs/words.md has retired stands on no page."""

import re
from pathlib import Path

import pytest

from academy.management.commands.check_translations import CATALOGUE, read

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| (?P<say>[^|]+) \| (?P<retired>[^|]+) \| [^|]+ \| [^|]+ \|$", re.MULTILINE)
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def words_of(document: str) -> dict[str, list[str]]:
    """Each retired word with what is said instead."""
    return {
        retired: row["say"].split("、")
        for row in ROW.finditer(document)
        if CHINESE.search(row["say"])
        for retired in row["retired"].split("、")
    }


def retired_words_in(text: str, words: dict[str, list[str]]) -> list[str]:
    """The retired words of a sentence; 名册 within 花名册 is none."""
    found = []
    for retired, said in words.items():
        rest = text
        for word in said:
            if retired in word:
                rest = rest.replace(word, "")
        if retired in rest:
            found.append(retired)
    return found


WORDS = words_of((ROOT / "docs/words.md").read_text())


def test_no_page_says_a_retired_word():
    wrong = [
        f"{', '.join(found)}: {text}"
        for message in read(CATALOGUE)
        for text in ([message.string] if isinstance(message.string, str) else message.string)
        if (found := retired_words_in(text, WORDS))
    ]

    assert len(WORDS) > 20
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("请在三天内回复", ["回复"]),
        ("已在花名册里", []),
        ("已在名册里", ["名册"]),
        ("名额顺延给下一位", []),
        ("名额给下一位", ["名额给下一位"]),
        ("打电话给总校教务", ["总校教务"]),
        ("2027 年第四季度", []),
        ("2027 年第四季", ["第四季"]),
        ("还有 3 人没点", ["没点"]),
    ],
)
def test_a_retired_word_is_found_within_a_sentence(text, found):
    assert retired_words_in(text, WORDS) == found
