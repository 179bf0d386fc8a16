"""Whom a training is for: the groups that its audience names, and whom two trainings share.

Groups with their words and wider groups are a table that the office keeps (`AudienceGroup`). A
group that the table does not know is compared by its words: in Chinese what describes a person
stands before what the person is, so 值守志愿者 are 志愿者.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz.distance import Indel

from academy.models import Town

PARTS = re.compile("[、,;/|+]|以及|[和及与或]")
# what a group is called beside what it is: where, since when
WHERE = re.compile(
    "(?:全区|本区|区内|本镇|本街道|镇内|辖区内?|各?街镇|各?街道|各?居民区|各?居村|各?村居|各?社区|各)(?:的|内)?"
)
SINCE = re.compile(
    r"\d{4}年|[上下]半年|新[录聘招]用?的?|新当选的?|新上岗的?|新入职的?|新[任进]的?|在职|专兼?职|兼职|相关"
)
ENDINGS = re.compile(
    "(?:骨干|人员|成员|代表|队员|队伍|们|队长|团长|组长|负责人|领头人|带头人|召集人)$"
)
# posts and relations that set people apart from others of the same unit: 社会组织会计 are no
# 社会组织负责人, 失能老人家属 no 失能老人
POST = re.compile(
    "(?:会计|出纳|文书|厨师|炊事员|保安|保洁员|司机|驾驶员|门卫|护士|医生|教师|学生|家属|家长|子女)$"
)
SAYS_NOTHING = ("工作", "业务", "管理", "单位", "企业", "部门", "服务")  # without its ending
ALIKE = 0.7  # of the characters of two names, in order: from here on they are one group
WIDER, EQUAL = 0.85, 1.0


@dataclass(frozen=True)
class Group:
    name: str
    words: tuple[str, ...]
    within: tuple[str, ...] = ()


@dataclass(frozen=True)
class Audience:
    """Groups of the table, and what else is named."""

    groups: frozenset[str]
    others: frozenset[str]


@dataclass(frozen=True)
class Shared:
    """How surely two audiences share people (0 to 1), and who these are."""

    share: float
    who: str = ""


class Audiences:
    """The table of groups, read once for a comparison."""

    def __init__(self, groups: Iterable[Group], towns: Iterable[str] = ()) -> None:
        self.groups = {group.name: group for group in groups}
        names = sorted(towns, key=len, reverse=True)
        self.towns = re.compile("|".join(map(re.escape, names))) if names else None
        self._read: dict[str, Audience] = {}

    @cached_property
    def words(self) -> list[tuple[str, str]]:
        """(word, group), the longest first: 居委主任 before 主任."""
        found = [
            (word, group.name)
            for group in self.groups.values()
            for word in {group.name, *group.words}
        ]
        return sorted(found, key=lambda pair: (-len(pair[0]), pair))

    def of(self, text: str) -> Audience:
        """Return who is named; `text` is compact."""
        if text not in self._read:
            self._read[text] = self._reading(text)
        return self._read[text]

    def _reading(self, text: str) -> Audience:
        text = re.sub("[“”\"'《》「」]", "", text)
        text = re.sub(r"\(.*?\)", "、", text)
        if self.towns:
            text = self.towns.sub("", text)
        groups, others = set(), set()
        before = ""
        for part in PARTS.split(text):
            known, rest = self._known(part)
            if not known and before and part:
                # 居村书记、主任: the second word leans on the first
                known, rest = self._known(before + part)
            groups |= known
            before = next((lead for lead in LEADS if part.startswith(lead)), "")
            if not known and (name := _bare(rest)):
                others.add(name)
        return Audience(frozenset(groups), frozenset(others))

    def _known(self, part: str) -> tuple[set[str], str]:
        found = set()
        for word, group in self.words:
            if word in part:
                found.add(group)
                part = part.replace(word, "")
        return found, part

    def wider(self, name: str) -> set[str]:
        """All groups that hold the group, however far up."""
        found: set[str] = set()
        open_names = [name]
        while open_names:
            for above in self.groups[open_names.pop()].within:
                if above in self.groups and above not in found:
                    found.add(above)
                    open_names.append(above)
        return found

    def shared(self, one: Audience, other: Audience) -> Shared:
        """Return whom both train; a share of 0 when nobody."""
        found = [
            *(self._of_groups(a, b) for a in sorted(one.groups) for b in sorted(other.groups)),
            *(_of_names(a, b) for a in sorted(one.others) for b in sorted(other.others)),
        ]
        best = max((shared.share for shared in found), default=0)
        if not best:
            return Shared(0)
        names = dict.fromkeys(shared.who for shared in found if shared.share == best)
        return Shared(best, "、".join(names))

    def _of_groups(self, one: str, other: str) -> Shared:
        if one == other:
            return Shared(EQUAL, one)
        if one in self.wider(other):
            return Shared(WIDER, other)
        if other in self.wider(one):
            return Shared(WIDER, one)
        return Shared(0)


LEADS = ("居村", "村居", "居民区", "社区", "居委", "村")


def _bare(name: str) -> str:
    """The name without where and since when; "" when nothing of weight is left."""
    short = SINCE.sub("", WHERE.sub("", name))
    bare = ENDINGS.sub("", short)
    if len(bare) > 1 and bare not in SAYS_NOTHING:
        return bare
    return short if len(short) > 1 else ""


def _of_names(one: str, other: str) -> Shared:
    if one == other:
        return Shared(EQUAL, one)
    if _post(one) != _post(other):
        return Shared(0)
    if one.endswith(other) or other.endswith(one):
        return Shared(WIDER, max(one, other, key=len))
    alike = Indel.normalized_similarity(one, other)
    return Shared(alike, one) if alike >= ALIKE else Shared(0)


def _post(name: str) -> str:
    """The post with which the name ends, "" where it names none."""
    found = POST.search(name)
    return found[0] if found else ""


def towns_by_name() -> dict[str, str]:
    """The names of all street-towns, with and without 镇 or 街道, with their codes."""
    towns = list(Town.objects.values_list("name", "code"))
    short = {re.sub("(?:镇|街道)$", "", name): code for name, code in towns}
    return dict(towns) | short
