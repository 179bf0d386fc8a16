"""What is changed at /admin/ is found and shown as it is now."""

import pytest

from academy.search import index
from courses.models import Expert

from ..factories import CourseVersionFactory, ExpertFactory, ServiceItemFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client, district_staff):
    district_staff.is_staff = district_staff.is_superuser = True
    district_staff.save()
    client.force_login(district_staff)
    return client


def save(office, row, **changes) -> None:
    """The form of a row as it stands, with changes; a box that is not ticked is not sent."""
    address = f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/"
    form = office.get(address).context["adminform"].form
    sent = {name: form[name].value() for name in form.fields} | changes
    answer = office.post(
        address,
        {name: value for name, value in sent.items() if value is not None and value is not False},
    )
    assert answer.status_code == 302, answer.context["errors"]


def test_an_expert_who_is_no_longer_published_is_not_found_by_name(office, client):
    expert = ExpertFactory(name="示例王小明", specialities="加装电梯")
    index.rebuild()

    save(office, expert, published=False)
    client.logout()

    assert not Expert.objects.get().published
    assert "示例王小明" not in client.get("/search/", {"q": "加装电梯"}).content.decode()


@pytest.mark.parametrize("way", ["one", "several"])
def test_an_expert_who_is_deleted_is_not_found(office, way):
    expert = ExpertFactory(name="示例王小明")
    index.rebuild()

    if way == "one":
        office.post(f"/admin/courses/expert/{expert.pk}/delete/", {"post": "yes"})
    else:
        office.post(
            "/admin/courses/expert/",
            {"action": "delete_selected", "_selected_action": [expert.pk], "post": "yes"},
        )

    assert not Expert.objects.exists() and list(index.search("示例王小明", kinds=["expert"])) == []


def test_a_service_item_that_is_reworded_is_found_by_its_new_words(office):
    item = ServiceItemFactory(name="旧的事项名")
    index.rebuild()

    save(office, item, name="新的事项名")

    assert [found.title for found in index.search("新的事项名", kinds=["service"])] == [
        "新的事项名"
    ]


def test_a_track_that_is_renamed_has_its_new_name_in_the_catalogue_at_once(office, client):
    track = CourseVersionFactory().course.track
    assert track.name in client.get("/courses/").content.decode()

    save(office, track, name="改名板块")
    client.logout()
    client.get("/")  # what the form said is read

    assert "改名板块" in client.get("/courses/").content.decode()
