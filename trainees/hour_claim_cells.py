"""What the cells of a list of another platform say: names, recognised hours, time online."""

import re

from django.utils.translation import gettext as _

from academy.imports.cells import Cell, Day, Hours
from academy.spreadsheets.cell_text import Rejected, clean, spelled
from academy.spreadsheets.headings import HEADING_WITHIN, LONGEST_HEADING, HeadingWords
from academy.spreadsheets.opening import read_sheets
from academy.spreadsheets.sheet import unmarked
from academy.text.names import DOT, spelt_name

# what platforms call the time that somebody was online; it is never counted (docs/rules.md R14)
ONLINE_TIME = ("时长", "在线时间", "学习时间", "观看时间", "播放时间", "学习分钟", "观看分钟")
MINUTES = ("分钟", "min")


class PersonName(Cell):
    """The name beside the number: compared with the person, never written."""

    def read(self, table, column, value) -> str:
        return clean(value)[:80]


# 2027/2/10 18:03:22, and 20270210
MOMENT = re.compile(r"([0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2})[ T][0-9]{1,2}:[0-9:.]+")
DIGITS = re.compile(r"(20[0-9]{2})([01][0-9])([0-3][0-9])")


class DayOfTraining(Day):
    """A day, also where the platform writes the second or eight digits."""

    def read(self, table, column, value):
        text = clean(value)
        if moment := MOMENT.fullmatch(text):
            value = moment[1]
        elif digits := DIGITS.fullmatch(text):
            value = "-".join(digits.groups())
        return super().read(table, column, value)


class RecognisedHours(Hours):
    """Study hours that the platform has recognised; minutes are no study hours."""

    def read(self, table, column, value) -> str:
        text = clean(value)
        if text.endswith(MINUTES):
            raise Rejected(
                _("“%(value)s” is minutes. Write the study hours that the platform recognised.")
                % {"value": text[:20]}
            )
        return super().read(table, column, value)


def same_name(text: str) -> str:
    """A name as it is compared: 买买提·阿不都 is written with many dots, and with none."""
    return spelled(spelt_name(text)).replace(DOT, "")


def online_time(content: bytes, name: str, words: HeadingWords) -> str:
    """The heading of a column of time online in a row without one of hours; "" where none is."""
    for sheet in read_sheets(content, name):
        for row in [] if sheet.is_hidden else sheet.rows[:HEADING_WITHIN]:
            texts = [text for cell in row if len(text := clean(unmarked(cell))) <= LONGEST_HEADING]
            found = [text for text in texts if any(word in text for word in ONLINE_TIME)]
            if found and not any(words.named_by(text) == "hours" for text in texts):
                return found[0]
    return ""
