"""Which process runs which test: a file as a whole is run by one, so that what its tests share is
made once; what takes seconds by itself is handed out one by one.
"""

from xdist.scheduler import LoadScopeScheduling

ONE_BY_ONE = ("tests/e2e/", "tests/races/")

# Begun first, so that no process waits for another at the end; of each site one page, which builds
# it for all others.
LONGEST = (
    "test_serve.py",
    "test_page[home-full]",
    "test_page[home-empty]",
    "test_booking_machine.py",
    "/races/",
    "test_matrix.py",
    "test_odd_posts.py",
    "test_hostile_rows.py",
    "test_orphans.py",
)


class ByFile(LoadScopeScheduling):
    """Hands out files in the order in which they stand, the longest first."""

    def _split_scope(self, nodeid: str) -> str:
        return share_of(nodeid)


def share_of(nodeid: str) -> str:
    """The tests that go to one process together have the same."""
    return nodeid if nodeid.startswith(ONE_BY_ONE) else nodeid.partition("::")[0]


def rank_of(nodeid: str) -> int:
    """The smaller, the sooner; single tests are last, so that they fill what is left over."""
    last = len(LONGEST) + nodeid.startswith(ONE_BY_ONE)
    return next((rank for rank, part in enumerate(LONGEST) if part in nodeid), last)
