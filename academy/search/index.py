"""One index for everything that can be found: by Chinese words, by pinyin, by first letters, in any
word order.

Each app declares what it has in `search_sources.py`: subclasses of `SearchSource` in a list
`SOURCES`. The index is a table; each process keeps it in memory, taken apart for matching
(`academy/search/matching.py`), for as long as its version stands.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from uuid import UUID, uuid4

from django.apps import apps
from django.db import connection, transaction
from django.utils.module_loading import module_has_submodule

from ..models import SearchEntry, SearchVersion, TopicWords
from .matching import Hit, Index
from .sentences import LINES, Said
from .spelling import code_keys, normalised, spelt

MAX_QUERY_LENGTH = 60  # characters; nobody types more
MOST_NEAREST = 5  # things offered when nothing is found
BETWEEN_PHRASES = "|"  # normalised words never hold it
CODE = re.compile(r"[A-Z]{2,6}-[0-9]{1,4}")  # of a course or a service item


@dataclass(frozen=True)
class Findable:
    """One thing to be found. `topics` say what it is about, `words` are what else it is found by,
    `names` are what else it is called. A thing that `is_named` is among the first only for whoever
    types its title or one of its names whole. `audience` names the permission of those who may be
    told of it; without one it is everybody's.
    """

    code: str
    title: str
    url: str
    words: Sequence[str] = ()
    topics: Sequence[str] = ()
    names: Sequence[str] = ()
    is_named: bool = False
    audience: str = ""
    text: str = ""  # a description, read only for questions in sentences
    shares: Sequence[str] = ()  # codes of things whose topic words are its own as well


class SearchSource:
    """What one kind of thing puts into the index."""

    kind: str
    label: str  # what the kind is called on the search page, translated when shown
    answers = False  # whether its things answer questions in whole sentences

    def entries(self) -> Iterable[Findable]:
        """Everything of the kind that the public may find, or whoever has the permission that it
        names.
        """
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


def rebuild(kinds: Iterable[str] | None = None) -> int:
    """Make the index say what the sources have; returns how many things can be found.

    With kinds only theirs is looked at, and only what differs is spelt and written; without, all of
    it is written anew.
    """
    wanted = list(sources()) if kinds is None else [kind for kind in kinds if kind in sources()]
    with transaction.atomic():
        _one_writer()
        said = _said_of_codes()
        things = {
            (kind, thing.code): (thing, _lines(thing, said if sources()[kind].answers else None))
            for kind in wanted
            for thing in sources()[kind].entries()
        }
        present = (
            {}
            if kinds is None
            else {
                (entry.kind, entry.code): entry
                for entry in SearchEntry.objects.filter(kind__in=wanted)
            }
        )
        same = {
            key for key, entry in present.items() if key in things and _says(entry, *things[key])
        }
        stale = (
            SearchEntry.objects.all()
            if kinds is None
            else SearchEntry.objects.filter(
                pk__in=[present[key].pk for key in present.keys() - same]
            )
        )
        gone, _of_which = stale.delete()
        new = [
            entry_of(kind, thing, lines)
            for (kind, code), (thing, lines) in things.items()
            if (kind, code) not in same
        ]
        write(new)
        if gone and not new:
            _renew_version()
    return len(things)


def _one_writer() -> None:
    """Writers of the index wait for each other, so that each sees what the one before it has added;
    readers do not wait.

    SQLite lets one writer in at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                f"LOCK TABLE {connection.ops.quote_name(SearchEntry._meta.db_table)} IN SHARE ROW"
                " EXCLUSIVE MODE"
            )


def write(entries: Sequence[SearchEntry]) -> None:
    """Add rows to the index and let every process know."""
    if entries:
        SearchEntry.objects.bulk_create(entries)
        _renew_version()


def _renew_version() -> None:
    SearchVersion.objects.update_or_create(pk=1, defaults={"token": uuid4()})


def words_have_changed() -> None:
    """Write anew what the topic words speak of, and let every process read them again."""
    rebuild([kind for kind, source in sources().items() if source.answers])
    _renew_version()


def _said_of_codes() -> dict[str, list[str]]:
    """Code → what people say of the thing, from the topic words."""
    found: dict[str, list[str]] = {}
    for said, means in TopicWords.objects.filter(active=True).values_list("said", "means"):
        for code in phrases_of(means):
            if CODE.fullmatch(code):
                found.setdefault(code, []).extend(phrases_of(said))
    return found


def _meanings() -> list[Said]:
    """What people say for other words."""
    return [
        Said(tuple(phrases_of(said)), meant)
        for said, means in TopicWords.objects.filter(active=True).values_list("said", "means")
        if (meant := " ".join(word for word in phrases_of(means) if not CODE.fullmatch(word)))
    ]


def phrases_of(text: str) -> list[str]:
    """The normalised phrases of a list with 、 or commas or lines between them; codes as they are.

    >>> phrases_of("电瓶车、 FW-41")
    ['电瓶车', 'FW-41']
    """
    parts = [part.strip() for part in re.split(r"[、,，;；\n]", text)]
    return [
        part.upper() if CODE.fullmatch(part.upper()) else normalised(part) for part in parts if part
    ]


def _says(entry: SearchEntry, thing: Findable, lines: str) -> bool:
    return (entry.title, entry.url, entry.audience, entry.words) == (
        thing.title,
        thing.url,
        thing.audience,
        lines,
    )


def _lines(thing: Findable, said: Mapping[str, list[str]] | None = None) -> str:
    """What a thing is found by: a line for its title, one for its topics, one for the other words,
    one for its names. With `said`, for what answers questions, also what people say of it, what
    they say of the things whose topic words it shares, and its description.
    """
    lines = (
        ((), thing.topics, thing.words, (thing.title, *thing.names))
        if thing.is_named
        else ((thing.title,), thing.topics, thing.words, thing.names)
    )
    if said is not None:
        of_others = [phrase for code in thing.shares for phrase in said.get(code, ())]
        lines = (*lines, said.get(thing.code, ()), of_others, (thing.text,))
    return "\n".join(BETWEEN_PHRASES.join(filter(None, map(normalised, texts))) for texts in lines)


def entry_of(kind: str, thing: Findable, lines: str | None = None) -> SearchEntry:
    """Return the index row of a thing.

    `sounds` has the same lines and phrases as `words` but for the description, with one syllable
    for each character.
    """
    lines = _lines(thing) if lines is None else lines
    sounds = [
        BETWEEN_PHRASES.join(spelt(text) for text in line.split(BETWEEN_PHRASES))
        for line in lines.split("\n")[: LINES - 1]
    ]
    return SearchEntry(
        kind=kind,
        code=thing.code,
        title=thing.title,
        url=thing.url,
        audience=thing.audience,
        words=lines,
        pinyin="\n".join(sounds),
    )


# --- Finding --------------------------------------------------------------------------------------


@dataclass
class Answer:
    """What a search found: hits as typed or with one slip forgiven, else what comes nearest."""

    hits: list[Hit]
    nearest: list[Hit]


def search(
    query: str, *, kinds: Sequence[str] | None = None, limit: int = 50, user=None
) -> list[Hit]:
    """The things that match every word of the query, the best first.

    One query of the database while the index stands.
    """
    return ask(query, kinds=kinds, limit=limit, user=user).hits


def ask(query: str, *, kinds: Sequence[str] | None = None, limit: int = 50, user=None) -> Answer:
    """As `search`, with the nearest things where there is no hit.

    Without a user it answers as it answers a visitor.
    """
    words = _words(query)
    if not words:
        return Answer([], [])
    index = _index()
    for way in (
        index.matches,
        index.matches_what_is_asked_for,
        index.with_a_slip,
        index.answers,
    ):
        if hits := _in_order(index, way(words), kinds, user):
            return Answer(hits[:limit], [])
    return Answer([], _in_order(index, index.nearest(words), kinds, user)[:MOST_NEAREST])


def codes_found(query: str, *, kind: str, unlisted: Iterable[Findable] = ()) -> list[str]:
    """Codes of the things of a kind that a staff list shows for the query, found as the search page
    finds them.

    `unlisted` are the rows of the list that the index does not hold, such as drafts.
    """
    words = _words(query)
    indexes = [_index(), _index_of(unlisted)] if words else []
    for way in (Index.matches, Index.with_a_slip):
        if found := [
            hit.code for index in indexes for hit in _in_order(index, way(index, words), [kind, ""])
        ]:
            return found
    return []


def hits_by_kind(
    query: str,
    kinds: Sequence[str],
    *,
    user,
    unlisted: Mapping[str, Iterable[Findable]] | None = None,
    with_a_slip: bool = False,
) -> dict[str, list[Hit]]:
    """Kind → its hits, the best first; the index is gone through once for all of them. `unlisted`
    are rows of a kind that the index does not hold, such as drafts.
    """
    words = _words(query)
    if not words:
        return {}
    way = Index.with_a_slip if with_a_slip else Index.matches
    found: dict[str, list[Hit]] = {}
    for kind, index in [
        (None, _index()),
        *((kind, _index_of(things)) for kind, things in (unlisted or {}).items()),
    ]:
        for hit in _in_order(index, way(index, words), [kind, ""] if kind else kinds, user):
            found.setdefault(hit.kind or kind, []).append(hit)
    return found


def people_found(query: str, names: Mapping[str, str]) -> list[str]:
    """Of people by key and name the keys of those whose name the query finds, the best first.

    Among few people a name that only sounds alike is more likely a slip than somebody else.
    """
    words = _words(query)
    if not words:
        return list(names)
    index = _index_of(Findable(key, name, "") for key, name in names.items())
    found = index.matches(words) or index.with_a_slip(words, shortest_by_sound=2)
    return [hit.code for hit in _in_order(index, found, None)]


def is_code(query: str, code: str) -> bool:
    """Whether the query writes this code, with or without hyphens and zeros."""
    return bool(set(code_keys(query)) & set(code_keys(code)))


def _words(query: str) -> list[str]:
    return normalised(query[:MAX_QUERY_LENGTH]).split()


def _index_of(things: Iterable[Findable]) -> Index:
    return Index(
        (Hit("", thing.code, thing.title, thing.url), _lines(thing), "") for thing in things
    )


def _in_order(
    index: Index, found: dict[int, float], kinds: Sequence[str] | None, user=None
) -> list[Hit]:
    """The best first; of equals the kinds in the order of the apps, then the codes, so that the
    order is always the same.
    """
    order = {kind: number for number, kind in enumerate(sources())}
    may_know = {"": True}  # each permission is asked for once
    ranked = []
    for thing, worth in found.items():
        hit = index.hits[thing]
        if kinds is not None and hit.kind not in kinds:
            continue
        if hit.audience not in may_know:
            may_know[hit.audience] = user is not None and user.has_perm(hit.audience)
        if may_know[hit.audience]:
            ranked.append((-round(worth, 6), order.get(hit.kind, len(order)), hit.code, hit))
    return [hit for *_rank, hit in sorted(ranked, key=lambda row: row[:3])]


# one for each process: the version it was read at, and the index
_kept: tuple[UUID | None, Index] | None = None


def _index() -> Index:
    """The index as it stands: one query when this process has it, two when somebody has written
    since.
    """
    global _kept  # noqa: PLW0603 - one index for the process
    version = SearchVersion.objects.values_list("token", flat=True).first()
    if _kept is None or _kept[0] != version or version is None:
        rows = SearchEntry.objects.order_by("pk").values_list(
            "kind", "code", "title", "url", "audience", "words", "pinyin"
        )
        _kept = version, Index(((Hit(*row[:5]), row[5], row[6]) for row in rows), _meanings())
    return _kept[1]
