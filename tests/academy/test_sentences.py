"""What the runs of a question are worth, beside a catalogue's number of other things."""

import pytest

from academy.search.sentences import LINES, SAID, Sentences
from academy.search.spelling import heard, spelt

# of other things people say words that no question here holds
OTHERS = [chr(0x8000 + number) * 2 for number in range(150)]


def sounds_of(line: str) -> str:
    return "|".join(spelt(phrase) for phrase in line.split("|"))


def worth(question: str, said: str = "台账", text: str = "") -> float:
    """What a thing is worth as an answer of which people say this; 0 where it is none."""
    things = [(said, text), *((word, "") for word in OTHERS)]
    rows = []
    for number, (line, description) in enumerate(things):
        lines = [""] * LINES
        lines[SAID[0]], lines[-1] = line, description
        rows.append((number, lines, [sounds_of(line) for line in lines[:-1]]))
    return Sentences(rows, []).answers(question).get(0, 0)


def test_a_part_of_a_phrase_counts_by_its_share():
    short, long = "放炮|放炮仗|不放炮", "放炮仗|不放炮"

    assert worth("又在放炮", short) > worth("又在放炮", long) > 0


def test_of_runs_within_each_other_the_longest_counts():
    assert worth("放炮仗", "放炮仗|放炮") == worth("放炮仗", "放炮仗")


def test_a_particle_within_a_word_is_read_over():
    assert worth("他停了药就闹", "停药")


def test_a_word_that_one_text_holds_once_is_found():
    assert worth("一表通", text="一表通系统填报")


@pytest.mark.parametrize("dictated", ["维秀基金怎么用", "唯修基金怎么用", "维休基金"])
def test_a_run_that_nothing_holds_is_found_by_its_sound(dictated):
    assert 0 < worth(dictated, "维修基金") < worth("维修基金", "维修基金")


def test_what_is_held_as_it_is_written_is_not_looked_for_by_its_sound():
    """狗粮 does not mean 购粮, for somebody speaks of it."""
    things = [(0, "购粮|买粮食"), (1, "狗粮|喂狗")]
    rows = [
        (number, ["", "", "", "", said, "", ""], ["", "", "", "", sounds_of(said), ""])
        for number, said in things
    ]
    others = [(number, [""] * LINES, [""] * (LINES - 1)) for number in range(2, 150)]

    assert set(Sentences(rows + others, []).answers("狗粮狗粮")) == {1}


@pytest.mark.parametrize(
    ("one", "other"), [("zheng", "zen"), ("xing", "xin"), ("shi", "si"), ("chang", "cang")]
)
def test_what_a_southern_ear_does_not_tell_apart_sounds_the_same(one, other):
    assert heard(one) == heard(other)


def test_ang_and_an_sound_different():
    assert heard("wang") != heard("wan")
