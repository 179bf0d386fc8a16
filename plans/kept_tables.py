"""The words by which plans are compared, what trainings may cost, and the topics of projects."""

from django.utils.translation import gettext_lazy as _

from academy.table_pages.table import Area, MasterTable, Vocabulary

from .drafting.usual_caps import (
    CATEGORIES,
    LECTURE_FEE_LINES,
    PERSON_DAY_LINES,
    RANKS,
    parts_of,
)
from .models import AudienceGroup, LectureFeeCap, PersonDayCap, ProjectTopic
from .overlaps.usual_groups import LINES, fields_of


class AudienceGroups(Vocabulary):
    slug, model = "audience-groups", AudienceGroup
    title, one = _("Groups of people in plans"), _("New group of people")
    about = _(
        "Whom trainings are for, with other words for them and the wider groups they belong to."
        " Plans are compared by these words."
    )
    shown = ("words", "within")
    fields = ("name", "words", "within")
    usual = LINES
    usual_help = _("The name, a colon, other words; in brackets the wider groups.")
    counts_uses = False

    def row_of(self, line: str) -> dict[str, str]:
        return fields_of(line)


class ProjectTopics(Vocabulary):
    slug, model = "project-topics", ProjectTopic
    title, one = _("Topics of projects"), _("New topic of projects")
    about = _("What projects of 先锋行动 are about; the public list can be narrowed by them.")
    searched_as = ("project",)
    usual = (
        "社区微更新",
        "停车治理",
        "加装电梯",
        "垃圾分类",
        "物业与业委会",
        "闲置空间利用",
        "邻里互助",
        "为老服务",
        "乡村治理",
    )


class CapPages(MasterTable):
    """Figures that the office keeps; an empty table is offered those of the national rules."""

    area, lasting, counts_uses = Area.RULES, (), False
    found_by = ("source",)
    usual: tuple[str, ...] = ()
    usual_help = _("For what, a colon, yuan; in brackets the source. Without yuan: not checked.")
    unlike: tuple[str, ...] = ()


class PersonDayCaps(CapPages):
    slug, model = "person-day-caps", PersonDayCap
    title, one = _("Caps per person and day"), _("New cap per person and day")
    about = _(
        "What a training may cost per person and day. Plans are compared with it and never refused;"
        " until figures stand here, those of the national rules count."
    )
    shown = ("yuan_per_person_day", "source")
    fields = ("category", "yuan_per_person_day", "source")
    usual, unlike = PERSON_DAY_LINES, ("category",)

    def row_of(self, line: str) -> dict:
        what, yuan, source = parts_of(line)
        category = CATEGORIES.get(what, what)
        return {"category": category, "yuan_per_person_day": yuan, "source": source}


class LectureFeeCaps(CapPages):
    slug, model = "lecture-fee-caps", LectureFeeCap
    title, one = _("Caps of lecture fees"), _("New cap of lecture fees")
    about = _(
        "What a lecturer is paid per study hour after tax. Until figures stand here, those of the"
        " national rules count."
    )
    shown = ("yuan_per_hour", "source")
    fields = ("rank", "yuan_per_hour", "source")
    usual, unlike = LECTURE_FEE_LINES, ("rank",)

    def row_of(self, line: str) -> dict:
        what, yuan, source = parts_of(line)
        return {"rank": RANKS.get(what, what), "yuan_per_hour": yuan, "source": source}


TABLES = [AudienceGroups, PersonDayCaps, LectureFeeCaps, ProjectTopics]
