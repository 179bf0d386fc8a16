"""The groups of people that plans usually train, as lines that an office can change: name, other
words for it, in brackets the wider groups that hold it.

They count until the office keeps its own table.
"""

import re

from .audiences import Group

LINES = (
    "居村干部：村居干部、基层干部、居村两委、两委干部、两委成员、两委班子、居村工作人员",
    "居民区干部：居委干部、居委会干部、居委会工作人员、社区干部（居村干部）",
    "村干部：村两委、村级干部（居村干部）",
    "党组织书记：居村书记、村居书记、书记（居村干部）",
    "居民区书记：居民区党组织书记、居民区党总支书记、居民区党支部书记、居委书记、社区书记（党组织书记、居民区干部）",
    "村书记：村党组织书记、村党总支书记、村党支部书记（党组织书记、村干部）",
    "居村主任：村居主任（居村干部）",
    "居委主任：居委会主任、居民委员会主任（居村主任、居民区干部）",
    "村主任：村委会主任、村民委员会主任（居村主任、村干部）",
    "条线干部：条线委员、条线负责人（居村干部）",
    "居民区条线委员：居委条线干部、居民区条线干部、居委条线、居委委员、居委会委员、居委会成员"
    "（条线干部、居民区干部）",
    "村条线委员：村条线干部、村委委员、村委会委员、村委会成员（条线干部、村干部）",
    "社区工作者：社工、社区工作人员、居民区工作者",
    "业委会成员：业委会委员、业主委员会成员、业主委员会委员、业委会",
    "业委会主任：业主委员会主任（业委会成员）",
    "业委会财务委员：财务委员（业委会成员）",
    "物业人员：物业工作人员、物业从业人员、物业企业、物业公司、物业服务企业",
    "物业项目经理：物业经理、物业负责人、物业服务项目负责人、小区经理（物业人员）",
    "志愿者：社区志愿者、志愿服务者、志愿者骨干、平安志愿者",
    "楼组长：楼道长、楼栋长、门栋长",
    "失能老人照护者：失能老人家庭照护者、家庭照护者、照护家属、失能老人家属、失智老人家属、老人家属",
    "街镇干部：街镇工作人员、街镇条线干部、街镇分管领导",
)
LINE = re.compile(
    "(?P<name>[^：:（(]+)(?:[：:](?P<words>[^（(]*))?(?:[（(](?P<within>[^）)]*)[）)])?"
)


def fields_of(line: str) -> dict[str, str]:
    """Return name, words and wider groups of a line; texts have 、 between words."""
    found = LINE.match(line)
    return {key: (found[key] or "").strip() if found else "" for key in ("name", "words", "within")}


def words_in(text: str) -> tuple[str, ...]:
    """Return the words between the signs 、，,;； of a field."""
    return tuple(filter(None, (word.strip() for word in re.split("[、，,;；]", text))))


def usual_groups() -> list[Group]:
    """Return the groups that the lines stand for."""
    return [
        Group(fields["name"], words_in(fields["words"]), words_in(fields["within"]))
        for fields in map(fields_of, LINES)
    ]
