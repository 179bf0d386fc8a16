"""A small cast with roles, and the settings every test runs under."""

import pytest

from academy.models import Role

from .factories import (
    CampusFactory,
    DepartmentFactory,
    RoleGrantFactory,
    TownFactory,
    TraineeFactory,
    UserFactory,
    VillageFactory,
)


@pytest.fixture(autouse=True)
def _plain_settings(settings, tmp_path):
    """Unhashed static files, a cache and a media folder of one's own, passwords that cost nothing."""
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": str(tmp_path)}}
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a real one takes 0.3 s for every person made


@pytest.fixture
def town(db):
    return TownFactory()


@pytest.fixture
def other_town(db):
    return TownFactory()


@pytest.fixture
def village(town):
    return VillageFactory(town=town)


@pytest.fixture
def campus(town):
    return CampusFactory(town=town)


@pytest.fixture
def department(db):
    return DepartmentFactory()


@pytest.fixture
def cadre(village):
    """A trainee of `village` in `town`."""
    return TraineeFactory(village=village)


@pytest.fixture
def colleague(village, cadre):
    """A second trainee of the same village and post."""
    return TraineeFactory(village=village, position=cadre.position)


@pytest.fixture
def outsider(db):
    """A trainee of another village in another town."""
    return TraineeFactory()


def _grant(role, **scope):
    user = UserFactory()
    RoleGrantFactory(user=user, role=role, **scope)
    return user


@pytest.fixture
def village_coordinator(village):
    return _grant(Role.VILLAGE_COORDINATOR, village=village)


@pytest.fixture
def branch_coordinator(campus):
    return _grant(Role.BRANCH_COORDINATOR, campus=campus)


@pytest.fixture
def town_staff(town):
    return _grant(Role.TOWN_STAFF, town=town)


@pytest.fixture
def department_staff(department):
    return _grant(Role.DEPARTMENT_STAFF, department=department)


@pytest.fixture
def district_staff(db):
    return _grant(Role.DISTRICT_STAFF)


@pytest.fixture
def administrator(db):
    return _grant(Role.ADMINISTRATOR)


@pytest.fixture
def auditor(db):
    return _grant(Role.AUDITOR)
