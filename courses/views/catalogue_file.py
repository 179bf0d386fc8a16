"""The catalogue as a workbook."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from academy.access import departments_of, is_office, require
from academy.web.downloads import download

from ..catalogue.rows import whole_courses
from ..catalogue_file import export_courses as workbook_of


@require_GET
def export_courses(request: HttpRequest) -> HttpResponse:
    """The courses a person works on, as a file that can be imported again."""
    require(
        request.user,
        "courses.add_course",
        who=_(
            "Departments write their own courses; the academy office changes and publishes all of"
            " them."
        ),
    )
    courses = whole_courses()
    if not is_office(request.user):
        courses = courses.filter(department__in=departments_of(request.user))
    return download(workbook_of(courses), f"课程目录-{timezone.localdate().isoformat()}.xlsx")
