"""By what people are found in lists of any length: each has a few short keys, and what is typed is
the beginning of one.

周敏华 is found by 周敏, 敏华, zhoumin, minhua, zmh, mh, and by the last four digits of the number.
Only these four: they show in a masked number anyway, while more would let hidden digits be guessed.
Whoever adds a person or changes a name or number calls `keep_findable` in the same transaction.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from .models import PersonKey, User
from .search.spelling import OTHER_READINGS, normalised, spelt

TAIL = 4  # digits
SPELT = "="  # before the one key that is the whole name as it sounds: nobody types it
LONGEST_KEY = 40  # characters, as the column has
AT_ONCE = 1_000  # people whose keys are written together


@lru_cache(maxsize=8_192)
def keys_of_text(text: str) -> frozenset[str]:
    """What a name is found by: it and its spelling and initials, from each Chinese character on.

    Another reading of the first two characters is allowed for, so that 曾 is found by zeng and
    ceng.
    """
    characters = normalised(text).replace(" ", "")
    if not characters:
        return frozenset()
    readings = [word.split(OTHER_READINGS) for word in spelt(characters).split(" ")]
    keys = set()
    for start, character in enumerate(characters):
        if start and character.isascii():
            continue
        spelling = "".join(syllables[0] for syllables in readings[start + 1 :])
        initials = "".join(syllables[0][0] for syllables in readings[start + 1 :])
        keys.add(characters[start:])
        for reading in readings[start] if start < 2 else readings[start][:1]:
            keys.add(f"{reading}{spelling}")
            if initials:
                keys.add(f"{reading[0]}{initials}")
    return frozenset(key[:LONGEST_KEY] for key in keys)


def spelt_key(name: str) -> str:
    """The whole name as it sounds, each character in its first reading: people who share it are
    called alike. 周敏华 → =zhouminhua.
    """
    readings = spelt(normalised(name).replace(" ", "")).split(" ")
    return f"{SPELT}{''.join(word.split(OTHER_READINGS)[0] for word in readings)}"[:LONGEST_KEY]


def keys_of(person: User) -> set[str]:
    """Everything the person is found by; a closed account has no number."""
    keys = {*keys_of_text(person.name), spelt_key(person.name)}
    if person.phone.isdecimal():
        keys.add(person.phone[-TAIL:])
    return keys


def keep_findable(people: Iterable[User]) -> None:
    """Write the keys of these people anew; an entry that was joined with another has none."""
    people = list(people)
    for start in range(0, len(people), AT_ONCE):
        some = people[start : start + AT_ONCE]
        PersonKey.objects.filter(person__in=[person.pk for person in some]).delete()
        PersonKey.objects.bulk_create(
            PersonKey(person=person, key=key)
            for person in some
            if person.merged_into_id is None
            for key in sorted(keys_of(person))
        )


def not_findable() -> Iterator[User]:
    """People whose keys lack the number they have now, or who have none."""
    people = User.objects.filter(merged_into__isnull=True).order_by("pk")
    for person in people.prefetch_related("keys").iterator(AT_ONCE):
        if not keys_of(person) <= {item.key for item in person.keys.all()}:
            yield person
