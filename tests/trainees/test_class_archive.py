"""One file per class. Source: docs/rules.md R80."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from academy.uploads.kinds import examine
from trainees.classes.materials import add_material, take_away
from trainees.record.attendance import mark_rest

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(bookable, seated, cadre, branch_coordinator, campus):
    training_class = bookable(days=-1, campus=campus, title="示例/班")
    seated(cadre, training_class)
    lesson = training_class.lessons.get()
    mark_rest(lesson=lesson, status="present", by=branch_coordinator, now=lesson.ends_at)
    for name, content in (("讲义.pdf", b"%PDF-1.7 x" * 30_000), ("旧讲义.pdf", b"%PDF-1.7 y")):
        material = add_material(
            lesson=lesson,
            title=name,
            file=examine(SimpleUploadedFile(name, content)),
            by=branch_coordinator,
            now=timezone.now(),
        )
    take_away(material=material, now=timezone.now())
    return training_class


def unpacked(response) -> zipfile.ZipFile:
    assert response.streaming
    pieces = list(response.streaming_content)
    assert len(pieces) > 5  # it comes piece by piece
    return zipfile.ZipFile(io.BytesIO(b"".join(pieces)))


def words_of(packed: zipfile.ZipFile, name: str) -> str:
    sheet = load_workbook(io.BytesIO(packed.read(name))).active
    return " ".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell)


def test_the_file_holds_every_part_of_the_class(client, held, cadre, branch_coordinator):
    client.force_login(branch_coordinator)

    response = client.get(reverse("trainees:class_archive", args=[held.code]))

    packed = unpacked(response)
    assert packed.testzip() is None
    names = packed.namelist()
    day = timezone.localdate(held.starts_at).isoformat()
    assert names == [
        "1 培训通知.txt",
        "2 学员名单.xlsx",
        "3 签到考勤.xlsx",
        "4 课程表.xlsx",
        "5 材料清单.xlsx",
        f"培训材料/01-{day}-讲义.pdf",
    ]
    notice = packed.read(names[0]).decode("utf-8-sig")
    assert held.title in notice and held.lessons.get().title in notice
    assert cadre.name in words_of(packed, names[1])
    assert cadre.user.phone not in words_of(packed, names[1])  # masked, as everywhere
    assert "到课" in words_of(packed, names[2])
    assert held.lessons.get().title in words_of(packed, names[3])
    assert "讲义" in words_of(packed, names[4]) and "旧讲义" not in words_of(packed, names[4])
    assert len(packed.read(names[5])) == 300_000


def test_a_material_that_is_gone_from_the_disk_does_not_stop_it(client, held, branch_coordinator):
    material = held.lessons.get().materials.get(removed_at__isnull=True)
    material.file.storage.delete(material.file.name)
    client.force_login(branch_coordinator)

    packed = unpacked(client.get(reverse("trainees:class_archive", args=[held.code])))

    assert len(packed.namelist()) == 5
    assert "否" in words_of(packed, "5 材料清单.xlsx")


def test_whoever_does_not_run_the_class_does_not_get_it(client, held, cadre):
    client.force_login(cadre.user)

    assert client.get(reverse("trainees:class_archive", args=[held.code])).status_code == 403
