"""How an app declares who may open its addresses: `access_table.py` in the tests of the app holds
`build(world)` and `ACCESS`.

`build(world)` adds the app's own and foreign objects to the world as attributes. A row names an
address, how to fill it in, and what each actor gets: a status code, or "login" for being sent to
the log-in page. Every actor stands in exactly one place of `expect`; `OTHERS` stands for those not
named. An address with objects has a row for the own and one for a foreign scope.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace

ACTORS = (
    "visitor",
    "trainee",
    "village_coordinator",
    "branch_coordinator",
    "town_staff",
    "department_staff",
    "district_staff",
    "administrator",
    "auditor",
)
OTHERS = "others"

# world.town, .village, .campus, .department, .cadre (trainee), .outsider, .cast[actor] → user or
# None
World = SimpleNamespace


@dataclass(frozen=True)
class Row:
    name: str  # URL name with namespace
    expect: dict[int | str, str]  # outcome → actors, separated by spaces
    args: Callable[[World], list] = field(default=lambda world: [])
    method: str = "get"
    data: Callable[[World], dict] = field(default=lambda world: {})
    note: str = ""  # "own" or "foreign", or what else tells two rows of one name apart

    def outcomes(self) -> dict[str, int | str]:
        """Actor → outcome; raises ValueError when an actor is missing or named twice."""
        result: dict[str, int | str] = {}
        rest = None
        for outcome, actors in self.expect.items():
            for actor in actors.split():
                if actor == OTHERS:
                    rest = outcome
                elif actor in result or actor not in ACTORS:
                    raise ValueError(f"{self.name}: {actor} is unknown or named twice")
                else:
                    result[actor] = outcome
        for actor in ACTORS:
            if actor not in result:
                if rest is None:
                    raise ValueError(f"{self.name}: {actor} is missing")
                result[actor] = rest
        return result
