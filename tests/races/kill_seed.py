"""Run by test_reminders_survive_kills.py on the database of its workers: `python -m tests.races.kill_seed COUNT`.

A class that meets in three hours, with COUNT people in it: the reminder of it is due for each of them, whatever the time of day.
"""

import sys
from datetime import timedelta

import django

django.setup()

from django.utils import timezone  # noqa: E402

from academy.models import User  # noqa: E402
from tests.factories import PositionFactory, VillageFactory, class_with  # noqa: E402
from trainees.models import Enrolment, EnrolmentStatus, Trainee  # noqa: E402


def seed(count: int) -> None:
    now = timezone.now()
    training_class = class_with(seats=count, starts_at=now + timedelta(hours=3), booking_opens_at=now - timedelta(days=9), booking_closes_at=now)
    pool, village, position = training_class.pools.get(), VillageFactory(), PositionFactory()
    users = User.objects.bulk_create(User(phone=f"1990{number:07}", name=f"示例{number}", is_sample=True, password="!") for number in range(count))
    trainees = Trainee.objects.bulk_create(Trainee(user=user, village=village, position=position) for user in users)
    Enrolment.objects.bulk_create(
        Enrolment(
            trainee=trainee, training_class=training_class, pool=pool, status=EnrolmentStatus.BOOKED,
            village=village, position=position, queued_at=now, booked_by=trainee.user,
        )
        for trainee in trainees
    )  # fmt: skip
    training_class.pools.update(seats_taken=count)


if __name__ == "__main__":
    seed(int(sys.argv[1]))
