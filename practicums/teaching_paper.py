"""The statement of teaching and mentoring in words, once for the page and for the PDF; always in
the portal's language.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from academy.templatetags.portal_tags import full_day, hours
from trainees.certificates.tables import PaperTable, TableColumn, TablePaper
from trainees.models import HourEntry, Trainee
from trainees.people.person_notices import in_the_language_of_the_portal
from trainees.record.claims import BATCH_RULE, RULE

from .teaching_statements import Accompanied, TaughtLesson, Teacher, TeachingStatement


def paper_of(statement: TeachingStatement) -> TablePaper:
    """The statement as it is printed."""
    with in_the_language_of_the_portal():
        tables = [_lessons(statement)]
        if statement.is_whole or statement.accompanied:
            tables.append(_mentoring(statement.accompanied))
        if statement.entries:
            tables.append(_hours(statement))
        return TablePaper(
            title=_("Statement of teaching and mentoring %(year)d") % {"year": statement.year},
            facts=list(_facts(statement)),
            tables=tables,
            foot=_(
                "Lessons of classes that are closed; hours of a lesson are those of its timetable"
                " entry. From the ledger of study hours; hours taken back are not listed."
            ),
            signs=[
                _fact(pgettext("statement of study hours", "Checked by")),
                _fact(pgettext("statement of study hours", "Unit (seal)")),
                pgettext("to fill in", "Day"),
            ],
        )


def _fact(label: str, value: str = "") -> str:
    return f"{label}{pgettext('before a fact', ': ')}{value}"


def _facts(statement: TeachingStatement) -> Iterable[str]:
    teacher = statement.teacher
    yield _fact(pgettext("of a person", "Name"), teacher.name)
    if unit := _unit(teacher):
        yield _fact(pgettext("sheet", "Unit"), unit)
    yield _("as of %(day)s") % {"day": full_day(statement.made_at)}
    if not statement.is_whole:
        yield _("Only lessons of classes of the unit that made this paper")


def _unit(teacher: Teacher) -> str:
    expert = teacher.expert
    if expert and expert.village:
        return f"{expert.village.town.name} {expert.village.name}"
    if expert and expert.organisation:
        return expert.organisation
    trainee = (
        Trainee.objects.select_related("village__town").filter(user=teacher.user).first()
        if teacher.user
        else None
    )
    return f"{trainee.village.town.name} {trainee.village.name}" if trainee else ""


def _number() -> TableColumn:
    return TableColumn(pgettext("row of a table", "No."), 12, "middle")


def _lessons(statement: TeachingStatement) -> PaperTable:
    return PaperTable(
        heading=_("Lessons taught"),
        columns=[
            _number(),
            TableColumn(pgettext("of a lesson", "Day"), 30),
            TableColumn(pgettext("of a statement", "Lesson"), 46),
            TableColumn(_("Class and place"), 52),
            TableColumn(pgettext("of a statement", "As what"), 20, "middle"),
            TableColumn(_("Study hours"), 16, "sum"),
        ],
        rows=[_lesson(number, item) for number, item in enumerate(statement.lessons, start=1)],
        nothing=_("No lesson of a closed class in this year."),
        total=hours(statement.lesson_hours) if statement.lessons else "",
        total_label=pgettext("last row", "Sum"),
    )


def _lesson(number: int, item: TaughtLesson) -> list[str]:
    lesson = item.lesson
    return [
        str(number),
        full_day(lesson.starts_at),
        lesson.title,
        f"{lesson.training_class.title}，{lesson.training_class.campus.name}",
        "、".join(str(role.label) for role in item.roles),
        hours(lesson.hours),
    ]


def _mentoring(rows: list[Accompanied]) -> PaperTable:
    return PaperTable(
        heading=_("Mentoring given"),
        columns=[
            _number(),
            TableColumn(pgettext("of mentoring", "From, to"), 54),
            TableColumn(pgettext("of mentoring", "Who was accompanied"), 24),
            TableColumn(pgettext("of mentoring", "Host and batch"), 66),
            TableColumn(pgettext("of a secondment", "State"), 20, "middle"),
        ],
        rows=[_accompanied(number, row) for number, row in enumerate(rows, start=1)],
        nothing=_("No secondment was accompanied in this year."),
    )


def _accompanied(number: int, row: Accompanied) -> list[str]:
    secondment = row.secondment
    return [
        str(number),
        _("%(first)s to %(last)s") % {"first": full_day(row.first), "last": full_day(row.last)},
        row.name,
        f"{secondment.host_name}，{secondment.batch.whole_name}",
        secondment.get_status_display(),
    ]


def _hours(statement: TeachingStatement) -> PaperTable:
    return PaperTable(
        heading=_("Study hours of teaching in the ledger"),
        columns=[
            _number(),
            TableColumn(pgettext("of a lesson", "Day"), 30),
            TableColumn(pgettext("of a statement", "What was taught"), 58),
            TableColumn(pgettext("of a statement", "Rule"), 60),
            TableColumn(_("Study hours"), 16, "sum"),
        ],
        rows=[
            [
                str(number),
                full_day(entry.earned_on),
                entry.lesson.title if entry.lesson else entry.reason,
                rule_in_words(entry),
                hours(entry.hours),
            ]
            for number, entry in enumerate(statement.entries, start=1)
        ],
        nothing="",
        total=hours(statement.entry_hours),
        total_label=pgettext("last row", "Sum"),
    )


def rule_in_words(entry: HourEntry) -> str:
    """The rule of a line of the ledger: its name, and what it says where the portal has words."""
    name = entry.rule.split(":")[0]
    if entry.rule == RULE:
        return _("%(rule)s: handed in with evidence, approved by the academy office") % {
            "rule": name
        }
    if entry.rule == BATCH_RULE:
        return _("%(rule)s: list of another platform, recognised by the academy office") % {
            "rule": name
        }
    return entry.rule
