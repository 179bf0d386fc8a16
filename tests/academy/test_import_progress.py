"""A long import says how far it is, to whoever started it and to nobody else."""

import uuid
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile

from academy.imports import progress, runs

from ..factories import NOW
from ..plans.sheets import workbook

pytestmark = pytest.mark.django_db
ADDRESS = "/manage/imports/progress/"
ROWS = [[f"SJ-{number:03}", "示例" + chr(ord("一") + number), "优秀书记"] for number in range(30)]


@pytest.fixture
def said(monkeypatch):
    """Everything that is said, with who may read it."""
    kept = []
    watched = SimpleNamespace(
        set=lambda key, words, _seconds: kept.append((key, words)), delete=lambda key: None
    )
    monkeypatch.setattr(progress, "SECONDS_BETWEEN", -1)
    monkeypatch.setattr(progress, "cache", watched)
    return kept


def sent(client, **more):
    content = workbook(ROWS, headings=["师资编号", "姓名", "类别"])
    file = SimpleUploadedFile("师资.xlsx", content)
    return client.post("/manage/imports/", {"kind": "experts", "file": file, **more})


def test_reading_checking_and_writing_are_told_with_figures(client, district_staff, said):
    client.force_login(district_staff)
    name = str(uuid.uuid4())
    preview = sent(client, progress=name)
    client.post(f"{preview.url}confirm/", {"progress": name})

    words = [words for _key, words in said]
    for sentence in ("已读取 29/30 行", "已核对 29/30 行", "已写入 29/30 行"):
        assert sentence in words
    assert {key for key, _words in said} == {f"import-progress:{district_staff.pk}:{name}"}


@pytest.mark.parametrize("name", [None, "", "x", "1" * 400])
def test_without_a_name_nothing_is_told(client, district_staff, said, name):
    client.force_login(district_staff)
    assert sent(client, **({} if name is None else {"progress": name})).status_code == 302
    assert said == []


def test_only_who_started_it_reads_it_and_it_goes_when_it_is_done(
    client, district_staff, administrator
):
    name = uuid.uuid4()
    cache.set(f"import-progress:{district_staff.pk}:{name}", "已读取 5/9 行")
    client.force_login(district_staff)
    assert client.get(ADDRESS, {"of": name}).json() == {"words": "已读取 5/9 行"}
    assert client.get(ADDRESS, {"of": "x"}).json() == {"words": ""}
    sent(client, progress=str(name))
    assert client.get(ADDRESS, {"of": name}).json() == {"words": ""}

    cache.set(f"import-progress:{district_staff.pk}:{name}", "已读取 5/9 行")
    client.force_login(administrator)
    assert client.get(ADDRESS, {"of": name}).json() == {"words": ""}


def test_an_import_of_a_command_waits_for_nobody(said):
    content = workbook(ROWS, headings=["师资编号", "姓名", "类别"])
    run = runs.preview(kind="experts", content=content, name="师资.xlsx", by=None, now=NOW)
    assert (run.rows.count(), said) == (30, [])
