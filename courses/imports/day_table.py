"""Public holidays and swapped workdays as a table."""

from django.db.models import Q
from django.utils.translation import gettext_lazy

from academy.access import is_administrator
from academy.imports.by_code import FieldColumn, TableByCode
from academy.imports.cells import Day, OneOf, Text

from ..models import AnnouncedDay
from ..schedule import holidays


class OffOrWork(OneOf):
    """Kept as yes or no."""

    def of(self, table, column, item: AnnouncedDay) -> str:
        return "off" if item.is_off else "work"

    def put(self, table, column, item: AnnouncedDay, value: str) -> None:
        item.is_off = value == "off"


class DayImporter(TableByCode):
    """节假日: one row per day. Administrators load them; docs/rules.md R28."""

    kind, model, keys, needed = "days", AnnouncedDay, ("day",), ("day", "is_off")
    title = gettext_lazy("Holidays of the year")
    about = gettext_lazy("Public holidays and swapped workdays, one row per day.")
    columns = (
        FieldColumn(
            "day",
            "日期",
            "放假日期 day",
            12,
            gettext_lazy("Such as 2027-10-01."),
            cell=Day(required=True),
        ),
        FieldColumn(
            "is_off",
            "放假或上班",
            "安排 类型 is_off",
            12,
            gettext_lazy("放假 or 上班"),
            cell=OffOrWork(
                required=True, words=(("off", "放假 休息 休"), ("work", "上班 补班 调休上班 班"))
            ),
        ),
        FieldColumn("name", "名称", "节日 节假日 name", 16, cell=Text(required=True)),
    )

    @classmethod
    def may_use(cls, user) -> bool:
        return is_administrator(user)

    def matching(self, keys: list[str]) -> Q:
        return Q(day__in=keys)

    def settle(self) -> None:
        holidays.forget()
