"""Vendor quotes: read from a file, shown with everything that is wrong, and added to a study only when confirmed.

    reading = read(content, name)                      rows, quotes and findings; nothing of a study is needed
    prepared = prepare(study, quote, like, today=...)  the quote as an option, what it leaves out, what is needed
    study = confirm(study, prepared)                   the study with the new option

`survey` shows the columns of a file that is not of the template's form, so that they can be mapped; `proposal` says
what a line probably is part of, a guess that is asked about until it is confirmed; `template_csv` and `template_xlsx`
give the blank template.
"""

from importers.quotes.cells.findings import Finding, QuoteError
from importers.quotes.option.placing import Placed
from importers.quotes.option.prepare import Need, Prepared, Totals, confirm, prepare
from importers.quotes.option.questions import Explained
from importers.quotes.option.scope import Estimate, PartScope, estimates_from
from importers.quotes.reading.lines import Line
from importers.quotes.reading.quote import Quote, Reading, Terms, read
from importers.quotes.reading.survey import Heading, Survey, survey
from importers.quotes.template import template_csv, template_xlsx

__all__ = [
    "Estimate",
    "Explained",
    "Finding",
    "Heading",
    "Line",
    "Need",
    "PartScope",
    "Placed",
    "Prepared",
    "Quote",
    "QuoteError",
    "Reading",
    "Survey",
    "Terms",
    "Totals",
    "confirm",
    "estimates_from",
    "prepare",
    "read",
    "survey",
    "template_csv",
    "template_xlsx",
]
