"""What the people of ended classes say, what is mended because of it, and what they use later."""

import random
from datetime import datetime, timedelta

from django.utils import timezone

from academy.errors import PortalError
from academy.models import User
from courses.models import ClassStatus, TrainingClass
from trainees.evaluation import follow_ups
from trainees.evaluation.box import answer
from trainees.evaluation.follow_ups import Asked, say_use
from trainees.evaluation.improvements import mend, say_done
from trainees.evaluation.windows import attendees_of, destroy_leftovers, open_due
from trainees.models import FOLLOW_UP_DAYS, Aspect, Trainee, Use

USEFUL = (
    "案例都是身边的小区，回去就能照着谈。",
    "分组演练最有用，换位子坐一回业主才知道难在哪。",
    "那张流程图，贴在办公室里了。",
    "老师现场改我们写的告知书。",
)
IMPROVE = (
    "时间再长一点，提问没排上。",
    "希望多讲农村地区的情况。",
    "材料最好前一天发。",
    "下午场困，可以多动手。",
)
NOTES = ("用在3号楼的补偿方案里，签了八户。", "物业换了人，还没机会坐下来谈。", "")


def say_how_it_was(
    chance: random.Random, now: datetime, *, coordinator: User, office: User, cadre: Trainee
) -> None:
    """Everybody answers in the days after the class, but for some; the cadre who logs in has not
    answered for the newest and not said whether the older ones are used.
    """
    ended = TrainingClass.objects.filter(
        ends_at__lt=now, status__in=(ClassStatus.RUNNING, ClassStatus.CLOSED)
    )
    classes = list(ended.order_by("ends_at", "code"))
    for item in classes:
        open_due(item.ends_at + timedelta(minutes=5))
        people = [
            booking.trainee
            for booking in attendees_of(item).select_related("trainee__user").order_by("pk")
            if booking.trainee_id != cadre.pk
        ]
        at = min(item.ends_at + timedelta(hours=3), now)
        for trainee in chance.sample(people, len(people) * 4 // 5):
            _answer(chance, item, trainee, at)
        for days in FOLLOW_UP_DAYS:
            asked = Asked(item, days)
            if asked.opens_at < now:
                for trainee in people[: len(people) * 2 // 3]:
                    _say_use(chance, asked, trainee)
        destroy_leftovers(now)
    _improvements(now, classes, coordinator, office)


def _answer(chance: random.Random, item: TrainingClass, trainee: Trainee, at: datetime) -> None:
    grades = {aspect: chance.choices((5, 4, 3, 2), (5, 4, 2, 1))[0] for aspect in Aspect.values}
    try:
        answer(
            training_class=item,
            trainee=trainee,
            grades=grades,
            useful=chance.choice((*USEFUL, "", "")),
            improve=chance.choice((*IMPROVE, "", "", "")),
            now=at,
        )
    except PortalError:
        return


def _say_use(chance: random.Random, asked: Asked, trainee: Trainee) -> None:
    try:
        say_use(
            asked=asked,
            trainee=trainee,
            use=chance.choices(Use.values, (4, 3, 2, 1))[0],
            text=chance.choices(NOTES, (1, 1, 6))[0],
            now=asked.opens_at + timedelta(days=1),
        )
    except follow_ups.EvaluationError:
        return


def _improvements(
    now: datetime, classes: list[TrainingClass], coordinator: User, office: User
) -> None:
    """One done, one that waits for the coordinator."""
    at_the_college = [item for item in classes if item.campus.code == "C00"]
    today = timezone.localdate(now)
    if not at_the_college:
        return
    done = mend(
        training_class=at_the_college[0],
        finding="多人写“材料最好前一天发”。",
        action="开班前两天把讲义放到班次页面",
        responsible=coordinator,
        due_on=today - timedelta(days=20),
        by=office,
        now=now - timedelta(days=40),
    )
    say_done(
        improvement=done,
        outcome="已在开班流程里加上一步，最近三个班都提前发了。",
        by=coordinator,
        now=now - timedelta(days=25),
    )
    mend(
        training_class=at_the_college[-1],
        finding="提问时间不够。",
        action="每课最后留15分钟提问",
        responsible=coordinator,
        due_on=today + timedelta(days=5),
        by=office,
        now=now - timedelta(days=2),
    )
