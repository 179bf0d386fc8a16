"""The PDF of certificates: its text is that of the certificate, it is small and quick."""

import io
import json
import subprocess
import sys

import pytest
from django.conf import settings
from pypdf import PdfReader

from trainees.certificates import pdf
from trainees.certificates.checks import fonts_of_certificates
from trainees.certificates.pdf import MOST, PdfNotMade, pdf_of
from trainees.certificates.sheets import CLOSING, _parts
from trainees.certificates.wording import Paper

NAMES = ("𠮷川·明", "古丽巴哈尔·买买提艾力·阿卜杜热合曼江", "苏晓岚", "欧阳春华")


def paper(name: str, title: str = "楼组长能力提升训练班（第三期）") -> Paper:
    return Paper(
        academy="宝山区社区治理学院",
        title="结业证书",
        number="JY-2027-000123",
        name=name,
        text=f"于2027年3月2日至2027年3月4日参加“{title}”学习，计12.5学时，准予结业。",
        closing="特发此证。",
        seal="发证单位（盖章）：",
        issuer="宝山区社区治理学院（城市运行和社区治理实训分院）",
        issued_on="2027年3月5日",
        code="7F3K-9Q2M-ABCD-0123",
        address="https://portal.example/check/7F3K9Q2MABCD0123/",
        comrade="同志",
        number_label="证书编号",
        hint="扫码核验，或在门户“证书核验”页输入编号和核验码",
    )


def lines_of(content: bytes) -> list[list[str]]:
    """The lines of each page. pypdf reads the two bytes of a character one by one, the first is
    always 0.
    """
    return [
        [line.replace("\0", "").strip() for line in page.extract_text().splitlines()]
        for page in PdfReader(io.BytesIO(content)).pages
    ]


def test_the_text_of_each_sheet_is_the_name_and_the_words():
    pages = lines_of(pdf_of([paper(name) for name in NAMES]))

    assert [page[page.index("结业证书") + 4] for page in pages] == [
        f"{name} 同志：" for name in NAMES
    ]
    for page in pages:
        assert (
            "于2027年3月2日至2027年3月4日参加“楼组长能力提升训练班（第三期）”学习，计12.5学时，准予结业。"
            in "".join(page)
        )
        assert {"证书编号：JY-2027-000123", "7F3K-9Q2M-ABCD-0123", "2027年3月5日"} <= set(page)


def test_everything_stays_on_its_side_of_the_sheet():
    long = paper("古" * 40, title="题" * 80)
    page = PdfReader(io.BytesIO(pdf_of([long]))).pages[0]
    places = []
    page.extract_text(
        visitor_text=lambda text, cm, tm, font, size: places.append((tm[4], tm[5], text))
    )
    # points; A4 across is 842 × 595, the frame 28 within it
    placed = [(x, y) for x, y, text in places if text.strip("\0 \n")]

    assert len(placed) > 10
    assert all(30 < x < 810 and 30 < y < 565 for x, y in placed)


def test_no_line_begins_with_closing_punctuation():
    parts = _parts("参加“楼组长（第三期）”学习，计12.5学时。")

    assert parts[:3] == ["参", "加", "“楼"]
    assert {"习，", "12.5", "时。", "期）”"} <= set(parts)
    assert not any(part[0] in CLOSING for part in parts)


def test_a_missing_font_is_a_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(pdf, "FONTS", tmp_path)

    with pytest.raises(PdfNotMade, match="未安装所需字体"):
        pdf_of([paper("苏晓岚")])


def test_a_deployment_without_fonts_is_warned(monkeypatch, tmp_path):
    assert fonts_of_certificates(None) == []
    monkeypatch.setattr(pdf, "FONTS", tmp_path)

    assert [warning.id for warning in fonts_of_certificates(None)] == ["trainees.W001"]


def test_a_writer_that_fails_is_a_sentence_and_no_name_in_the_log(monkeypatch, tmp_path, caplog):
    monkeypatch.setattr(pdf, "NEEDED", ())
    monkeypatch.setattr(pdf, "FONTS", tmp_path)

    with pytest.raises(PdfNotMade, match="暂时无法生成"):
        pdf_of([paper("苏晓岚")])

    assert "CalledProcessError" in caplog.text and "苏晓岚" not in caplog.text


def test_a_file_has_at_most_120_sheets():
    with pytest.raises(PdfNotMade, match="120"):
        pdf_of([paper("苏晓岚")] * (MOST + 1))


def test_sixty_certificates_in_ten_seconds_and_150_mebibytes():
    done = subprocess.run(
        [sys.executable, "-m", "bench.certificates", "--json"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        check=True,
        text=True,
    )
    figures = json.loads(done.stdout)["60 certificates"]

    assert figures["processor_seconds"] <= 10 and figures["MiB"] <= 150, figures
