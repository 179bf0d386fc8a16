"""The network, and the words for people, as the office keeps them on pages."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .models import (
    Campus,
    Department,
    GrowthStage,
    LearnerGroup,
    Position,
    TopicWords,
    Town,
    TownBorder,
    Venue,
    Village,
)
from .search import index
from .table_pages.table import Area, MasterTable, NetworkPages, Vocabulary


class Towns(NetworkPages):
    slug, model, importer = "towns", Town, "towns"
    title, one = _("Towns"), _("New town")
    shown = ("code", "kind", "map_order")
    fields = ("code", "name", "kind", "map_order")


class TownBorders(NetworkPages):
    """Which street-town borders which: classes are listed by it, the nearest first."""

    slug, model, importer, ends = "town-borders", TownBorder, "town-borders", "active"
    title, one = _("Town borders"), _("New town border")
    about = _(
        "Which street-towns border each other; one row serves both ways. Lists of classes begin"
        " with the own street-town, then those bordering it; without rows all others are equal."
    )
    shown = ("source",)
    fields, lasting = ("town", "neighbour", "source"), ()
    found_by = ("town__name", "neighbour__name", "source")
    related, counts_uses, searched_as = ("town", "neighbour"), False, ()


class Villages(NetworkPages):
    slug, model, importer, ends = "villages", Village, "villages", "valid_to"
    title, one = _("Neighbourhoods and villages"), _("New neighbourhood or village")
    about = _("Units split, merge and are renamed; what was booked keeps the unit of its day.")
    shown = ("town", "kind", "code")
    fields = ("code", "town", "name", "kind", "valid_from")
    narrowed_by, related = "town", ("town",)


class Departments(NetworkPages):
    slug, model, importer = "departments", Department, "departments"
    title, one = _("Departments"), _("New department")
    shown = ("short_name", "code")
    fields = ("code", "name", "short_name")
    found_by = ("name", "short_name", "code")


class Campuses(NetworkPages):
    slug, model, importer = "campuses", Campus, "campuses"
    title, one = _("Places of teaching"), _("New place of teaching")
    about = _("One college, themed branches, and a salon in each street-town.")
    shown = ("kind", "town", "theme", "capacity")
    fields = (
        "code",
        "name",
        "kind",
        "short_name",
        "theme",
        "town",
        "host_organisation",
        "address",
        "phone",
        "opening_hours",
        "capacity",
        "motif",
        "latitude",
        "longitude",
    )
    narrowed_by, related = "town", ("town",)


class Venues(NetworkPages):
    slug, model, importer = "venues", Venue, "venues"
    title, one = _("Rooms"), _("New room")
    about = _("A class cannot be larger than its smallest room.")
    shown = ("campus", "capacity", "immersive_topic", "equipment")
    fields = (
        "code",
        "name",
        "campus",
        "kind",
        "floor",
        "capacity",
        "immersive",
        "immersive_topic",
        "equipment",
        "step_free",
    )
    narrowed_by, related = "campus", ("campus",)


class Positions(Vocabulary):
    slug, model = "positions", Position
    title, one = pgettext_lazy("kept tables", "Posts"), _("New post")
    about = _("Which posts there are; classes and courses say for whom they are by these words.")
    usual = (
        "居民区书记",
        "村书记",
        "居委主任",
        "村主任",
        "条线委员",
        "社区工作者",
        "楼组长",
        "业委会成员",
        "物业负责人",
        "新就业群体",
        "志愿者/社区达人",
    )
    usual_help = _("Rosters and courses are read by these words.")


class GrowthStages(Vocabulary):
    slug, model = "growth-stages", GrowthStage
    title, one = _("Growth stages"), _("New growth stage")
    usual = ("新任", "骨干", "带头人")


class LearnerGroups(Vocabulary):
    slug, model = "groups", LearnerGroup
    title, one = _("Groups of other learners"), _("New group")
    about = _("Whoever joins without a post chooses among those in use.")


class SearchWords(MasterTable):
    """What people type into the search, and what they mean: the office keeps it."""

    slug, model, area = "topic-words", TopicWords, Area.VOCABULARIES
    title, one = _("Topic words of the search"), _("New topic words")
    about = _(
        "What people say, and the course, service item or word that they mean by it. The search"
        " answers whole questions by these words."
    )
    shown = ("said",)
    fields = ("means", "said")
    found_by = ("means", "said")
    lasting, ends, counts_uses = (), "active", False

    def settle(self) -> None:
        index.words_have_changed()


TABLES = [
    Campuses,
    Towns,
    TownBorders,
    Villages,
    Departments,
    Venues,
    Positions,
    GrowthStages,
    LearnerGroups,
    SearchWords,
]
