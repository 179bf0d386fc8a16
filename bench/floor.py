"""The floor: one SELECT of 100 rows through one Django template, booking as its two bare
statements, and a workbook as its cells.
"""

import io
from collections.abc import Iterable
from decimal import Decimal
from uuid import uuid4

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from xlsxwriter import Workbook

from courses.models import Course, SeatPool
from trainees.models import (
    Attendance,
    AttendanceChange,
    Enrolment,
    EnrolmentStatus,
    Trainee,
)


@login_not_required
def rows(request: HttpRequest) -> HttpResponse:
    return render(request, "floor/rows.html", {"rows": Course.objects.all()[:100]})


@csrf_exempt
@login_not_required
def book(request: HttpRequest, pool: int, trainee: int) -> HttpResponse:
    """Take a seat by a conditional UPDATE and write the enrolment; no rule, no queue."""
    with transaction.atomic():
        taken = SeatPool.objects.filter(pk=pool, seats_taken__lt=F("seats")).update(
            seats_taken=F("seats_taken") + 1
        )
        if not taken:
            return HttpResponse("full", status=409)
        person = Trainee(pk=trainee)
        Enrolment.objects.bulk_create(
            [
                Enrolment(
                    trainee=person,
                    training_class_id=int(request.GET["class"]),
                    pool_id=pool,
                    status=EnrolmentStatus.BOOKED,
                    village_id=int(request.GET["village"]),
                    position_id=int(request.GET["position"]),
                    queued_at=timezone.now(),
                    booked_by_id=int(request.GET["user"]),
                )
            ]
        )
    return HttpResponse("ok")


@csrf_exempt
@login_not_required
def check_in(request: HttpRequest, lesson: int, enrolment: int, user: int) -> HttpResponse:
    """Write a mark and its history; no rule, nobody logged in."""
    now = timezone.now()
    of_both = {"lesson_id": lesson, "enrolment_id": enrolment}
    with transaction.atomic():
        Attendance.objects.bulk_create(
            [Attendance(status="present", marked_by_id=user, marked_at=now, **of_both)]
        )
        AttendanceChange.objects.bulk_create(
            [AttendanceChange(new_status="present", batch=uuid4(), by_id=user, at=now, **of_both)]
        )
    return HttpResponse("ok")


def write_rows(rows: Iterable[list]) -> bytes:
    """The cells and nothing else: no database, no widths, no formats."""
    stream = io.BytesIO()
    with Workbook(stream, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, (int, Decimal)):
                    sheet.write_number(number, column, value)
                else:
                    sheet.write_string(number, column, value)
    return stream.getvalue()
