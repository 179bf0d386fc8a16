"""One index for everything that can be found: by Chinese words, by pinyin, by first letters, in any word order.

Each app declares what it has in `search_sources.py`: subclasses of `SearchSource` in a list `SOURCES`.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from django.apps import apps
from django.db import connection, transaction
from django.utils.module_loading import module_has_submodule
from pypinyin import Style, lazy_pinyin

from .models import SearchEntry

MAX_QUERY_LENGTH = 60  # characters; nobody types more, and matching is quadratic in it
SEPARATORS = re.compile(r"[\s、，,。；;：:·•（）()《》“”\"'‘’!！?？/|—–-]+")

# What a match is worth: the title above the other words, written words above sounds, a whole run above pieces of it.
TITLE, OTHER_WORDS = 100, 40
WRITTEN, SPELT, INITIALS = 9, 6, 3
WHOLE_RUN, PIECES, AT_THE_START = 20, 0, 10
THE_CODE = 1000


@dataclass(frozen=True)
class Findable:
    """One thing to be found. `words` are what else it is found by besides its title."""

    code: str
    title: str
    url: str
    words: Sequence[str] = ()


class SearchSource:
    """What one kind of thing puts into the index."""

    kind: str
    label: str  # what the kind is called on the search page, translated when shown

    def entries(self) -> Iterable[Findable]:
        """Everything of the kind that the public may find."""
        raise NotImplementedError


@cache
def sources() -> dict[str, SearchSource]:
    """kind → source, from every app's `search_sources.py`."""
    found = {}
    for config in apps.get_app_configs():
        if module_has_submodule(config.module, "search_sources"):
            for source in import_module(f"{config.name}.search_sources").SOURCES:
                found[source.kind] = source()
    return found


def normalised(text: str) -> str:
    """Full-width to half-width, lower case, punctuation to single spaces."""
    return SEPARATORS.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def rebuild(kinds: Iterable[str] | None = None) -> int:
    """Make the index say what the sources have; returns how many things can be found.

    With kinds only theirs is looked at, and only what differs is spelt and written; without, all of it is written anew.
    """
    wanted = list(sources()) if kinds is None else [kind for kind in kinds if kind in sources()]
    with transaction.atomic():
        _one_writer()
        things = {(kind, thing.code): thing for kind in wanted for thing in sources()[kind].entries()}
        present = {} if kinds is None else {(entry.kind, entry.code): entry for entry in SearchEntry.objects.filter(kind__in=wanted)}
        same = {key for key, entry in present.items() if key in things and _says(entry, things[key])}
        stale = SearchEntry.objects.all() if kinds is None else SearchEntry.objects.filter(pk__in=[present[key].pk for key in present.keys() - same])
        stale.delete()
        SearchEntry.objects.bulk_create(_entry(kind, thing) for (kind, code), thing in things.items() if (kind, code) not in same)
    return len(things)


def _one_writer() -> None:
    """Writers of the index wait for each other, so that each sees what the one before it has added; readers do not wait.

    SQLite lets one writer in at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {connection.ops.quote_name(SearchEntry._meta.db_table)} IN SHARE ROW EXCLUSIVE MODE")


def _texts(thing: Findable) -> tuple[str, str]:
    """What a thing is found by: its title, and the other words."""
    return normalised(thing.title), normalised(" ".join(thing.words))


def _says(entry: SearchEntry, thing: Findable) -> bool:
    return (entry.title, entry.url, entry.words) == (thing.title, thing.url, "\n".join(_texts(thing)))


def _entry(kind: str, thing: Findable) -> SearchEntry:
    """The title comes first and is set apart by a line end; sounds are spelt syllable by syllable."""
    texts = _texts(thing)
    return SearchEntry(
        kind=kind,
        code=thing.code,
        title=thing.title,
        url=thing.url,
        words="\n".join(texts),
        pinyin="\n".join(" ".join(_syllables(part)) for part in texts),
        initials="\n".join(_initials(part) for part in texts),
    )


def _syllables(text: str) -> list[str]:
    """Pinyin without tones; `|` stands between words so that no match runs across them."""
    return [syllable if syllable.strip() else "|" for syllable in lazy_pinyin(text, errors=list) if syllable]


def _initials(text: str) -> str:
    return "".join(lazy_pinyin(text, style=Style.FIRST_LETTER, errors=list))


def search(query: str, *, kinds: Sequence[str] | None = None, limit: int = 50) -> list[SearchEntry]:
    """The things that match every word of the query, the best first. One query of the index."""
    terms = normalised(query[:MAX_QUERY_LENGTH]).split()
    if not terms:
        return []
    entries = SearchEntry.objects.all()
    if kinds is not None:
        entries = entries.filter(kind__in=kinds)
    order = list(sources())
    scored = []
    for entry in entries:
        score = _score(entry, terms)
        if score:
            scored.append((-score, order.index(entry.kind) if entry.kind in order else len(order), entry.code, entry))
    scored.sort(key=lambda row: row[:3])
    return [entry for *_rank, entry in scored[:limit]]


def _score(entry: SearchEntry, terms: list[str]) -> int:
    """0 when a term is missing; else the sum of what each term's best match is worth."""
    fields = _fields(entry)
    if entry.code.casefold().replace("-", "") == "".join(terms):
        return THE_CODE
    total = 0
    for term in terms:
        best = max((worth for worth in _matches(fields, term)), default=0)
        if not best:
            return 0
        total += best
    return total


@dataclass(frozen=True)
class _Field:
    text: str
    worth: int
    starts: frozenset[int] | None = None  # where a match may begin, for spelt text; None: anywhere

    def finds(self, piece: str) -> bool:
        return self.position(piece) >= 0

    def position(self, piece: str) -> int:
        position = self.text.find(piece)
        while position >= 0 and self.starts is not None and position not in self.starts:
            position = self.text.find(piece, position + 1)
        return position


def _fields(entry: SearchEntry) -> list[_Field]:
    fields = []
    for name, form in (("words", WRITTEN), ("pinyin", SPELT), ("initials", INITIALS)):
        title, _line_end, words = getattr(entry, name).partition("\n")
        for text, place in ((title, TITLE), (words, OTHER_WORDS)):
            if name == "pinyin":
                fields.append(_spelt(text, place + form))
            else:
                fields.append(_Field(text, place + form))
    return fields


def _spelt(text: str, worth: int) -> _Field:
    starts, joined = set(), 0
    for syllable in text.split(" "):
        starts.add(joined)
        joined += len(syllable)
    return _Field(text.replace(" ", ""), worth, frozenset(starts))


def _matches(fields: list[_Field], term: str) -> Iterator[int]:
    """What the ways in which a term is found are worth; in two pieces it may be found in two fields (jz电梯)."""
    for field in fields:
        position = field.position(term)
        if position >= 0:
            yield field.worth + WHOLE_RUN + (AT_THE_START if position == 0 else 0)
    for cut in range(2, len(term) - 1):
        first = max((field.worth for field in fields if field.finds(term[:cut])), default=0)
        if first:
            yield min(first, max((field.worth for field in fields if field.finds(term[cut:])), default=0)) + PIECES
