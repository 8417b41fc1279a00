"""Word documents: the decision brief with the charts that carry it, and pages of headed lines."""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence

from docx import Document
from docx.document import Document as Word
from docx.enum.section import WD_ORIENT
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from charts import costs, decision, saved
from charts.vocabulary import Chart
from models.analysis.decision.bridge import by_family
from models.analysis.decision.decision import called
from models.analysis.decision.side_by_side import footing
from models.analysis.reporting.brief import Brief
from models.analysis.words import basis_words
from models.notation import writer
from models.run.model import Result

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# A4 with margins that leave a line of about 90 letters.
WIDTH, HEIGHT, MARGIN = Mm(210), Mm(297), Mm(22)
PICTURE = Mm(160)
TITLE, HEADING, BODY, SMALL = Pt(20), Pt(13), Pt(10.5), Pt(9)
ACCENT, SOFT = RGBColor(0x0B, 0x64, 0x78), RGBColor(0x5B, 0x6A, 0x74)


def brief_as_word(found: Brief, result: Result, names: tuple[str, str], today: datetime.date) -> bytes:
    """The brief on two options of a run as the bytes of a .docx, with the charts that show what it says."""
    page = Document()
    _set(page, found.title, "Decision brief", today)
    page.add_heading(found.title, 0)
    _quiet(page, f"{writer.date(today)} \u00b7 {basis_words(result.study)}")
    drawn = charts_of(result, names)
    if found.decision:
        page.add_paragraph().add_run(found.decision).italic = True
    for at, (heading, sentences) in enumerate(found.sections()):
        page.add_heading(heading, 1)
        for sentence in sentences:
            page.add_paragraph(sentence, "List Bullet")
        # The charts stand behind the sentences that they show.
        for chart in drawn if at == 1 else ():
            _picture(page, chart)
    file = io.BytesIO()
    page.save(file)
    return file.getvalue()


def sections_as_word(sections: Sequence[tuple[str, Sequence[str]]], about: str, today: datetime.date) -> bytes:
    """Headed lines as the bytes of a .docx, the first heading its title; a line that begins with a dash is an item."""
    page = Document()
    title, opening = sections[0]
    _set(page, title, about, today)
    page.add_heading(title, 0)
    for line in opening:
        _quiet(page, line)
    for heading, lines in sections[1:]:
        page.add_heading(heading, 1)
        for line in filter(None, lines):
            is_item = line.startswith("- ")
            page.add_paragraph(line.removeprefix("- "), "List Bullet" if is_item else None)
    file = io.BytesIO()
    page.save(file)
    return file.getvalue()


def charts_of(result: Result, names: tuple[str, str]) -> list[Chart]:
    """Cash over the years of what compares, and the way from the second option's cost to the first's."""
    option, against = names
    compared = footing(result, result.options[option]).comparable
    if against not in compared:
        return []
    held = by_family(result.options[option], result.options[against])
    scale = writer.chart_scale([held.start, held.end])
    unit = f"Present value of cost, {scale.unit(result.study.currency or 'money')}, before tax"
    title = f"From {called(against)} to {called(option)}"
    paid = costs.paid_by(result, compared, option, against)
    return [paid, decision.waterfall(held, title, unit, scale.text)]


def _set(page: Word, title: str, about: str, today: datetime.date) -> None:
    """Paper, type and what the file says of itself."""
    section = page.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.PORTRAIT, WIDTH, HEIGHT
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = MARGIN
    for name, size, colour in (("Normal", BODY, None), ("Title", TITLE, ACCENT), ("Heading 1", HEADING, ACCENT)):
        font = _style(page, name).font
        font.size, font.name = size, "Calibri"
        if colour is not None:
            font.color.rgb = colour
    _style(page, "Normal").paragraph_format.space_after = Pt(4)
    told = page.core_properties
    told.title, told.author, told.comments = title, "", about
    told.created = told.modified = datetime.datetime.combine(today, datetime.time())


def _style(page: Word, name: str) -> ParagraphStyle:
    """A style of paragraphs that every document has."""
    found = page.styles[name]
    assert isinstance(found, ParagraphStyle)
    return found


def _quiet(page: Word, text: str) -> None:
    run = page.add_paragraph().add_run(text)
    run.font.size, run.font.color.rgb = SMALL, SOFT


def _picture(page: Word, chart: Chart) -> None:
    """A chart as wide as the text, told in words to those who do not see it."""
    shape = page.add_picture(io.BytesIO(saved.saved(chart, "png")), width=PICTURE)
    shape._inline.docPr.set("descr", chart.alt)  # the library has no other way to it
