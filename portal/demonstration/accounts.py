"""The accounts to log in with, and the invented people."""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from academy.models import (
    Campus,
    Department,
    Position,
    Role,
    RoleGrant,
    Town,
    User,
    Village,
    VillageKind,
)
from courses.models import Expert
from trainees.models import Posting, Trainee
from trainees.people.stroke_order import stroke_key

from .groups import LIGHT_LOGIN

PASSWORD = "baoshan-demo-2027"  # noqa: S105  (sample people only; refused with DEBUG off)
PEOPLE = 420  # trainees besides the ones who can log in
FIRST_TRAINEE_PHONE = 19900004000
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘蔡蒋余"
    "杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆汪范石廖贾夏韦付方邹熊孟秦白江阎薛尹"
)
GIVEN = [
    "建国",
    "志强",
    "建华",
    "文军",
    "晓峰",
    "永明",
    "国平",
    "海燕",
    "丽萍",
    "慧芳",
    "玉兰",
    "秀英",
    "敏华",
    "佳怡",
    "雯婷",
    "思远",
    "俊杰",
    "浩然",
    "子轩",
    "静",
    "芳",
    "磊",
    "敏",
    "洁",
    "婷",
    "伟",
    "斌",
    "莉",
    "颖",
    "琴",
    "春燕",
    "红梅",
    "雪琴",
    "卫东",
    "立新",
    "爱民",
    "学文",
    "宏伟",
    "晨",
    "昕",
    "悦",
    "嘉琪",
    "梦洁",
    "雅琴",
    "美玲",
    "凤英",
    "金花",
    "彩云",
    "志明",
    "振华",
]


@dataclass(frozen=True)
class Login:
    """One demonstration account: who, and which grant or profile it holds."""

    phone: str
    name: str
    label: str
    role: str = ""
    town: str = ""
    village: str = ""
    campus: str = ""
    department: str = ""
    position: str = ""
    expert: str = ""  # whose page among the experts is theirs
    group: str = ""  # of a light account; `demo_groups` makes it


# 大场镇 and one of its villages
HOME_TOWN, HOME_VILLAGE = "310113102", "310113102012"
LOGINS = (
    Login(
        "19900009001",
        "周敏华",
        "village cadre 居村干部",
        village=HOME_VILLAGE,
        position="居民区书记",
    ),
    Login(
        "19900009002",
        "陆晓峰",
        "colleague of the same village 同村干部",
        village=HOME_VILLAGE,
        position="社区工作者",
    ),
    Login(
        "19900009003",
        "沈丽萍",
        "village coordinator 居村联络员",
        Role.VILLAGE_COORDINATOR,
        village=HOME_VILLAGE,
        position="条线委员",
    ),
    Login(
        "19900009004",
        "顾建华",
        "branch coordinator 总校教务",
        Role.BRANCH_COORDINATOR,
        campus="C00",
    ),
    Login("19900009005", "钱慧芳", "town staff 大场镇", Role.TOWN_STAFF, town=HOME_TOWN),
    Login(
        "19900009006",
        "孙立新",
        "department staff 区房管局",
        Role.DEPARTMENT_STAFF,
        department="D08",
    ),
    Login("19900009007", "徐静", "district staff 区级", Role.DISTRICT_STAFF),
    Login("19900009008", "何伟", "administrator 管理员", Role.ADMINISTRATOR),
    Login("19900009009", "严敏", "auditor 审计员", Role.AUDITOR),
    Login(LIGHT_LOGIN[0], LIGHT_LOGIN[1], "light account 居民账号（志愿者）", group=LIGHT_LOGIN[2]),
    Login(
        "19900009013",
        "卫国强",
        "host department of the secondee 挂职接收部门（区农业农村委）",
        Role.DEPARTMENT_STAFF,
        department="D16",
    ),
    Login(
        "19900009010",
        "方春燕",
        "village cadre elsewhere 罗店镇居村干部",
        village="310113101001",
        position="居委主任",
    ),
    Login("19900009012", "翁丽娣", "expert 师资（社区规划师）", expert="ZJ-001"),
)


def make_people(chance: random.Random) -> list[Trainee]:
    """Trainees of all posts and towns; every name is invented."""
    neighbourhoods = list(Village.objects.filter(kind=VillageKind.NEIGHBOURHOOD).order_by("code"))
    villages = list(Village.objects.filter(kind=VillageKind.VILLAGE).order_by("code"))
    positions = list(Position.objects.order_by("sort_order", "pk"))
    rural = [position for position in positions if position.name.startswith("村")]
    urban = [position for position in positions if position not in rural]
    unusable = User(phone="0", name="").password or "!"
    users, trainees, taken = [], [], set()
    for number in range(PEOPLE):
        name = _new_name(chance, taken)
        users.append(
            User(
                phone=str(FIRST_TRAINEE_PHONE + number),
                name=name,
                password=unusable,
                is_sample=True,
            )
        )
        if number % 8 == 0 and rural:
            place, position = chance.choice(villages), rural[(number // 8) % len(rural)]
        else:
            place, position = chance.choice(neighbourhoods), urban[number % len(urban)]
        trainees.append(Trainee(village=place, position=position, stroke_key=stroke_key(name)))
    for user in users:
        user.set_unusable_password()
    User.objects.bulk_create(users)
    for trainee, user in zip(
        trainees,
        User.objects.filter(phone__in=[user.phone for user in users]).order_by("phone"),
        strict=True,
    ):
        trainee.user = user
    Trainee.objects.bulk_create(trainees)
    trainees = list(
        Trainee.objects.filter(user__phone__gte=str(FIRST_TRAINEE_PHONE))
        .select_related("user", "village", "position")
        .order_by("user__phone")
    )
    Posting.objects.bulk_create(
        Posting(
            trainee=trainee,
            village=trainee.village,
            position=trainee.position,
            valid_from=date(2024, 1, 1),
        )
        for trainee in trainees
    )
    return trainees


def _new_name(chance: random.Random, taken: set[str]) -> str:
    while True:
        name = chance.choice(SURNAMES) + chance.choice(GIVEN)
        if name not in taken:
            taken.add(name)
            return name


def let_the_town_name_its_coordinator(logins: dict[str, User], now: datetime) -> None:
    """So that one role has somebody who gave it, and a last day."""
    RoleGrant.objects.filter(user=logins["19900009003"]).update(
        granted_by=logins["19900009005"],
        granted_at=now,
        valid_to=timezone.localdate(now) + timedelta(days=200),
    )


def log_in_for(login: Login, password: str) -> User:
    """The account with its role or profile; the password comes hashed, for each hash takes a third
    of a second.
    """
    user = User.objects.create(
        phone=login.phone,
        name=login.name,
        password=password,
        is_sample=True,
        is_staff=login.role == Role.ADMINISTRATOR,
    )
    if login.role:
        RoleGrant.objects.create(
            user=user,
            role=login.role,
            valid_from=date(2026, 1, 1),
            town=Town.objects.get(code=login.town) if login.town else None,
            village=Village.objects.get(code=login.village) if login.village else None,
            campus=Campus.objects.get(code=login.campus) if login.campus else None,
            department=Department.objects.get(code=login.department) if login.department else None,
        )
    if login.expert:
        Expert.objects.filter(code=login.expert).update(user=user)
    if login.position:
        trainee = Trainee.objects.create(
            user=user,
            village=Village.objects.get(code=login.village),
            position=Position.objects.get(name=login.position),
            stroke_key=stroke_key(login.name),
        )
        Posting.objects.create(
            trainee=trainee,
            village=trainee.village,
            position=trainee.position,
            valid_from=date(2024, 1, 1),
        )
    return user


def let_in(user: User) -> None:
    """Somebody of the demonstration may log in."""
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
