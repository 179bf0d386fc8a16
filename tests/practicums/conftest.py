import pytest

from practicums.models import Secondment

from .factories import SecondmentFactory, host_official_of, office_clerk


@pytest.fixture
def secondment(cadre, department) -> Secondment:
    """The cadre's, at the department."""
    return SecondmentFactory(trainee=cadre, host_department=department)


@pytest.fixture
def secondee(secondment):
    return secondment.trainee.user


@pytest.fixture
def mentor(secondment):
    return secondment.mentor


@pytest.fixture
def official(secondment):
    return host_official_of(secondment)


@pytest.fixture
def clerk(db):
    return office_clerk()


@pytest.fixture
def foreign(db) -> Secondment:
    """Somebody else's, elsewhere."""
    return SecondmentFactory()
