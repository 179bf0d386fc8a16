"""What the runs of a question are worth, beside a catalogue's number of other things."""

from academy.search.sentences import LINES, SAID, Sentences

# of other things people say words that no question here holds
OTHERS = [chr(0x8000 + number) * 2 for number in range(150)]


def worth(question: str, said: str = "台账", text: str = "") -> float:
    """What a thing is worth as an answer of which people say this; 0 where it is none."""
    things = [(said, text), *((word, "") for word in OTHERS)]
    rows = []
    for number, (line, description) in enumerate(things):
        lines = [""] * LINES
        lines[SAID[0]], lines[-1] = line, description
        rows.append((number, lines))
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
