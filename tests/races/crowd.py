"""Many people at once, made in a few statements."""

from academy.models import User
from tests.factories import PositionFactory, VillageFactory
from trainees.models import Trainee


def crowd(count: int) -> list[Trainee]:
    """So many trainees of one village and post."""
    village, position = VillageFactory(), PositionFactory()
    users = User.objects.bulk_create(User(phone=f"1990{number:07}", name=f"示例{number}", is_sample=True, password="!") for number in range(count))
    return Trainee.objects.bulk_create(Trainee(user=user, village=village, position=position) for user in users)
