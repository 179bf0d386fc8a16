"""Many people at once, made in a few statements."""

from collections.abc import Sequence

from academy.models import Position, User, Village
from tests.factories import PositionFactory, VillageFactory
from trainees.models import Trainee


def crowd(
    count: int, *, villages: Sequence[Village] = (), position: Position | None = None
) -> list[Trainee]:
    """So many trainees of one post, and of one village unless some are named."""
    villages, position = villages or [VillageFactory()], position or PositionFactory()
    users = User.objects.bulk_create(
        User(phone=f"1999{number:07}", name=f"示例{number}", is_sample=True, password="!")
        for number in range(count)
    )
    return Trainee.objects.bulk_create(
        Trainee(user=user, village=villages[number % len(villages)], position=position)
        for number, user in enumerate(users)
    )
