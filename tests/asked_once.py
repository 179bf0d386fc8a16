"""Which tests ask one database in an ordinary run. The rest, and what is new, asks both; where
there is no PostgreSQL, and with `bin/test --long`, all ask all.

Who may open an address is asked of PostgreSQL, which a district has: each page is drawn there for
everybody who may open it. Which words stand on a page is asked of SQLite: its rows are asked of
both below it, by the tests of rules, lists, search, imports, statements and races.

A file of a plan is read as its preview does: nothing of it is written. What is confirmed is asked
of both.

How many statements a page asks, whether the demonstration keeps every rule, and what a list does
with strange addresses is asked of SQLite. That each column of a list sorts is asked of both, and
test_hostile_rows.py draws, prints and exports every list on PostgreSQL. The control of a race that
only several writers at a time can lose is asked of PostgreSQL.

The generated lives of a class and of people who are joined begin with a fixed number: they would be
the same lives once more.
"""

ON_POSTGRESQL = ("tests/access/test_matrix.py::", "tests/access/test_hostile_rows.py::test_no_")
LOST_ON_POSTGRESQL = "_on_postgresql"  # the end of a control's name
ON_DEMONSTRATION = "trainees/test_invariants.py::test_the_audit_finds_nothing_on_the_demonstration"
SORTED = "portal/test_office_lists.py::test_every_list_is_sorted_by_each_column_that_says_so"
ON_SQLITE = (
    "_page.py",
    "_pages.py",
    "/test_pages.py",
    "/test_page_costs.py",
    # of pages, though their names do not say so
    "plans/test_statements.py",
    "portal/test_office_lists.py",
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
    name = nodeid.partition("[")[0]
    if nodeid.startswith(ON_POSTGRESQL) or name.endswith(LOST_ON_POSTGRESQL):
        return "on_postgresql"
    if name.endswith(SORTED):
        return None
    if name.endswith(ON_DEMONSTRATION) or name.partition("::")[0].endswith(ON_SQLITE):
        return "on_sqlite"
    return None
