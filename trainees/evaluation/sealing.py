"""Enciphering the box of an evaluation, so that a copy of the database does not tell what is in it.

The key is derived from SECRET_KEY, which no table holds. A keyed BLAKE2b in counter mode makes the
key stream, and a second one the tag (encrypt, then authenticate). The text is filled up to whole
blocks, so that its length tells nothing of the answers. A cipher of a library would do the same; it
would be a compiled dependency for a few hundred bytes that live for two weeks.
"""

import base64
import hashlib
import hmac
import json
import secrets

from django.conf import settings

BLOCK = 16 * 1024  # bytes; four answers with the longest texts fit into one
NONCE, TAG, STEP = 16, 32, 64  # bytes


class BoxUnreadable(ValueError):
    """It was sealed with another key, or changed."""


def seal(answers: list) -> str:
    """The answers as text that only this portal can read."""
    plain = json.dumps(answers, ensure_ascii=False).encode()
    plain += b" " * (-len(plain) % BLOCK)
    nonce = secrets.token_bytes(NONCE)
    secret = settings.SECRET_KEY
    hidden = _mixed(plain, secret, nonce)
    return base64.b85encode(nonce + _tag(secret, nonce + hidden) + hidden).decode()


def unseal(text: str) -> list:
    """What `seal` was given. Raises BoxUnreadable."""
    try:
        sealed = base64.b85decode(text)
    except ValueError as broken:
        raise BoxUnreadable from broken
    nonce, tag, hidden = sealed[:NONCE], sealed[NONCE : NONCE + TAG], sealed[NONCE + TAG :]
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        if hmac.compare_digest(tag, _tag(secret, nonce + hidden)):
            return json.loads(_mixed(hidden, secret, nonce))
    raise BoxUnreadable


def _key(secret: str, purpose: str) -> bytes:
    return hashlib.blake2b(f"evaluation {purpose} {secret}".encode(), digest_size=STEP).digest()


def _tag(secret: str, sealed: bytes) -> bytes:
    return hashlib.blake2b(sealed, key=_key(secret, "tag"), digest_size=TAG).digest()


def _mixed(content: bytes, secret: str, nonce: bytes) -> bytes:
    """The content and the key stream, bit by bit: applied twice, it is the content again."""
    key = _key(secret, "stream")
    steps = range(-(-len(content) // STEP))
    stream = b"".join(
        hashlib.blake2b(nonce + step.to_bytes(8), key=key, digest_size=STEP).digest()
        for step in steps
    )[: len(content)]
    return (int.from_bytes(content) ^ int.from_bytes(stream)).to_bytes(len(content))
