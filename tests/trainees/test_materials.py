"""Materials of a lesson: kept by whoever runs the class, read by those who have a seat."""

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from trainees.models import LessonMaterial

from ..factories import TraineeFactory, UserFactory, class_with
from ..practicums.factories import PDF, office_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(bookable, seated, campus):
    """A class of one seat at the coordinator's campus: one has it, one waits."""
    training_class = bookable(seats=1, campus=campus)
    return training_class, [seated(TraineeFactory(), training_class) for _number in range(2)]


@pytest.fixture
def coordinator(client, branch_coordinator):
    client.force_login(branch_coordinator)
    return client


def address(training_class):
    return reverse("trainees:class_materials", args=[training_class.code])


def typed(training_class, content=PDF, name="讲义.pdf", **changes):
    return {
        "lesson": training_class.lessons.first().pk,
        "title": "讲义",
        "file": SimpleUploadedFile(name, content),
    } | changes


def status_for(client, user, material):
    client.force_login(user)
    response = client.get(material.get_absolute_url())
    return response.status_code, b"".join(response.streaming_content) if response.streaming else b""


def test_those_with_a_seat_find_it_and_nobody_else(coordinator, held, branch_coordinator):
    training_class, (seated, waiting) = held
    for _click in range(2):
        coordinator.post(address(training_class), typed(training_class))
    material = LessonMaterial.objects.get()

    assert default_storage.listdir("materials")[1] == [material.file.name.split("/")[1]]
    for user in (seated.trainee.user, branch_coordinator):
        assert status_for(coordinator, user, material) == (200, PDF)
        page = coordinator.get(training_class.get_absolute_url())
        assert material.get_absolute_url() in page.text
    for user in (waiting.trainee.user, UserFactory()):
        assert status_for(coordinator, user, material)[0] == 404
        page = coordinator.get(training_class.get_absolute_url())
        assert str(material.key) not in page.text


def test_it_is_saved_and_never_shown_inside_the_portal(coordinator, held):
    coordinator.post(address(held[0]), typed(held[0], name="../../etc/<b>讲义.pdf", title=""))
    material = LessonMaterial.objects.get()
    response = coordinator.get(material.get_absolute_url())

    assert (material.original_name, material.title) == ("<b>讲义.pdf", "<b>讲义")
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]
    assert b"".join(response.streaming_content) == PDF
    assert "<b>讲义" not in coordinator.get(address(held[0])).text


def test_taking_away_and_putting_back(coordinator, held):
    training_class, (seated, _waiting) = held
    coordinator.post(address(training_class), typed(training_class))
    material = LessonMaterial.objects.get()
    change = reverse("trainees:change_material", args=[material.key])

    coordinator.post(change, {"action": "away"})
    assert status_for(coordinator, seated.trainee.user, material)[0] == 404
    coordinator.force_login(training_class.lessons.first().training_class and material.added_by)
    coordinator.post(change, {"action": "back"})
    assert status_for(coordinator, seated.trainee.user, material)[0] == 200
    # whoever does not run the class changes nothing
    assert coordinator.post(change, {"action": "away"}).status_code == 403


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"MZ\x90\x00 a program", "讲义.pdf"),
        (b"<script>alert(1)</script>", "讲义.png"),
        (b"", "空.pdf"),
        (office_file("word/document.xml", "word/vbaProject.bin"), "宏.docx"),
    ],
)
def test_what_is_no_material_is_refused_in_words(coordinator, held, content, name):
    response = coordinator.post(address(held[0]), typed(held[0], content, name))

    assert response.status_code == 200
    assert response.context["form"].errors["file"]
    assert not LessonMaterial.objects.exists()


def test_slides_are_taken(coordinator, held):
    slides = office_file("ppt/presentation.xml")
    coordinator.post(address(held[0]), typed(held[0], slides, "课件.ppt"))

    assert LessonMaterial.objects.get().original_name == "课件.pptx"


def test_the_lesson_of_another_class_is_no_choice(coordinator, held):
    other = class_with(seats=3)
    response = coordinator.post(address(held[0]), typed(held[0], lesson=other.lessons.first().pk))

    assert response.context["form"].errors["lesson"]
    assert not LessonMaterial.objects.exists()
