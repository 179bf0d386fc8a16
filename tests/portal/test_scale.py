"""Many times the demonstration's data keeps the rules, and says what it added."""

import json

import pytest
from django.core.management import CommandError, call_command

from courses.models import TrainingClass
from trainees.models import Attendance, Enrolment, HourEntry, Trainee

from ..factories import NOW, CourseVersionFactory, TraineeFactory, VenueFactory

pytestmark = pytest.mark.django_db


def test_make_scale_adds_what_it_says_and_keeps_the_rules(capsys, settings, time_machine):
    settings.DEBUG = True
    time_machine.move_to(NOW, tick=False)
    TraineeFactory(), VenueFactory(), CourseVersionFactory()
    tables = (Trainee, TrainingClass, Enrolment, Attendance, HourEntry)
    before = [table.objects.count() for table in tables]

    call_command("make_scale", trainees=200, json=True)

    report = json.loads(capsys.readouterr().out)
    added = [table.objects.count() - was for table, was in zip(tables, before, strict=True)]
    assert list(report.values()) == [*added[:2], report["lessons"], *added[2:]]
    assert report["people"] == 200
    assert report["classes"] == 40
    assert set(TrainingClass.objects.values_list("status", flat=True)) == {"open", "closed"}
    call_command("audit_invariants")
    with pytest.raises(CommandError, match="已经"):
        call_command("make_scale", trainees=1)
