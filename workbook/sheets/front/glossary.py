"""Glossary: the words on these sheets, and what every line of the model means."""

from __future__ import annotations

from models.run.model import MODEL
from models.run.opened import label_of, method_of
from workbook.writing.book import Book
from workbook.writing.page import Page
from workbook.writing.styles import SIZE, SMALL, STRUCTURAL

TITLE = "Glossary"
HEAD_ROW = 4
WIDTHS = (42, 20, 56, 70)
WORDS: dict[str, str] = {
    "Answer tokens": "What the user sees of what the model writes.",
    "Reasoning tokens": "What the model writes for itself before the answer tokens; generated and paid for like them.",
    "Generated tokens": "Answer and reasoning tokens, all attempts.",
    "Response": "A response that is accepted, in the literature called meaningful; one escalated to staff is none.",
    "Input speed (prefill)": "How fast the prompt is read before the first token is generated.",
    "Output speed (decode)": "How fast tokens are generated, one after the other.",
    "Guardrails and retrieval": "Steps before and after the model: embeddings, guardrails, re-ranking.",
    "Escalation to staff": "Requests without an accepted response that a person handles.",
    "Levelised cost": "The constant price whose present value equals the present value of cost.",
    "Total cost, undiscounted": "Sum of all payments, nothing discounted, before tax.",
    "Present value": "What later payments are worth at the start, at the discount rate.",
    "Infrastructure cost": "Total cost without guardrails, retrieval and escalation: what making the tokens costs.",
    "Fallback price": "Price of unserved requests, where they are served otherwise. Comparisons only.",
    "Resale": "Proceeds at end of life or of the study: an assumption.",
    "Utilisation": "Accelerator time used over accelerator time on offer.",
    "PUE": "Energy at the meter over energy of the IT equipment.",
    "Goodput": "Throughput that holds while the latency targets are met.",
    "Replica": "One running replica of the model.",
    "Reference": "The option that the others are compared with.",
    "n/a": "There is no figure: nothing to divide by, or not known.",
}


def write(book: Book) -> None:
    """Words first, then every line by chapter with its meaning and formula."""
    page = Page(book, TITLE, "Glossary", head=HEAD_ROW)
    page.columns(WIDTHS)
    page.heads(HEAD_ROW, ("Term", "Unit", "Meaning", "Formula in words"))
    row, unit = HEAD_ROW + 1, page.styles.get(font_color=STRUCTURAL, valign="top")
    for word, meaning in WORDS.items():
        page.text(row, 0, word, page.styles.get(bold=True, valign="top"))
        page.text(row, 1, "-", unit)
        page.text(row, 2, meaning, page.styles.wrapped)
        page.fit(row, [(meaning, WIDTHS[2])])
        row += 1
    small = page.styles.get(text_wrap=True, valign="top", font_size=SMALL)
    chapter = ""
    for name, line in MODEL.lines.items():
        if MODEL.chapter_of[name] != chapter:
            chapter = MODEL.chapter_of[name]
            page.heading(row, f"Lines of the model: {chapter}", len(WIDTHS))
            row += 1
        page.named(row, line.label, book.unit(line.unit))
        page.text(row, 2, line.meaning, page.styles.wrapped)
        words = method_of(line, lambda n: label_of(n, MODEL))
        page.text(row, 3, words, small)
        page.fit(row, [(line.meaning, WIDTHS[2]), (words, WIDTHS[3] * SIZE / SMALL)])
        row += 1
