"""The search index in memory: which phrases a typed word is found in, and how well.

A phrase is matched character by character. Each one is met by itself (written), by a whole reading
(spelt), or by the first letter of a reading (initials), in any mixture: 加装电梯 is met by 加装,
jiazhuang, jzdt, jz电梯. The last syllable may be unfinished. What meets nothing is compared as a
whole by edit distance, written and spelt, which forgives one slip.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from sys import intern

from rapidfuzz import fuzz, process

from .sentences import LINES, Said, Sentences, without_asking
from .spelling import OTHER_READINGS, code_keys, spelt

# What a match is worth. The place decides before the fit, so that a title goes before a topic and
# that before other words.
TITLE, TOPIC, OTHER_WORDS, NAME = 1000, 600, 300, 0
PLACES = (TITLE, TOPIC, OTHER_WORDS, NAME)  # in the order of the lines of an index row
THE_CODE = 2000
EXACT, AT_THE_START = 200, 100
WELL_MET, COVERED = 40, 30  # at most: every character as it is written; the whole phrase met
# A name is as good as a title when it is met whole, by its characters or their sounds; else it is
# one of the other words.
WHOLE_NAME = EXACT + AT_THE_START + COVERED + WELL_MET / 2
# taken off: words that do not stand side by side; a run that had to be cut in two
APART, IN_PIECES = 30, 150

# What meeting one character costs.
WRITTEN, SPELT, UNFINISHED, INITIAL = 0, 1, 1.5, 3
RARE_READING = 0.5  # on top, for a reading that does not fit the word
AND_THEN = ">"  # between what meets one character and the beginning of the next
LONGEST_SYLLABLE = 6  # zhuang
MOST_PIECED = 24  # characters; longer runs are not tried in two pieces

# A written word shorter than this is met as it is written or not at all: 请假 sounds like too many
# other things.
SHORTEST_BY_SOUND = 3
# One slip in a word of n characters leaves a likeness of 1 - 1/n. Shorter words are too easily
# something else.
FEWEST_WITH_A_SLIP = {"written": 3, "spelt": 5}
NEAREST = 60  # per cent; below that a thing is not even near
OF_A_COURSE = 0.5  # what a class is worth of the course that answers a question
MARGIN = "\0" * 3  # around a text, so that its ends are compared as strictly as its middle


@dataclass(frozen=True)
class Met:
    """Where in a phrase a word was found and what it cost."""

    cost: float
    start: int
    end: int

    @property
    def rank(self) -> tuple[float, int]:
        return self.cost / (self.end - self.start), self.start


class Phrase:
    """A title, topic or other expression, character by character with its readings; spaces do not
    count.
    """

    def __init__(self, text: str, sounds: str) -> None:
        self.characters = text.replace(" ", "")
        self.readings = (
            [tuple(word.split(OTHER_READINGS)) for word in sounds.split(" ")] if sounds else []
        )
        if len(self.readings) != len(self.characters):
            self.readings = (
                [tuple(word.split(OTHER_READINGS)) for word in spelt(text).split(" ")]
                if self.characters
                else []
            )
        self.spelling = "".join(readings[0] for readings in self.readings)
        self.heads = [  # what a word that meets this character begins with
            character + "".join({reading[0] for reading in readings})
            for character, readings in zip(self.characters, self.readings, strict=True)
        ]

    @cached_property
    def keys(self) -> frozenset[str]:
        """What a word that is found here may begin with: all that meets one character, and with it
        the next one's beginning.
        """
        found: set[str] = set()
        for character, readings, following in zip(
            self.characters, self.readings, [*self.heads[1:], ""], strict=True
        ):
            whole = {character, *readings}
            for reading in readings:
                found.update(reading[:length] for length in range(1, len(reading)))
                whole.update((reading[0], reading[:2]) if reading[1:2] == "h" else reading[0])
            found.update(whole)
            found.update(
                intern(f"{start}{AND_THEN}{head}") for start in whole for head in following
            )
        return frozenset(found)

    def meets(self, word: str) -> Met | None:
        """The cheapest, then the earliest way in which the word is found."""
        best = None
        for start, head in enumerate(self.heads):
            if word[0] in head:
                way = self._way(word, 0, start)
                if way is not None:
                    met = Met(way[0], start, way[1])
                    if best is None or met.rank < best.rank:
                        best = met
        return best

    def _way(self, word: str, at: int, place: int) -> tuple[float, int] | None:
        """Cost and end of meeting the rest of the word from this place on."""
        if at == len(word):
            return 0, place
        if place == len(self.characters):
            return None
        best = None
        for cost, length in self._steps(word, at, place):
            rest = self._way(word, at + length, place + 1)
            if rest is not None and (best is None or cost + rest[0] < best[0]):
                best = cost + rest[0], rest[1]
        return best

    def _steps(self, word: str, at: int, place: int) -> Iterator[tuple[float, int]]:
        if word[at] == self.characters[place]:
            yield WRITTEN, 1
            return
        for number, reading in enumerate(self.readings[place]):
            if reading[0] != word[at]:
                continue
            more = RARE_READING if number else 0
            if word.startswith(reading, at):
                yield SPELT + more, len(reading)
            elif len(word) - at > 1 and reading.startswith(word[at:]):
                yield UNFINISHED + more, len(word) - at
            if reading[1:2] == "h" and word[at + 1 : at + 2] == "h":
                yield INITIAL + more, 2
            yield INITIAL + more, 1

    def worth(self, met: Met) -> float:
        """How well a word fits, without the place of the phrase."""
        length = met.end - met.start
        covered = length / len(self.characters)
        worth = WELL_MET * (1 - met.cost / length / (INITIAL + RARE_READING)) + COVERED * covered
        if met.start == 0:
            worth += AT_THE_START + (EXACT if covered == 1 else 0)
        return worth


@lru_cache(maxsize=32_768)
def phrase(text: str, sounds: str) -> Phrase:
    """Phrases are taken apart once and outlive the index that holds them."""
    return Phrase(text, sounds)


@dataclass(frozen=True)
class Hit:
    """A thing that was found."""

    kind: str
    code: str
    title: str
    url: str
    audience: str = ""  # who may be told of it: everybody, or whoever holds this permission


class Index:
    """Everything that can be found.

    `rows` are (hit, words, sounds), the latter two as lines of phrases apart by `|`.
    """

    def __init__(self, rows: Iterable[tuple[Hit, str, str]], said: Sequence[Said] = ()) -> None:
        # thing, its lines and their sounds, where it answers some
        questions: list[tuple[int, list[str], list[str]]] = []
        self.hits: list[Hit] = []
        self.phrases: list[Phrase] = []
        # phrase → things that hold it, and in which place
        self._holders: list[list[tuple[int, int]]] = []
        self._postings: dict[str, list[int]] = defaultdict(list)
        self._codes: dict[str, list[int]] = defaultdict(list)
        self._title_of: dict[int, int] = {}  # thing → the phrase of its title
        numbers: dict[Phrase, int] = {}
        for thing, (hit, words, sounds) in enumerate(rows):
            self.hits.append(hit)
            if len(lines := words.split("\n")) == LINES:
                questions.append((thing, lines, sounds.split("\n")))
            for key in set(code_keys(hit.code)):
                self._codes[key].append(thing)
            for place, line, sound_line in zip(
                PLACES, lines, (sounds + "\n\n\n").split("\n"), strict=False
            ):
                for text, sound in _pairs(line, sound_line):
                    number = numbers.get(found := phrase(text, sound))
                    if number is None:
                        number = numbers[found] = self._add(found)
                    self._holders[number].append((thing, place))
                    if place == TITLE:
                        self._title_of[thing] = number
        self._texts = [f"{MARGIN}{found.characters}{MARGIN}" for found in self.phrases]
        self._spellings = [f"{MARGIN}{found.spelling}{MARGIN}" for found in self.phrases]
        self._sentences = Sentences(questions, said)

    def _add(self, new: Phrase) -> int:
        number = len(self.phrases)
        self.phrases.append(new)
        self._holders.append([])
        for key in new.keys:
            self._postings[key].append(number)
        return number

    # -- as it was typed --

    def matches(self, words: Sequence[str]) -> dict[int, float]:
        """Thing → what its best match is worth: the code, the words as one run, all of them apart,
        or a run in two pieces.
        """
        run = "".join(words)
        found = self._things(self._meetings(run))
        if len(words) > 1:
            _better(found, self._all_of(words))
        elif not (found and run.isascii()):  # letters cut in two meet too much that was not meant
            _better(found, self._in_pieces(run))
        for key in code_keys(" ".join(words)):
            found.update(dict.fromkeys(self._codes.get(key, ()), THE_CODE))
        return found

    def matches_what_is_asked_for(self, words: Sequence[str]) -> dict[int, float]:
        """As `matches`, for the words without those around them that only ask."""
        run = "".join(words)
        asked = without_asking(run)
        return self.matches([asked]) if 1 < len(asked) < len(run) else {}

    def _meetings(self, word: str) -> dict[int, float]:
        """Phrase → what the word is worth in it."""
        found = {}
        for number in self._candidates(word):
            candidate = self.phrases[number]
            met = candidate.meets(word)
            if met is not None:
                found[number] = candidate.worth(met)
        return found

    def _candidates(self, word: str) -> set[int]:
        """Phrases that hold the beginning of the word: few, so that only these are gone through
        character by character.
        """
        longest = (
            min(LONGEST_SYLLABLE, len(word) - 1) if word[0].isascii() else min(1, len(word) - 1)
        )
        keys = [
            word,
            *(f"{word[:length]}{AND_THEN}{word[length]}" for length in range(1, longest + 1)),
        ]
        return set().union(*(self._postings.get(key, ()) for key in keys))

    def _things(self, meetings: dict[int, float]) -> dict[int, float]:
        found: dict[int, float] = {}
        for number, worth in meetings.items():
            for thing, place in self._holders[number]:
                where = place
                if place == NAME:
                    where = TITLE if worth >= WHOLE_NAME else OTHER_WORDS
                if where + worth > found.get(thing, 0):
                    found[thing] = where + worth
        return found

    def _all_of(self, words: Sequence[str]) -> dict[int, float]:
        """Things that hold every word, anywhere."""
        each = sorted((self._things(self._meetings(word)) for word in words), key=len)
        return {
            thing: sum(found[thing] for found in each) / len(each) - APART
            for thing in each[0]
            if all(thing in found for found in each)
        }

    def _in_pieces(self, run: str) -> dict[int, float]:
        """Things that hold the run in two pieces of two characters or more; pieces of letters only
        in one phrase.
        """
        best: dict[int, float] = {}
        for cut in range(2, len(run) - 1) if len(run) <= MOST_PIECED else ():
            first = self._meetings(run[:cut])
            second = self._meetings(run[cut:]) if first else {}
            if run.isascii():
                both = {
                    number: (first[number] + second[number]) / 2 - IN_PIECES
                    for number in first.keys() & second.keys()
                }
                _better(best, self._things(both))
            else:
                one, other = self._things(first), self._things(second)
                _better(
                    best,
                    {
                        thing: (one[thing] + other[thing]) / 2 - IN_PIECES
                        for thing in one.keys() & other.keys()
                    },
                )
        return best

    # -- as a question --

    def answers(self, words: Sequence[str]) -> dict[int, float]:
        """Things that speak of what the words ask, and what teaches a course among them."""
        found = self._sentences.answers(" ".join(words))
        for thing, worth in list(found.items()):
            for teaching, place in self._holders[self._title_of.get(thing, 0)]:
                if place == TOPIC and thing in self._title_of:
                    found[teaching] = max(found.get(teaching, 0), worth * OF_A_COURSE)
        return found

    # -- with a slip --

    def with_a_slip(
        self, words: Sequence[str], *, shortest_by_sound: int = SHORTEST_BY_SOUND
    ) -> dict[int, float]:
        """Things in which the words are found when one slip is forgiven: a wrong, missing, surplus
        or like-sounding character.
        """
        run = "".join(words)
        if not run.isascii() and len(run) < shortest_by_sound:
            return {}
        return self._alike(run, lambda length: 100 * (1 - 1 / length), FEWEST_WITH_A_SLIP)

    def nearest(self, words: Sequence[str]) -> dict[int, float]:
        """Things that look or sound most like the words, for when nothing is found."""
        run = "".join(words)
        if not run.isascii() and len(run) < SHORTEST_BY_SOUND:
            return {}
        return self._alike(run, lambda length: NEAREST, {"written": 2, "spelt": 2})

    def _alike(
        self, run: str, least: Callable[[int], float], fewest: Mapping[str, int]
    ) -> dict[int, float]:
        """Thing → how alike the run and its phrases are, written and spelt together; the beginning
        of a phrase counts more.
        """
        sound = "".join(word.split(OTHER_READINGS)[0] for word in spelt(run).split(" "))
        alike: dict[int, float] = defaultdict(float)
        for way, typed, choices in (
            ("written", run, self._texts),
            ("spelt", sound, self._spellings),
        ):
            if len(typed) < fewest[way]:
                continue
            found = process.extract(
                typed,
                choices,
                scorer=fuzz.partial_ratio,
                score_cutoff=least(len(typed)) - 0.1,
                limit=None,
            )
            for text, likeness, number in found:
                if len(text) - 2 * len(MARGIN) >= len(typed) - 1:
                    start = fuzz.partial_ratio_alignment(typed, text).dest_start
                    alike[number] += likeness + (COVERED if start <= len(MARGIN) else 0)
        return self._things(
            {
                number: likeness + COVERED * min(1, len(run) / len(self.phrases[number].characters))
                for number, likeness in alike.items()
            }
        )


def _pairs(line: str, sound_line: str) -> Iterator[tuple[str, str]]:
    texts, sounds = line.split("|"), sound_line.split("|")
    if len(texts) != len(sounds):
        sounds = [""] * len(texts)
    return ((text, sound) for text, sound in zip(texts, sounds, strict=True) if text)


def _better(found: dict[int, float], others: dict[int, float]) -> None:
    for thing, worth in others.items():
        if worth > found.get(thing, 0):
            found[thing] = worth
