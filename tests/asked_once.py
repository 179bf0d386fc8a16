"""Which tests ask one database in an ordinary run. The rest, and what is new, asks both; where
there is no PostgreSQL, and with `bin/test --long`, all ask all.

Who may open an address is asked of PostgreSQL, which a district has: each page is drawn there for
everybody who may open it. Which words stand on a page is asked of SQLite: its rows are asked of
both below it, by the tests of rules, lists, search, imports, statements and races.

The generated lives of a class and of people who are joined begin with a fixed number: they would be
the same lives once more.
"""

ON_POSTGRESQL = ("tests/access/",)
ON_SQLITE = (
    "_page.py",
    "_pages.py",
    "/test_pages.py",
    "/test_page_costs.py",
    # of pages, though their names do not say so
    "portal/test_where_work_is.py",
    "portal/test_who.py",
    # lives
    "trainees/test_booking_machine.py",
    "trainees/test_merging_machine.py",
)


def only_database_of(nodeid: str) -> str | None:
    """The name of the mark of the one database that the file of a test asks."""
    file = nodeid.partition("::")[0]
    if file.startswith(ON_POSTGRESQL):
        return "on_postgresql"
    return "on_sqlite" if file.endswith(ON_SQLITE) else None
