"""Vendors' quotes, read as the page reads them."""

from __future__ import annotations

import argparse
import datetime
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commands.given import BAD_INPUT, answering, day, loaded, unreadable
from models.notation import writer
from models.studies.study import Study

if TYPE_CHECKING:
    from models.analysis.decision.negotiation import Negotiation
    from models.run.model import Result

# Whose prices and options a quote is looked at beside, unless a study is named.
USUAL_STUDY = Path(__file__).parent.parent / "templates" / "customer_service.toml"


def add(jobs: Any) -> None:
    """Declare `read-quote` and `negotiate`."""
    quote = jobs.add_parser("read-quote", help="read a vendor's quote: its lines, what it says, and what is asked")
    quote.add_argument("file", metavar="FILE", help="a quote, price list or lease as .xlsx or .csv")
    quote.add_argument("--answers", metavar="ANSWERS.json", help="answers to what is asked, by name")
    quote.add_argument("--study", default=str(USUAL_STUDY), metavar="STUDY", help="the study that it is read for")
    quote.add_argument("--today", type=day, metavar="DATE", help="the day it is read on")
    quote.add_argument("--json", action="store_true", help="print one JSON object")
    quote.set_defaults(job=_read_quote)

    asked = jobs.add_parser("negotiate", help="what to ask each vendor of a study for, to win against the best rival")
    asked.add_argument("study", metavar="STUDY")
    asked.add_argument("--out", metavar="FOLDER", help="write a page of questions for each vendor there")
    asked.add_argument("--word", action="store_true", help="write the pages as Word documents, not as Markdown")
    asked.set_defaults(job=answering(_negotiate))


def _negotiate(options: argparse.Namespace, study: Study) -> int:
    from importers.quotes import asking
    from models.analysis.decision.negotiation import negotiations
    from models.run.model import MODEL

    result = MODEL.run(study)
    found = negotiations(result)
    if not found:
        print("No option with quoted prices has a rival that can be recommended.")
    for each in found:
        print(asking.standing(each, study.currency))
        for target in (each.whole, *each.lines):
            print(f"  {asking.wish(target, study.currency)}")
        if options.out:
            folder = Path(options.out)
            folder.mkdir(parents=True, exist_ok=True)
            file = folder / f"{asking.file_stem(each)}.{'docx' if options.word else 'md'}"
            file.write_bytes(_page(result, each, options.word))
            print(f"  written: {file}")
    return 0


def _page(result: Result, found: Negotiation, as_word: bool) -> bytes:
    """The page for a vendor, as the bytes of a file."""
    from documents.word import sections_as_word
    from importers.quotes import asking

    today = datetime.date.today()
    if as_word:
        return sections_as_word(asking.sections(result, found, today), asking.ABOUT, today)
    return asking.page(result, found, today).encode("utf-8")


def _read_quote(options: argparse.Namespace) -> int:
    from importers.quotes.outcome import answers, outcome

    study = loaded(options.study)
    if study is None:
        return BAD_INPUT
    try:
        content = Path(options.file).read_bytes()
        held = json.loads(Path(options.answers).read_text(encoding="utf-8")) if options.answers else {}
    except OSError as error:
        return unreadable(error.filename, error)
    except ValueError as error:
        print(f"{options.answers}: is no JSON object ({error}); write names and answers", file=sys.stderr)
        return BAD_INPUT
    if not isinstance(held, dict):
        print(f"{options.answers}: is no JSON object; write names and answers", file=sys.stderr)
        return BAD_INPUT
    found = outcome(study, content, Path(options.file).name, answers(held), options.today or datetime.date.today())
    print(json.dumps(found, allow_nan=False, ensure_ascii=False) if options.json else _told(found))
    return BAD_INPUT if found["refused"] else 0


def _told(found: dict[str, Any]) -> str:
    """The outcome as lines of text: what the file says, each line and how it was understood, and what is asked."""
    if found["refused"]:
        return "\n".join(found["refused"])
    head = [f"{name}: {value}" for name, value in found["header"].items()]
    lines = [_line(line) for line in found["lines"]]
    asked = [each["text"] for each in found["findings"] if each["severity"] == "refused"]
    noted = [each["text"] for each in found["findings"] if each["severity"] != "refused"]
    ready = "It can be added as it is." if found["ready"] else "It can be added once what is asked is answered."
    parts = (("", head), ("Lines", lines), ("Asked", asked), ("Noted", noted), ("", [ready]))
    return "\n".join("\n".join([*([f"\n{title}"] if title else []), *texts]) for title, texts in parts if texts)


def _line(line: dict[str, Any]) -> str:
    state = {"accepted": line["scope"], "refused": "asked", "aside": "set aside"}[line["state"]]
    amount = "" if line["amount"] is None else writer.exact(line["amount"])
    what = ", ".join(part for part in (line["detail"], line["basis"], amount, line["reason"]) if part)
    return f"  row {line['row']}: {line['item']} [{state}] {what}".rstrip()
