"""Charts as pictures: made without a network, in both themes, as wide as told, with every word in its place."""

import io
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PIL import Image

from charts import costs, named, saved
from charts.vocabulary import Chart
from tests.charts.results import option, study

ROOT = Path(__file__).parents[2]
NARROW = 390
# A machine without a network: nothing leads outside, not even to itself.
OFFLINE = ("unshare", "--user", "--map-root-user", "--net")


def chart() -> Chart:
    found = costs.cost_tree(option("Buy, colocation"))
    assert found is not None
    return found


def words(picture: bytes) -> list[str]:
    """What is written in an SVG, in its order."""
    return [text for each in ET.fromstring(picture).iter() if (text := (each.text or "").strip())]


def size(picture: bytes) -> tuple[float, float]:
    root = ET.fromstring(picture)
    return float(root.attrib["width"]), float(root.attrib["height"])


def colours(picture: bytes) -> set[str]:
    return set(re.findall(r"#[0-9a-f]{6}", picture.decode()))


@pytest.mark.parametrize("width", [NARROW, saved.WIDTH])
@pytest.mark.parametrize("theme", saved.THEMES)
def test_an_svg_says_what_the_chart_does_as_wide_as_told(width: int, theme: str):
    found = chart()
    picture = saved.saved(found, "svg", width, theme)
    assert size(picture)[0] == pytest.approx(width, abs=2)
    said = " ".join(words(picture))
    assert found.title in said and found.unit in said, "titles this short stand in one line"
    assert all(set(row["name"].split()) <= set(said.split()) for row in found.spec["datasets"]["rows"])


def test_themes_differ_in_ground_and_words_and_not_in_what_they_show():
    light, dark = (saved.saved(chart(), "svg", theme=theme) for theme in saved.THEMES)
    assert words(light) == words(dark)
    assert "#ffffff" in colours(light) - colours(dark) and "#11181d" in colours(dark) - colours(light)


@pytest.mark.parametrize("theme", saved.THEMES)
def test_a_png_is_twice_as_fine_and_its_words_are_drawn(theme: str):
    found = chart()
    with Image.open(io.BytesIO(saved.saved(found, "png", NARROW, theme))) as picture:
        assert picture.width == pytest.approx(saved.PIXELS * NARROW, abs=2)
        ground = picture.convert("RGB").getpixel((2, 2))
        # Where the title stands something is drawn: a font that is not found leaves the place empty.
        corner = picture.convert("RGB").crop((20, 20, 400, 70))
        assert len(set(corner.get_flattened_data())) > 10 and ground in set(corner.get_flattened_data())


@pytest.mark.parametrize("name", named.CHARTS)
def test_every_chart_of_the_command_line_is_a_picture(name: str):
    found = named.chart(study(), name, "Buy, colocation")
    assert found is not None
    said = " ".join(words(saved.saved(found, "svg", NARROW, "dark")))
    assert found.title in said and found.unit in said


def test_a_long_title_breaks_where_the_picture_ends():
    long = Chart("A title of many words " * 8, "unit", chart().spec, "alt")
    assert len(saved.picture(long, NARROW, "light")["title"]["text"]) > 3


def test_a_picture_needs_no_network():
    """The system calls are watched where they can be: no socket to another machine is asked for."""
    job = (
        "from tests.charts.test_saved import chart; from charts import saved; "
        "assert saved.saved(chart(), 'png') and saved.saved(chart(), 'svg')"
    )
    can = subprocess.run([*OFFLINE, "true"], capture_output=True, check=False).returncode == 0
    # Where a machine forbids a network of one's own, names lead nowhere at least.
    nowhere = {**os.environ, "http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
    command = [*(OFFLINE if can else ()), sys.executable, "-c", job]
    subprocess.run(command, cwd=ROOT, env=nowhere, check=True, timeout=120)


def test_neither_altair_nor_vl_convert_is_imported_before_a_chart_is_made():
    job = (
        "import sys, charts.costs, charts.capacity, charts.decision, charts.map, charts.benchmark, charts.saved, "
        "views.results.head, views.decision.summary, views.figures.drawing; "
        "assert not {'altair', 'vl_convert'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", job], cwd=ROOT, check=True, timeout=120)
