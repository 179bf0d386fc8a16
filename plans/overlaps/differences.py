"""What sets two trainings apart though they are alike: whose people, which stage, which intake.

A district class covers every street-town, unless it names those it is for; two street-towns that
train their own people share nobody.
Source: docs/rules.md R48, R56.
"""

import re
from dataclasses import dataclass

from .trainings import Training

BEGINNERS = re.compile("新[任进]|初任|岗前|入门|新入职|新[录聘招]|新当选|新上岗|初训|零基础")
ADVANCED = re.compile(
    "进阶|高级|高阶|提高班|深化|精修|复训|满[一二两三四五六七八九十]年|[一二两三四五]年以上"
)
INTAKE = re.compile(
    r"\(?第?[一二三四五六七八九十\d]+[期批次轮]\)?|\(?[上下]半年\)?|\(?[上下]期\)?"
    r"|\([一二三四五六七八九十\d]+\)"
)
OTHER_PEOPLE = re.compile("人员不同|对象不同|不重复参训|分批")


@dataclass(frozen=True)
class Marks:
    """What of a training may set it apart from another."""

    for_beginners: bool
    for_advanced: bool
    name_of_all_intakes: str
    has_other_people: bool


def marks_of(training: Training) -> Marks:
    """Return what of the training may set it apart from another."""
    text = f"{training.name}{training.audience}"
    return Marks(
        for_beginners=bool(BEGINNERS.search(text)),
        for_advanced=bool(ADVANCED.search(text)),
        name_of_all_intakes=INTAKE.sub("", training.name),
        has_other_people=bool(OTHER_PEOPLE.search(training.remark)),
    )


def have_other_people(one: Training, other: Training) -> bool:
    """Whether both are for named street-towns, and none of them is the same."""
    return bool(one.held_for and other.held_for and not one.held_for & other.held_for)


def are_of_other_stages(one: Marks, other: Marks) -> bool:
    """Whether one is for beginners and the other for those who have gone on."""
    return (one.for_beginners and other.for_advanced) or (one.for_advanced and other.for_beginners)


def are_intakes_of_one(one: Training, other: Training, mine: Marks, theirs: Marks) -> bool:
    """Whether an owner runs one training for several intakes, each with other people."""
    if one.owner != other.owner:
        return False
    if one.name == other.name:
        return mine.has_other_people or theirs.has_other_people
    return mine.name_of_all_intakes == theirs.name_of_all_intakes
