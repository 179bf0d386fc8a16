"""The office side of people, bookings and dispatch."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.places import Place, Section

PLACES = [
    Place(
        "trainees:teaching",
        pgettext_lazy("navigation", "My lessons as an expert"),
        "trainees.teach",
        Section.DESK,
        2,
        names="授课 我的授课 课表 空闲时间",
        icon="easel",
        tab_words=pgettext_lazy("tab", "Teaching"),
        without_role=True,
    ),
    Place(
        "trainees:book_colleagues",
        pgettext_lazy("navigation", "Book for colleagues"),
        "trainees.book_for_own_people",
        Section.CLASSES,
        25,
        names="替同事报名 代报名",
        covers=("trainees:colleagues",),
        icon="person-plus",
    ),
    Place(
        "trainees:lessons",
        pgettext_lazy("navigation", "My lessons"),
        "courses.view_schedule",
        Section.CLASSES,
        10,
        names="我的课 课次 点名 补点名",
        covers=("trainees:attendance", "trainees:wall"),
    ),
    Place(
        "trainees:dispatch",
        pgettext_lazy("navigation", "Dispatch"),
        "trainees.nominate",
        Section.CLASSES,
        40,
        names="调训 调训名单",
        covers=("trainees:nominations", "trainees:nomination_replace", "trainees:load"),
    ),
    Place(
        "trainees:load",
        _("Who is called how often"),
        "trainees.see_load",
        names="调训次数 调训负荷 培训负担",
    ),
    Place(
        "trainees:approvals",
        pgettext_lazy("navigation", "Approvals"),
        "trainees.see_approvals",
        Section.CLASSES,
        50,
        names="报名审批 审批 审核",
        covers=("trainees:deputies",),
    ),
    Place(
        "trainees:deputies",
        _("Who stands in for me"),
        "trainees.name_deputies",
        names="代理人 代办 委托审批",
    ),
    Place(
        "trainees:requests",
        pgettext_lazy("navigation", "Requests"),
        "trainees.see_requests",
        Section.CLASSES,
        60,
        names="免训 申诉 过期退班 申请",
    ),
    Place(
        "trainees:certificates",
        pgettext_lazy("navigation", "Certificates"),
        "trainees.see_certificates",
        Section.CLASSES,
        70,
        names="证书 结业证书 学时证书 发证 补发",
        covers=(
            "trainees:year_certificates",
            "trainees:revoke_certificate",
        ),
        icon="award",
    ),
    Place(
        "trainees:hour_claims",
        _("Claims of study hours"),
        "trainees.decide_claims",
        names="校外培训 学时申报 学时认定",
        covers=("trainees:hour_claim",),
    ),
    Place(
        "trainees:people",
        pgettext_lazy("navigation", "People"),
        "trainees.see_people",
        Section.OFFICE,
        10,
        names="人员 花名册 学员 名册",
        covers=("trainees:rosters", "trainees:groups", "trainees:load"),
    ),
    Place(
        "trainees:rosters",
        _("Rosters"),
        "trainees.import_rosters",
        names="花名册导入 上传名册",
    ),
    Place(
        "trainees:groups",
        _("Residents and other groups in figures"),
        "trainees.see_groups",
        names="居民统计 群体统计",
    ),
]
