"""The office sets its telephone, label and the like on a page; the environment gives the first."""

import pytest
from django.conf import settings
from django.core.cache import cache

from academy.models import SettingChange
from academy.office_settings import office_setting
from courses.schedule.quotas import default_release

from ..factories import class_with

pytestmark = pytest.mark.django_db
ADDRESS = "/manage/settings/"


@pytest.fixture
def admin_page(client, administrator):
    client.force_login(administrator)
    return client


def saved(client, wanted, capture):
    """What the page answers; the caches are told."""
    with capture(execute=True):
        return client.post(ADDRESS, wanted | {"confirmed": "1"}, follow=True)


def typed(client, **changes):
    form = client.get(ADDRESS).context["form"]
    return {name: form[name].value() for name in form.fields} | changes


def test_the_environment_gives_the_first_value_and_the_page_wins(
    admin_page, django_capture_on_commit_callbacks
):
    assert office_setting("office_phone") == settings.OFFICE_PHONE
    wanted = typed(admin_page, office_phone="021-56780000", office_address="示例路9号")

    looked_at = admin_page.post(ADDRESS, wanted).text
    assert "每个页面和提示里的学院电话都改为 021-56780000。" in looked_at
    assert not SettingChange.objects.exists()
    for _click in range(2):
        saved(admin_page, wanted, django_capture_on_commit_callbacks)

    assert SettingChange.objects.count() == 2
    footer = admin_page.get("/help/").text
    assert "021-56780000" in footer.replace(" ", "")
    assert "示例路9号" in footer


def test_the_second_of_two_pages_is_told(admin_page, django_capture_on_commit_callbacks):
    first, second = (typed(admin_page, filing_label=label) for label in ("甲", "乙"))
    saved(admin_page, first, django_capture_on_commit_callbacks)
    response = saved(admin_page, second, django_capture_on_commit_callbacks)

    assert "您打开本页后，有人保存过设置" in response.text
    assert office_setting("filing_label") == "甲"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("office_phone", "请拨打总机"),
        ("office_phone", "<b>1</b>"),
        ("staff_idle_minutes", "0"),
        ("staff_idle_minutes", "9" * 30),
        ("quota_release_hours", "-1"),
        ("filing_label", ""),
        ("filing_label", "长" * 21),
        ("waiting_list_by_default", "vielleicht"),
        ("based_on", "x"),
    ],
)
def test_a_wrong_value_is_said_and_not_saved(admin_page, name, value):
    response = admin_page.post(ADDRESS, typed(admin_page, **{name: value, "confirmed": "1"}))

    assert response.context["form"].errors[name]
    assert not SettingChange.objects.exists()


def test_a_new_rule_reaches_what_it_is_for(admin_page, django_capture_on_commit_callbacks):
    training_class = class_with(seats=5)
    before = default_release(training_class)
    wanted = typed(admin_page, quota_release_hours="24", waiting_list_by_default="")
    saved(admin_page, wanted, django_capture_on_commit_callbacks)

    assert (default_release(training_class) - before).total_seconds() == 24 * 3600
    form = admin_page.get("/manage/classes/new/").context["forms"].form
    assert form["has_waiting_list"].value() is False


def test_a_value_that_fits_no_longer_does_not_stop_the_pages(admin_page, administrator):
    SettingChange.objects.create(
        key="staff_idle_minutes", value="nie", by=administrator, at="2027-01-01T00:00Z"
    )
    cache.clear()

    assert office_setting("staff_idle_minutes") == settings.STAFF_IDLE_MINUTES
    assert admin_page.get(ADDRESS).status_code == 200
