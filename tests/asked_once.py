"""Which tests ask one database in an ordinary run: PostgreSQL, which a district has, or SQLite
where there is no other. The rest, and what is new, asks both; `bin/test --long` asks both of all.

A page is left out on SQLite because its rows are asked of both below it: rules, lists, search,
imports, statements, races. What is left is who may open it and which words stand on it. On SQLite
each page is opened all the same: tests/e2e/test_every_page.py draws it with the demonstration year.

The generated lives of a class and of people who are joined begin with a fixed number: they would be
the same lives once more.
"""

PAGES = ("/access/", "_page.py", "_pages.py", "/test_pages.py", "/test_page_costs.py")
# of pages, though their names do not say so
ALSO = ("portal/test_where_work_is.py", "portal/test_who.py")
FIXED_LIVES = ("test_booking_machine.py", "test_merging_machine.py")


def is_asked_once(nodeid: str) -> bool:
    """Whether the test is in a file of which one database is asked."""
    file = nodeid.partition("::")[0]
    return "/e2e/" not in file and (
        PAGES[0] in file or file.endswith(PAGES[1:]) or file.endswith(ALSO + FIXED_LIVES)
    )
