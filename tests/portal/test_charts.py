"""A chart is drawn from the table that stands in its page."""

from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from academy.charts import Chart, Mark, Series


def chart(**more):
    shares = (Mark(25, "25 %", "/rows/"), Mark(None, "暂无数据"))
    return Chart(
        "repeats",
        "重复报名",
        "一句话",
        "赋能季",
        ("2027Q1", "2027Q2"),
        more.pop("series", (Series("占比", shares),)),
        **more,
    )


def test_every_figure_stands_in_the_table_with_its_rows():
    page = render_to_string("components/chart.html", {"chart": chart(is_share=True)})

    assert 'data-value="25"' in page
    assert '<a href="/rows/">25 %</a>' in page
    assert 'data-value=""' in page  # nothing to count is not zero
    assert 'data-most="100"' in page


def test_without_any_figure_nothing_is_drawn():
    empty = (Series("占比", (Mark(None, "暂无数据"), Mark(None, "暂无数据"))),)

    page = render_to_string("components/chart.html", {"chart": chart(series=empty)})

    assert "data-chart>" not in page
    assert page.count("暂无数据") == 2


def test_a_chart_has_a_mark_for_each_label_and_two_series_at_most():
    one = Series("占比", (Mark(1, "1"), Mark(2, "2")))

    with pytest.raises(ValueError, match="one series or two"):
        chart(series=(one, one, one))
    with pytest.raises(ValueError, match="one mark for each label"):
        chart(series=(Series("占比", (Mark(1, "1"),)),))


def test_only_the_pages_with_charts_load_the_library():
    templates = Path(settings.BASE_DIR, "templates")

    named = {
        str(path.relative_to(templates))
        for path in templates.rglob("*.html")
        if "echarts" in path.read_text(encoding="utf-8")
    }

    assert named == {"components/chart_scripts.html"}
