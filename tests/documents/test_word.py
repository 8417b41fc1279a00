"""The brief as a Word document: its sentences in full, its charts told in words, nothing of this machine in it."""

import datetime
import io
import zipfile

import pytest
from docx import Document

from documents.word import brief_as_word, charts_of, sections_as_word
from models.analysis.reporting.brief import Brief, brief, pair
from models.run.model import MODEL, Result
from store import library
from tests.soak import long

TODAY = datetime.date(2026, 11, 29)


@pytest.fixture(scope="module")
def service() -> tuple[Result, tuple[str, str], Brief]:
    result = MODEL.run(library.template("customer_service").study)
    names = pair(result)
    assert names is not None
    return result, names, brief(result, *names, targets=())


@long
def test_it_says_what_the_brief_says(service: tuple[Result, tuple[str, str], Brief]):
    result, names, found = service
    content = brief_as_word(found, result, names, TODAY)
    page = Document(io.BytesIO(content))
    said = [each.text for each in page.paragraphs]
    assert said[0] == found.title and said[1].startswith("29 Nov 2026 \u00b7 USD \u00b7 before tax")
    for heading, sentences in found.sections():
        at = said.index(heading)
        assert all(sentence in said[at:] for sentence in sentences)
    shapes = [shape._inline.docPr.get("descr") for shape in page.inline_shapes]
    assert shapes == [chart.alt for chart in charts_of(result, names)] and len(shapes) == 2
    assert page.core_properties.author == ""


def test_the_same_brief_is_the_same_text(service: tuple[Result, tuple[str, str], Brief]):
    result, names, found = service
    first, second = (zipfile.ZipFile(io.BytesIO(brief_as_word(found, result, names, TODAY))) for _ in range(2))
    assert first.read("word/document.xml") == second.read("word/document.xml")


def test_options_that_do_not_compare_have_no_chart():
    result = MODEL.run(library.template("power_limited_site").study)
    first, second, *_ = result.options
    assert charts_of(result, (first, second)) == []


def test_headed_lines_become_headings_sentences_and_items():
    sections = (("Questions to A", ("B, 2026.",)), ("Price", ("Any one of these:", "", "- Server: 5% lower")))
    page = Document(io.BytesIO(sections_as_word(sections, "Questions to a vendor", TODAY)))
    assert [(each.style and each.style.name, each.text) for each in page.paragraphs] == [
        ("Title", "Questions to A"),
        ("Normal", "B, 2026."),
        ("Heading 1", "Price"),
        ("Normal", "Any one of these:"),
        ("List Bullet", "Server: 5% lower"),
    ]
