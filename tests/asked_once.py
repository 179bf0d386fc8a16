"""Which tests ask one database in an ordinary run. The rest, and what is new, asks both; where
there is no PostgreSQL, and with `bin/test --long`, all ask all.

Who may open an address is asked of PostgreSQL, which a district has: each page is drawn there for
everybody who may open it. Which words stand on a page is asked of SQLite: its rows are asked of
both below it, by the tests of rules, lists, search, imports, statements and races.

A file of a plan is read as its preview does: nothing of it is written. What is confirmed is asked
of both.

The generated lives of a class and of people who are joined begin with a fixed number: they would be
the same lives once more.
"""

ON_POSTGRESQL = ("tests/access/test_matrix.py::", "tests/access/test_hostile_rows.py::test_no_")
ON_SQLITE = (
    "_page.py",
    "_pages.py",
    "/test_pages.py",
    "/test_page_costs.py",
    # of pages, though their names do not say so
    "access/test_odd_posts.py",
    "access/test_orphans.py",
    "portal/test_where_work_is.py",
    "portal/test_who.py",
    # read and not written
    "plans/test_importers.py",
    "plans/test_other_words.py",
    "plans/test_plan_fuzz.py",
    # lives
    "trainees/test_booking_machine.py",
    "trainees/test_merging_machine.py",
)


def only_database_of(nodeid: str) -> str | None:
    """The name of the mark of the one database that a test asks."""
    if nodeid.startswith(ON_POSTGRESQL):
        return "on_postgresql"
    return "on_sqlite" if nodeid.partition("::")[0].endswith(ON_SQLITE) else None
