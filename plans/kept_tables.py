"""The words by which plans are compared, and the topics of projects."""

from django.utils.translation import gettext_lazy as _

from academy.table_pages.table import Vocabulary

from .models import AudienceGroup, ProjectTopic
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


TABLES = [AudienceGroups, ProjectTopics]
