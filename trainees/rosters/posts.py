"""The posts (岗位) that a cell names, by their own or by common words.

Source: docs/rules.md R46.
"""

import re

from django.utils.translation import gettext as _

from academy.models import VillageKind
from academy.spreadsheets.cell_text import Rejected, spelled

SECRETARY = {VillageKind.NEIGHBOURHOOD: "居民区书记", VillageKind.VILLAGE: "村书记"}
HEAD = {VillageKind.NEIGHBOURHOOD: "居委主任", VillageKind.VILLAGE: "村主任"}
# common word → post, or post by the kind of unit
COMMON_WORDS: dict[str, str | dict] = {
    **dict.fromkeys(
        [
            "书记",
            "党总支书记",
            "总支书记",
            "党支部书记",
            "支部书记",
            "党委书记",
            "党组织书记",
            "居民区党总支书记",
            "居民区党支部书记",
            "居民区党组织书记",
            "村党总支书记",
            "村党支部书记",
            "社区书记",
        ],
        SECRETARY,
    ),
    "居委书记": "居民区书记",
    "居委会书记": "居民区书记",
    "村支部书记": "村书记",
    "村支书": "村书记",
    **dict.fromkeys(("主任", "负责人主任"), HEAD),
    **dict.fromkeys(["居委会主任", "居民委员会主任", "社区主任"], "居委主任"),
    **dict.fromkeys(["村委主任", "村委会主任", "村民委员会主任"], "村主任"),
    **dict.fromkeys(
        [
            "委员",
            "条线干部",
            "条线",
            "居委委员",
            "居委会委员",
            "居民委员会委员",
            "村委委员",
            "村委会委员",
        ],
        "条线委员",
    ),
    **dict.fromkeys(["社工", "专职社工", "社区社工", "专职社区工作者", "居委社工"], "社区工作者"),
    **dict.fromkeys(["楼长", "楼组", "楼栋长", "楼道长"], "楼组长"),
    **dict.fromkeys(["业委会委员", "业主委员会成员", "业主委员会委员", "业委会主任"], "业委会成员"),
    **dict.fromkeys(["物业经理", "物业项目经理", "物业公司负责人"], "物业负责人"),
    **dict.fromkeys(["志愿者", "社区达人", "社区志愿者"], "志愿者/社区达人"),
}
BETWEEN = re.compile(r"[兼、/,;+&()及和与\s]+")
SECRETARY_AND_HEAD = re.compile("(?<=书记)(?=(?:居委会?|村委会?)?主任)")
AT_THE_END = re.compile("(?:一肩挑|双肩挑)$")


def posts_in(text: str, kind: str, known: dict[str, str]) -> list[str]:
    """The posts that the text names, the first as the main one; `kind` is that of the village,
    `known` maps a spelling to the name of a post in use.

    Raises Rejected for a word that names none.
    """
    said = AT_THE_END.sub("", spelled(text))
    whole = _post(said, kind, known)
    parts = BETWEEN.split(SECRETARY_AND_HEAD.sub("、", said))
    posts = [whole] if whole else [_post(part, kind, known) for part in parts if part]
    if not posts or not all(posts):
        raise Rejected(
            _("“%(post)s” is none of the posts: %(posts)s.")
            % {"post": text[:20], "posts": "、".join(known.values())}
        )
    return list(dict.fromkeys(posts))


def _post(said: str, kind: str, known: dict[str, str]) -> str:
    if said in known:
        return known[said]
    post = COMMON_WORDS.get(said, "")
    return known.get(spelled(post[kind] if isinstance(post, dict) else post), "")
