"""Evidence files are private: 0 bytes for strangers, however they ask.

Source: docs/rules.md R35.
"""

import pytest
from django.test import Client
from django.urls import reverse

from academy.uploads.kinds import examine
from practicums.models import Evidence, ItemKind
from practicums.seven_items.appraisal import write_appraisal
from practicums.seven_items.evidence_steps import add_evidence
from practicums.seven_items.steps import send_back
from tests.factories import NOW, UserFactory

from .factories import PDF, host_official_of, item_of, office_clerk, upload

pytestmark = pytest.mark.django_db

SECRET = PDF + b"planted-content"


@pytest.fixture
def evidence(secondment, secondee) -> Evidence:
    item = item_of(secondment, ItemKind.WORK_CASE)
    return add_evidence(
        item=item,
        by=secondee,
        now=NOW,
        declared_open=True,
        file=examine(upload(SECRET, "案例<b>.pdf")),
    )[0]


def client_of(user=None) -> Client:
    client = Client()
    if user:
        client.force_login(user)
    return client


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def status_of(evidence: Evidence, user) -> int:
    response = client_of(user).get(evidence.get_absolute_url())
    body(response)  # read to the end, so that the file is closed
    return response.status_code


def test_those_named_get_the_file_as_an_attachment(
    evidence, secondee, mentor, official, town_staff, clerk
):
    for user in (secondee, mentor, official, town_staff, clerk):
        response = client_of(user).get(evidence.get_absolute_url())

        assert (response.status_code, body(response)) == (200, SECRET)
        assert response["Content-Disposition"].startswith("attachment")
        assert (
            response["X-Content-Type-Options"],
            response["Content-Type"],
            response["Cache-Control"],
        ) == ("nosniff", "application/pdf", "private, no-store")
        assert "sandbox" in response["Content-Security-Policy"]


@pytest.mark.parametrize("method", ["get", "head", "post", "put", "options"])
@pytest.mark.parametrize("headers", [{}, {"Range": "bytes=0-3"}, {"If-None-Match": "*"}])
def test_strangers_get_no_byte(evidence, foreign, method, headers):
    for stranger in (
        None,
        UserFactory(),
        foreign.mentor,
        foreign.trainee.user,
        host_official_of(foreign),
    ):
        response = getattr(client_of(stranger), method)(
            evidence.get_absolute_url(), headers=headers
        )

        assert response.status_code in (302, 404, 405)
        assert b"planted-content" not in body(response) and b"%PDF" not in body(response)


def test_a_head_request_carries_no_body(evidence, secondee):
    assert body(client_of(secondee).head(evidence.get_absolute_url())) == b""


def test_the_folder_on_disk_has_no_address(evidence, clerk):
    for path in (
        f"/media/{evidence.file.name}",
        f"/static/{evidence.file.name}",
        f"/{evidence.file.name}",
        f"/var/media/{evidence.file.name}",
    ):
        assert client_of(clerk).get(path).status_code == 404


def test_unknown_keys_and_texts_are_not_found(evidence, clerk, secondment, secondee):
    (text,) = add_evidence(
        item=item_of(secondment, ItemKind.TASK_LIST),
        by=secondee,
        now=NOW,
        declared_open=True,
        text="清单",
    )

    for key in ("00000000-0000-0000-0000-000000000000", text.key):
        assert (
            client_of(clerk).get(reverse("practicums:evidence_file", args=[key])).status_code == 404
        )
    assert client_of(clerk).get("/secondments/evidence/1/").status_code == 404


def test_a_lost_file_is_not_found(evidence, secondee):
    evidence.file.storage.delete(evidence.file.name)

    assert client_of(secondee).get(evidence.get_absolute_url()).status_code == 404


def test_the_sheet_of_the_appraisal_opens_when_it_is_issued(secondment, secondee, mentor, official):
    write_appraisal(
        secondment=secondment,
        text="草稿",
        by=official,
        now=NOW,
        file=examine(upload(SECRET, "鉴定.pdf")),
    )
    sheet = Evidence.objects.get(kind="file")
    assert [status_of(sheet, user) for user in (secondee, mentor, official, office_clerk())] == [
        403,
        403,
        200,
        403,
    ]

    item = write_appraisal(secondment=secondment, text="表现良好", by=official, now=NOW, issue=True)
    assert [status_of(sheet, user) for user in (secondee, mentor, official, office_clerk())] == [
        200,
        200,
        200,
        200,
    ]

    send_back(item=item, comment="写明时间", by=office_clerk(), now=NOW)
    assert status_of(sheet, secondee) == 403


def test_a_sheet_that_was_replaced_before_issuing_stays_with_the_host(
    secondment, secondee, official
):
    # the third puts the first one back: it is the newest again
    for content in (SECRET, PDF + b"second", SECRET):
        write_appraisal(
            secondment=secondment,
            text="草稿",
            by=official,
            now=NOW,
            file=examine(upload(content, "鉴定.pdf")),
        )
    write_appraisal(secondment=secondment, text="表现良好", by=official, now=NOW, issue=True)

    sheets = Evidence.objects.filter(kind="file").order_by("pk")
    assert [(status_of(sheet, secondee), status_of(sheet, official)) for sheet in sheets] == [
        (403, 200),
        (403, 200),
        (200, 200),
    ]
