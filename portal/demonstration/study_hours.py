"""Study hours of the demonstration: rules for lessons on the net, and training elsewhere."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from academy.models import User
from academy.uploads.kinds import examine
from courses.models import HourConversion, TeachingFormat
from trainees.models import HourKind, Trainee
from trainees.record.claims import approve, ask_for_hours, send_back

ON_THE_NET = "F11"  # 在线微课
STEPS = ((0, "0.25", "在线不足15分钟"), (15, "0.5", "在线15分钟起"), (30, "1", "在线30分钟起"))
TAUGHT = ("垃圾分类进楼道：志愿者骨干培训", "示例社会组织", 20, "2")  # by the cadre
CLAIMED = (
    ("社区工作者能力提升专题班", "示例党校", 40, "8"),
    ("垃圾分类志愿服务讲座", "示例街道", 25, "2"),
    ("心理服务入门培训", "示例社会组织", 12, "4"),
)


def keep_study_hours(now: datetime, *, cadre: Trainee, office: User) -> None:
    """Rules for lessons on the net; of three claims one is counted, one came back, one waits.
    Teaching elsewhere is counted as well.
    """
    on_the_net = TeachingFormat.objects.filter(code=ON_THE_NET).first()
    for start, hours, name in STEPS if on_the_net else ():
        HourConversion.objects.create(
            name=name,
            teaching_format=on_the_net,
            from_minutes=start,
            hours=Decimal(hours),
            legal_basis="示例：参照干部网络学院的折算办法",
            valid_from=date(2019, 1, 1),
        )
    evidence = SimpleUploadedFile("示例证明.pdf", b"%PDF-1.4 \xe7\xa4\xba\xe4\xbe\x8b")
    claims = []
    kinds = [(HourKind.CLAIM, row) for row in CLAIMED] + [(HourKind.TEACHING, TAUGHT)]
    for kind, (title, organiser, days, hours) in kinds:
        day = timezone.localdate(now) - timedelta(days=days)
        claims.append(
            ask_for_hours(
                trainee=cadre,
                kind=kind,
                title=title,
                organiser=organiser,
                starts_on=day,
                ends_on=day,
                hours=Decimal(hours),
                file=examine(evidence),
                by=cadre.user,
                now=now - timedelta(days=days - 3),
            )
        )
    counted, came_back, _waits, taught = claims
    approve(claim=counted, by=office, now=now - timedelta(days=30))
    approve(claim=taught, by=office, now=now - timedelta(days=15))
    send_back(claim=came_back, answer="请补一张签到表或结业证明的照片。", by=office, now=now)
