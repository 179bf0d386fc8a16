"""Residents and others of the demonstration year: light accounts, classes open to their groups, and
what they attended.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password

from academy.models import LearnerGroup, User, Village
from courses.models import ClassStatus, TrainingClass
from courses.schedule.conditions import set_conditions
from trainees.booking import enrolling
from trainees.errors import BookingError
from trainees.models import Trainee
from trainees.people import light_accounts

HOME_VILLAGE = "310113102012"
# Who joined: phone, name, group, how many days ago. Numbers of the sample range that no other
# sample file uses.
LIGHT_LOGIN = ("19900009011", "金玉兰", "志愿者", 150)
PEOPLE = (
    LIGHT_LOGIN,
    ("19900007001", "示例方永明", "业委会成员", 320),
    ("19900007002", "示例丁美玲", "业委会成员", 290),
    ("19900007003", "示例石卫东", "业委会成员", 60),
    ("19900007004", "示例汪晨", "新就业群体", 240),
    ("19900007005", "示例夏磊", "新就业群体", 35),
    ("19900007006", "示例范雅琴", "志愿者", 300),
    ("19900007007", "示例廖红梅", "志愿者", 80),
    ("19900007008", "示例邹爱民", "居民", 20),
)
# The catalogue names some groups among the people a class is for: such a class is open to light
# accounts of the group.
GROUP_OF_AUDIENCE = {
    "业委会成员": "业委会成员",
    "新就业群体": "新就业群体",
    "志愿者/社区达人": "志愿者",
}
BOOKABLE_FOR_GROUPS = 3


def open_classes(now: datetime) -> None:
    """Classes for a group are open to it; so that there are always some to book, the next others
    are open to all groups.
    """
    groups = {
        name: LearnerGroup.objects.get_or_create(name=name)[0]
        for _phone, _name, name, _days in PEOPLE
    }
    for audience, name in GROUP_OF_AUDIENCE.items():
        for training_class in TrainingClass.objects.filter(audiences__name=audience):
            groups_now = [*training_class.open_to_groups.all(), groups[name]]
            set_conditions(training_class, open_to_groups=groups_now)
    coming = TrainingClass.objects.filter(
        status=ClassStatus.OPEN,
        starts_at__gt=now,
        booking_opens_at__lte=now,
        booking_closes_at__gt=now + timedelta(days=1),
    ).order_by("starts_at", "code")
    lacking = BOOKABLE_FOR_GROUPS - coming.filter(open_to_groups=groups[LIGHT_LOGIN[2]]).count()
    for training_class in list(coming.exclude(open_to_groups=groups[LIGHT_LOGIN[2]]))[
        : max(lacking, 0)
    ]:
        set_conditions(training_class, open_to_groups=groups.values())


def join_people(
    now: datetime, password: str, who: Sequence[tuple[str, str, str, int]] = PEOPLE
) -> list[Trainee]:
    """The people with their accounts; one of them can log in with the password of the others,
    besides the code.
    """
    villages = [
        Village.objects.get(code=HOME_VILLAGE),
        *Village.objects.exclude(code=HOME_VILLAGE).order_by("code")[10 : 10 * len(who) : 10],
    ]
    people = []
    for (phone, name, group_name, days), village in zip(who, villages, strict=True):
        group, _created = LearnerGroup.objects.get_or_create(name=group_name)
        people.append(
            light_accounts.join(
                phone=phone, name=name, village=village, group=group, now=now - timedelta(days=days)
            )
        )
    User.objects.filter(phone__in=[phone for phone, *_rest in who]).update(
        is_sample=True, last_login=now - timedelta(days=9)
    )
    User.objects.filter(phone=LIGHT_LOGIN[0]).update(password=make_password(password))
    return people


def book_past(people: Iterable[Trainee], now: datetime) -> None:
    """Places in the classes that have begun, taken while their booking was open; marks and hours
    come with those of all others.
    """
    for person in people:
        joined_at = person.user.date_joined
        for training_class in TrainingClass.objects.filter(
            open_to_groups=person.learner_group, starts_at__gt=joined_at, starts_at__lte=now
        ).order_by("starts_at"):
            at = max(training_class.booking_opens_at, joined_at) + timedelta(hours=2)
            if at >= training_class.booking_closes_at:
                continue
            try:
                enrolling.book(
                    trainee=person, training_class=training_class, by=person.user, now=at
                )
            except BookingError:
                continue
