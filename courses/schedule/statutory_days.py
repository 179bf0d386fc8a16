"""Days off that the law names, whatever the yearly announcement says: it only moves the workdays
around them.

Known before the announcement, so that a season can be planned on them. Source:
《全国年节及纪念日放假办法》, State Council Order 795, 2024-11-10; dates of the lunar calendar from
GB/T 33661-2017.
"""

from datetime import date, timedelta

# first day of the lunar year, Tomb-sweeping Day, Dragon Boat, Mid-autumn
LUNAR = {
    2026: ((2, 17), (4, 5), (6, 19), (9, 25)),
    2027: ((2, 6), (4, 5), (6, 9), (9, 15)),
    2028: ((1, 26), (4, 4), (5, 28), (10, 3)),
    2029: ((2, 13), (4, 4), (6, 16), (9, 22)),
    2030: ((2, 3), (4, 5), (6, 5), (9, 12)),
    2031: ((1, 23), (4, 5), (6, 24), (10, 1)),
    2032: ((2, 11), (4, 4), (6, 12), (9, 19)),
    2033: ((1, 31), (4, 4), (6, 1), (9, 8)),
    2034: ((2, 19), (4, 5), (6, 20), (9, 27)),
    2035: ((2, 8), (4, 5), (6, 10), (9, 16)),
}
FIRST_YEAR = 2025  # the order holds from its first day
NEW_YEAR, SPRING, TOMBS = "New Year's Day", "Spring Festival", "Tomb-sweeping Day"
LABOUR, BOATS, AUTUMN = "Labour Day", "Dragon Boat Festival", "Mid-autumn Festival"
NATIONAL = "National Day"


def statutory_days(year: int) -> dict[date, str]:
    """The days off of a year by law, each with the name of its holiday in English."""
    if year < FIRST_YEAR:
        return {}
    days = {date(year, 1, 1): NEW_YEAR, date(year, 5, 1): LABOUR, date(year, 5, 2): LABOUR}
    if year in LUNAR:
        spring, tombs, boats, autumn = (date(year, *day) for day in LUNAR[year])
        days |= {tombs: TOMBS, boats: BOATS, autumn: AUTUMN}
        # the last day of the old year and the first three of the new one
        days |= dict.fromkeys((spring + timedelta(days=n) for n in range(-1, 3)), SPRING)
    return days | dict.fromkeys((date(year, 10, n) for n in (1, 2, 3)), NATIONAL)
