"""docs/rules.md R7: a file closes only with all seven signed; the appraisal is never the
secondee's; evidence is as it was given.
"""

import hashlib
from collections.abc import Iterator

from django.db.models import F

from academy.invariants import Breach

from .models import (
    Evidence,
    EvidenceKind,
    ItemKind,
    ItemStatus,
    Secondment,
    SecondmentStatus,
    SevenItem,
    SignOff,
    SignOffDecision,
)
from .seven_items.signers import SIGNERS, missing_items, signed_roles

RULE = 7


def breaches() -> Iterator[Breach]:
    yield from _closed_only_when_all_are_signed()
    yield from _signed_only_by_whoever_must_sign()
    yield from _appraisal_is_not_the_secondees()
    yield from _nobody_signs_their_own()
    yield from _evidence_as_it_was_given()


def _closed_only_when_all_are_signed() -> Iterator[Breach]:
    for secondment in Secondment.objects.filter(status=SecondmentStatus.CLOSED).with_items():
        missing = [item.kind for item in missing_items(secondment)]
        if missing:
            yield Breach(
                RULE,
                "practicums.Secondment",
                secondment.pk,
                f"the file {secondment.code} is closed without {', '.join(missing)}",
            )


def _signed_only_by_whoever_must_sign() -> Iterator[Breach]:
    for item in SevenItem.objects.filter(status=ItemStatus.SIGNED).prefetch_related("sign_offs"):
        missing = [role for role in SIGNERS[item.kind] if role not in signed_roles(item)]
        if missing:
            yield Breach(
                RULE,
                "practicums.SevenItem",
                item.pk,
                f"{item.kind} counts as signed without {', '.join(missing)}",
            )


def _appraisal_is_not_the_secondees() -> Iterator[Breach]:
    for piece in Evidence.objects.filter(
        item__kind=ItemKind.APPRAISAL, uploaded_by=F("item__secondment__trainee__user")
    ):
        yield Breach(
            RULE, "practicums.Evidence", piece.pk, "the secondee is the author of the appraisal"
        )


def _nobody_signs_their_own() -> Iterator[Breach]:
    for row in SignOff.objects.filter(
        decision=SignOffDecision.SIGNED, user=F("item__secondment__trainee__user")
    ):
        yield Breach(RULE, "practicums.SignOff", row.pk, "the secondee signed an item of their own")


def _evidence_as_it_was_given() -> Iterator[Breach]:
    for piece in Evidence.objects.iterator(chunk_size=200):
        found = _digest(piece)
        if found is None:
            yield Breach(RULE, "practicums.Evidence", piece.pk, "the file of the evidence is gone")
        elif found != piece.sha256:
            yield Breach(
                RULE, "practicums.Evidence", piece.pk, "the evidence is not what was handed in"
            )


def _digest(piece: Evidence) -> str | None:
    if piece.kind == EvidenceKind.TEXT:
        return hashlib.sha256(piece.text.encode()).hexdigest()
    try:
        with piece.file.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
