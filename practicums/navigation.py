"""The office side of secondments and cases."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from academy.places import Place, Section

PLACES = [
    Place(
        "practicums:manage_cases",
        pgettext_lazy("navigation", "Cases"),
        "practicums.change_practicecase",
        Section.COURSES,
        50,
        names="写案例 案例审核",
    ),
    Place(
        "practicums:board",
        pgettext_lazy("navigation", "Secondments"),
        "practicums.see_board",
        Section.PLANS,
        20,
        names="挂职 七个一 鉴定 带教",
        icon="person-workspace",
    ),
    Place(
        "practicums:mentoring",
        pgettext_lazy("navigation", "The people I mentor"),
        "practicums.mentor",
        Section.DESK,
        1,
        names="带教 我带的学员 签字 挂职",
        covers=("practicums:board",),
        icon="person-workspace",
        tab_words=pgettext_lazy("tab", "Mentoring"),
        without_role=True,
    ),
    Place(
        "practicums:case_create",
        _("Write a case"),
        "practicums.change_practicecase",
        names="新案例",
    ),
]
