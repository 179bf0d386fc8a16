"""The words of the catalogue, and the approval of each kind of class."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from academy.table_pages.table import RulePages, Vocabulary

from .models import ClassStatus, HourConversion, Programme, ServiceItem, TeachingFormat, Track

COLOURS = ("zz", "zc", "sw", "wh")  # of the style sheet
OVER = (ClassStatus.CLOSED, ClassStatus.CANCELLED)


class CatalogueWords(Vocabulary):
    """Words that visitors find courses by."""

    searched_as = ("course",)


class Tracks(CatalogueWords):
    slug, model, lasting = "tracks", Track, ("prefix",)
    title, one = pgettext_lazy("of courses", "Tracks"), _("New track")
    about = _("The codes of a track's courses begin with its letters.")
    shown = ("prefix", "motto")
    fields = ("name", "prefix", "motto", "css_class")
    help_texts = {"css_class": _("zz, zc, sw or wh; empty for the plain colour.")}
    usual = ("ZZ 政治理论", "ZC 政策法规", "SW 实务实训", "WH 文化素养")
    usual_help = _("The letters with which its courses' codes begin, a blank, the name.")
    unlike = ("name", "prefix")

    def row_of(self, line: str) -> dict[str, str]:
        prefix, _blank, name = line.partition(" ")
        colour = prefix.lower() if prefix.lower() in COLOURS else ""
        return {"prefix": prefix.upper(), "name": name.strip(), "css_class": colour}


class TeachingFormats(CatalogueWords):
    slug, model, importer = "teaching-formats", TeachingFormat, "teaching-formats"
    title, one = _("Teaching formats"), _("New teaching format")
    shown = ("code", "suggested_group_size")
    fields = ("code", "name", "description", "suggested_group_size")
    usual = (
        "F01 课堂教学",
        "F02 案例研讨",
        "F03 场景模拟",
        "F04 实操推演",
        "F05 圆桌讨论",
        "F06 现场教学",
        "F07 情景剧",
        "F08 导师带教",
        "F09 专家会诊",
        "F10 沙龙分享",
        "F11 在线微课",
    )
    usual_help = _("A code, a blank, the name.")
    unlike = ("name", "code")

    def row_of(self, line: str) -> dict[str, str]:
        code, _blank, name = line.partition(" ")
        return {"code": code.upper(), "name": name.strip()}


class Programmes(Vocabulary):
    slug, model = "programmes", Programme
    title, one = pgettext_lazy("kept tables", "Kinds of classes"), _("New kind of class")
    about = _("Whether bookings need approval is set under the rules.")
    usual = (
        "居民区书记轮训班",
        "小巷总理成长班",
        "条线委员实务班",
        "村书记村主任乡村治理班",
        "乘风破浪楼组长班",
        "业委会主任联谊会",
    )


class ServiceItems(Vocabulary):
    """Items that departments answer for; courses point at them."""

    slug, model, importer, ordered, ends = "service-items", ServiceItem, "service-items", False, ""
    searched_as = ("course", "service")
    title, one = _("Service items"), _("New service item")
    shown = ("code", "department")
    fields = ("code", "name", "department", "question", "keywords")
    found_by = ("name", "code", "keywords")
    narrowed_by, related = "department", ("department",)


class ProgrammePolicies(RulePages):
    """What a class of each kind begins with."""

    slug, model, may_add = "class-policies", Programme, False
    title = _("What a class begins with")
    about = _("Approval of bookings, by kind of class. A class takes it over when it is made.")
    shown = ("approval", "approval_days")
    fields = (
        "approval",
        "approval_village",
        "approval_town",
        "approval_district",
        "approval_days",
    )

    def effects(self, form) -> list[str]:
        if not form.has_changed():
            return []
        kept = form.instance.classes.exclude(status__in=OVER).count()
        return [
            ngettext(
                "Classes that are made from now on begin like this; %(count)d class that is there"
                " keeps what it has.",
                "Classes that are made from now on begin like this; %(count)d classes that are"
                " there keep what they have.",
                kept,
            )
            % {"count": kept}
        ]


class HourConversions(RulePages):
    """How minutes become study hours. Source: docs/rules.md R79."""

    slug, model, counts_uses = "hour-conversions", HourConversion, False
    title, one = _("Rules for study hours"), _("New rule for study hours")
    about = _(
        "They propose the study hours of a lesson from its minutes less breaks; the lesson's own"
        " field counts. A rule that ends gets a last day; the one behind it is a new row."
    )
    shown = ("teaching_format", "from_minutes", "minutes_per_hour", "hours", "valid_from")
    fields = (
        "name",
        "teaching_format",
        "from_minutes",
        "minutes_per_hour",
        "hours",
        "legal_basis",
        "valid_from",
        "valid_to",
    )
    lasting, found_by = ("name",), ("name", "legal_basis")
    narrowed_by, related = "teaching_format", ("teaching_format",)

    def effects(self, form) -> list[str]:
        """Lessons keep the hours that stand in them; say so before a rule changes."""
        if not form.has_changed():
            return []
        return [
            _(
                "Lessons that are planned keep their study hours; what is planned from now on is"
                " proposed by this rule."
            )
        ]


TABLES = [Tracks, TeachingFormats, Programmes, ServiceItems, ProgrammePolicies, HourConversions]
