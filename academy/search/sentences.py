"""Questions in whole sentences: which thing speaks of what somebody asks.

A sentence is taken apart into runs of two to four characters, and each run counts the more the
fewer things hold it; of runs within each other only the longest counts. What only asks (请问,
怎么办, 找谁) counts nothing. What people say and what the catalogue calls it are brought together
by the topic words, which staff edit (`TopicWords`). A run that nothing holds as it is written is
looked for by its sound, for dictation writes the characters it likes (维秀基金 for 维修基金).
"""

import math
import re
from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from .spelling import OTHER_READINGS, heard, spelt

# What a run is worth where it stands, in the order of the lines of an index row: title, topics,
# other words, names, what people say of it, what they say of its service items, its description.
PLACES = (3.0, 2.5, 1.0, 2.0, 3.0, 2.2, 0.6)
LINES = len(PLACES)  # of the index row of a thing that answers questions
# Lines of what people say. A run that is a part of a phrase counts by its share of it: 放炮 counts
# half for 夜里放炮.
SAID = (4, 5)
LENGTHS = {2: 1.0, 3: 1.4, 4: 1.8}  # characters of a run → how much more it says
ONE_CHARACTER = 0.9  # a topic word such as 狗
# A part of the question between words that only ask is taken for a word (一表通), even when a
# single text holds it.
WHOLE_PARTS = range(2, 7)  # characters
WHOLE_PART = 1.5  # what it is worth, wherever it stands
ASCII_WORD = 1.6
# What a run counts that only sounds like one that is known, by its characters: two of them sound
# like too much else.
BY_SOUND = {2: 0.6, 3: 0.8, 4: 0.8}
TOO_COMMON = 0.25  # share of all things; a run that so many hold tells none from another
LEAST_WORTH = 7.0  # of an answer; below that nothing was understood
LEAST_COVERED = 0.45  # share of the question that an answer has to take up
SURE = 11.0  # an answer worth this much need not take up so much of it
OF_THE_BEST = 0.3  # a thing that is worth less than this share of the best is no answer

ASKING_WORDS = """
请问 想问 问一下 问下 请教 咨询 想知道 想了解 麻烦 你好 您好 谢谢 怎么办 怎样办 咋办 咋整 咋弄
怎么弄 怎么做 怎么处理 怎么解决 怎么谈 怎么样 怎么 怎样 如何 咋 哪能办 哪能 啥人 啥辰光 啥地方 啥
什么时候 什么 为什么 为啥 找谁 谁来管 谁管 归谁管 归谁 谁来 谁去 打给谁 找哪个 哪个部门 哪里 哪儿
在哪 哪些 哪个 几分钟 多少 多久 要不要 能不能 可不可以 可以吗 行不行 好不好 有没有 是不是 算不算
该不该 应该 可以 需要 能否 是否 要走 走什么 程序 流程 步骤 手续 第一步 办理 规定 要求 政策 我们
阿拉 你们 他们 我家 我 你 他 她 咱们 咱 人家 别人 大家 有人 有个 一个 一下 一些 一直 总是 老是
天天 每天 经常 突然 忽然 现在 今天 最近 已经 还是 就是 不是 但是 因为 所以 如果 然后 的话 的人
这个 那个 这种 那种 这样 那样 东西 事情 事体 问题 情况 时候 辰光 个人 了吗 吗 呢 吧 呀 啊 想要
希望 想 要 去 来 把 被 给 让 跟 和 与 在 到 了 的 得 地 着 过 就 都 也 还 又 很 太 个 侪 小区 社区
居民 居委会 居委 居村 村里 居民区 出来 起来 下来 上来 进来 出去 回来 上海 上海市 宝山 宝山区 里面
上面 下面 旁边 附近 不了 不到 没有 找到
今年 去年 明年 昨天 明天 后天 这阵子 前阵子 这几天 这两天 半天 一共 总共 到底 实在 好像 觉得 大概
一点 几句 有点 还要 只要 只有 已经 一样 那么 这么 怎么回事 会不会 要是 万一 本来 以后 之后 以前
"""
# What Shanghai says, and the word of the catalogue for it. The longest goes first.
DIALECT_WORDS = """
阿拉=我们 伊拉=他们 伊=他 侬=你 㑚=你们 迭个=这个 迭幢=这幢 迭桩=这件 哪能=怎么
啥人=谁 啥=什么 几化=多少 铜钿=钱 工钿=工钱 钞票=钱 屋里向=家里 屋里=家里 浪向=上
楼浪=楼上 事体=事情 辰光=时候 夜到=夜里 夜头=夜里 日里=白天 老早=以前 今朝=今天
明朝=明天 昨日=昨天 小囡=孩子 囡囡=孩子 小囝=孩子 爷娘=父母 阿爸=爸爸 姆妈=妈妈
落雨=下雨 车子=车 调脱=换 退脱=退 坏脱=坏 落脱=丢 寻勿着=找不到 勿=不 白相=玩
汏=洗 闹猛=热闹 晓得=知道 跌伤=摔伤 跌跤=摔跤 吵相骂=吵架 一眼眼=一点 一眼=一点
交关=很多
"""
DIALECT = dict(pair.split("=") for pair in DIALECT_WORDS.split())
_DIALECT = re.compile("|".join(sorted(map(re.escape, DIALECT), key=len, reverse=True)))
ASKING = sorted(ASKING_WORDS.split(), key=len, reverse=True)
_ASKING = re.compile("|".join(map(re.escape, ASKING)))
# what only asks, and holds no word that a thing may be about
_SURE_TO_ASK = re.compile("|".join(re.escape(word) for word in ASKING if len(word) > 1))
_ENDS_THAT_ASK = re.compile(
    rf"^(?:{_SURE_TO_ASK.pattern})+|(?:{_SURE_TO_ASK.pattern}|[吗呢吧呀啊伐])+$"
)
# within a word: 停了药 is 停药, 漏过水 is 漏水
_PARTICLES = re.compile(r"(?<=[^\x00-\x7f])[了着过](?=[^\x00-\x7f])")
_RUNS = re.compile(r"[a-z]+[0-9]*|[^\x00-\x7f]+")


@dataclass(frozen=True)
class Said:
    """What people say, and the words of the catalogue that they mean by it."""

    phrases: tuple[str, ...]
    meant: str


def in_common_words(text: str) -> str:
    """The text with what Shanghai says in the words of everybody: 屋里漏水 is 家里漏水."""
    return _DIALECT.sub(lambda found: DIALECT[found[0]], text)


def without_asking(text: str) -> str:
    """What stands between the words at both ends that only ask: 怎么请假 asks for 请假."""
    return _ENDS_THAT_ASK.sub("", text)


def runs_in(text: str) -> set[str]:
    """The runs of two to four characters and the whole words of letters in a normalised text."""
    found = set()
    for part in _RUNS.findall(text):
        if part.isascii():
            if len(part) > 1:
                found.add(_singular(part))
            continue
        for length in LENGTHS:
            found.update(part[at : at + length] for at in range(len(part) - length + 1))
    return found


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and word[-2] != "s" else word


class Sentences:
    """The runs of everything that answers questions."""

    def __init__(
        self, rows: Iterable[tuple[int, Sequence[str], Sequence[str]]], said: Iterable[Said]
    ) -> None:
        """`rows` are number, lines and sounds of the lines of a thing, phrases apart by `|`. The
        last lines may have no sounds.
        """
        self._worth: dict[str, dict[int, float]] = defaultdict(dict)
        rows = list(rows)
        spoken = [pair for _, lines, sounds in rows for pair in zip(lines, sounds, strict=False)]
        rows = [
            (thing, [_SURE_TO_ASK.sub(" ", line).replace("|", " ") for line in lines], lines)
            for thing, lines, _ in rows
        ]
        words = _words_of({part for _, plain, _ in rows for line in plain for part in line.split()})
        things = len(rows)
        for thing, plain, lines in rows:
            for number, line in enumerate(lines):
                found = (
                    _runs_of_phrases(line, words)
                    if number in SAID
                    else dict.fromkeys((runs_in(plain[number]) & words) | _single_words(line), 1.0)
                )
                for run, share in found.items():
                    held = self._worth[run]
                    held[thing] = max(held.get(thing, 0), PLACES[number] * share)
        self._rarity = {
            run: math.log(1 + things / len(held)) * _length_counts(run)
            for run, held in self._worth.items()
            if len(held) <= max(3, TOO_COMMON * things)
        }
        self._known_by_sound = _known_by_sound(spoken, self._rarity)
        self._texts = [(thing, "|".join(plain)) for thing, plain, _lines in rows]
        self._said = [
            (phrase, saying.meant) for saying in said for phrase in saying.phrases if phrase
        ]

    def answers(self, question: str) -> dict[int, float]:
        """Thing → what it is worth as an answer to the normalised question; {} where nothing was
        understood. What Shanghai says is also asked in the words of everybody.
        """
        found = self._answers(question)
        common = in_common_words(question)
        for thing, worth in self._answers(common).items() if common != question else ():
            found[thing] = max(found.get(thing, 0), worth)
        return found

    def _answers(self, question: str) -> dict[int, float]:
        text = question.replace(" ", "") if not question.isascii() else question
        plain = _SURE_TO_ASK.sub(" ", text) if not text.isascii() else text
        # runs across what only asks mean nothing; single signs (的, 了) may be part of a word
        asked = {
            run
            for run in runs_in(plain) | runs_in(_PARTICLES.sub("", plain))
            if not _ASKING.fullmatch(run)
        }
        single = {sign for sign in plain if not sign.isascii()}
        meant: set[str] = set()
        for phrase, words in self._said:
            if phrase in question or phrase in text:
                meant |= runs_in(words)
        found: dict[int, float] = defaultdict(float)
        taken: dict[int, set[str]] = defaultdict(set)
        for run, known, certainty in self._known(asked, single | meant):
            for thing, place in self._worth[known].items():
                if any(run in longer for longer in taken[thing]):
                    continue  # it was counted with the longer one
                found[thing] += self._rarity[known] * place * certainty
                taken[thing].add(run)
        for part in _RUNS.findall(plain):
            for thing, worth in self._holding(part).items():
                found[thing] += worth
                taken[thing].add(part)
        if not found:
            return {}
        of_all = _content(plain)
        best = max(found.values())
        return {
            thing: worth
            for thing, worth in found.items()
            if worth >= max(LEAST_WORTH, OF_THE_BEST * best)
            and (
                worth >= SURE
                or taken[thing] & meant
                or _covered(taken[thing], plain) >= LEAST_COVERED * of_all
            )
        }

    def _known(self, asked: set[str], others: set[str]) -> list[tuple[str, str, float]]:
        """(run, the known run that is meant, how certain that is): the longest first, those that
        are known as they are written before those that only sound like it.
        """
        found = [(run, run, 1.0) for run in asked | others if run in self._rarity]
        for run in asked - self._rarity.keys():
            if not run.isascii() and len(run) in BY_SOUND:
                sound = _sound(spelt(run).split(" "))
                found += [
                    (run, known, BY_SOUND[len(run)])
                    for known in self._known_by_sound.get(sound, ())
                ]
        return sorted(found, key=lambda one: (-len(one[0]), -one[2], one[1]))

    def _holding(self, part: str) -> dict[int, float]:
        """Thing → worth of those that hold the part of a question whole; none when it is known as
        a word, or when many hold it.
        """
        if part.isascii() or len(part) not in WHOLE_PARTS or part in self._rarity:
            return {}
        things = [thing for thing, text in self._texts if part in text]
        if not 0 < len(things) <= max(3, TOO_COMMON * len(self._texts)):
            return {}
        worth = math.log(1 + len(self._texts) / len(things)) * LENGTHS.get(len(part), LENGTHS[4])
        return dict.fromkeys(things, worth * WHOLE_PART)


def _known_by_sound(
    spoken: Iterable[tuple[str, str]], known: Container[str]
) -> dict[str, list[str]]:
    """Sound → known runs of Chinese characters that have it, in lines with their sounds."""
    sounds: dict[str, str] = {}  # of a run
    for line, sound_line in spoken:
        for phrase, sound in zip(line.split("|"), sound_line.split("|"), strict=False):
            characters, syllables = phrase.replace(" ", ""), sound.split(" ")
            if len(characters) != len(syllables):
                continue
            for length in BY_SOUND:
                for at in range(len(characters) - length + 1):
                    run = characters[at : at + length]
                    if run in known and run not in sounds:
                        sounds[run] = _sound(syllables[at : at + length])
    found: dict[str, list[str]] = defaultdict(list)
    for run, sound in sounds.items():
        found[sound].append(run)
    return found


def _sound(syllables: Iterable[str]) -> str:
    return " ".join(heard(syllable.split(OTHER_READINGS)[0]) for syllable in syllables)


def _words_of(phrases: Iterable[str]) -> set[str]:
    """The runs that are words: they stand beside different neighbours, or end a phrase.

    动安 stands in 活动安全 alone, so it is none.
    """
    left, right = defaultdict(set), defaultdict(set)
    for phrase in phrases:
        for part in _RUNS.findall(phrase):
            if part.isascii():
                left[_singular(part)] = right[_singular(part)] = {"", " "}
                continue
            for length in LENGTHS:
                for at in range(len(part) - length + 1):
                    run = part[at : at + length]
                    left[run] |= {part[at - 1]} if at else {"", " "}
                    right[run] |= {part[at + length]} if at + length < len(part) else {"", " "}
    return {run for run in left if len(left[run]) > 1 and len(right[run]) > 1}


def _length_counts(run: str) -> float:
    if run.isascii():
        return ASCII_WORD
    return LENGTHS.get(len(run), ONE_CHARACTER)


def _runs_of_phrases(line: str, words: set[str]) -> dict[str, float]:
    """Run → its share of the shortest phrase that holds it; words of letters count whole."""
    found: dict[str, float] = {}
    for phrase in line.split("|"):
        runs = (runs_in(phrase) & words) | _single_words(phrase)
        if not phrase.isascii() and len(phrase) in LENGTHS:
            runs.add(phrase)  # a phrase is a word, though it stands in one place
        for run in runs:
            share = 1.0 if run.isascii() else len(run) / len(phrase)
            found[run] = max(found.get(run, 0), share)
    return found


def _single_words(line: str) -> set[str]:
    """Topic words of one character."""
    return {phrase for phrase in line.split("|") if len(phrase) == 1 and not phrase.isascii()}


def _content(text: str) -> int:
    """How many characters say what is asked; a word of letters counts two."""
    return sum(2 if part.isascii() else len(_ASKING.sub("", part)) for part in _RUNS.findall(text))


def _covered(runs: set[str], text: str) -> int:
    """How many characters of the text the runs take up."""
    marked = bytearray(len(text))
    letters = 0
    for run in runs:
        if run.isascii():
            letters += 2
            continue
        at = text.find(run)
        while at >= 0:
            marked[at : at + len(run)] = b"\1" * len(run)
            at = text.find(run, at + 1)
    return sum(marked) + letters
