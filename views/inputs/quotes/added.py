"""What a confirmed quote costs: the options added from quotes beside the reference, and where to go on."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from functools import partial

import streamlit as st

from documents.word import DOCX, sections_as_word
from importers.quotes import QuoteError, asking, confirm
from models.analysis.decision.decision import per_thousand
from models.analysis.decision.difference import difference
from models.analysis.decision.negotiation import Negotiation, negotiations
from models.analysis.decision.side_by_side import NOT_COMPARED, footing
from models.analysis.metrics.measures import RANKED_BY
from models.notation import writer
from models.run.model import Result
from models.studies.inputs.problem import StudyError
from views import pages, session
from views.figures import drawing, opened, wording, written
from views.figures.opened import Row
from views.inputs.quotes import file, scoring
from views.inputs.quotes.offer import Asked, Offer

ADDED, REFUSED = "quotes added", "quotes refused"
TOTALS = ("pv_cost", "comparison_pv_cost")


def added(result: Result) -> list[str]:
    """The options of the study that were added from quotes in this session."""
    names = session.kept(ADDED, {}).values()
    return [name for name in result.options if name in names]


def is_added(asked: Asked, result: Result) -> str:
    """The option of the study that this quote became; "" while it is none, also after undo."""
    name = session.kept(ADDED, {}).get(asked.entry(), "")
    return name if name in result.options else ""


def refusals(asked: Asked) -> tuple[str, ...]:
    """Why the study did not take this quote when it was last asked to, ready for Markdown."""
    entry, problems = session.kept(REFUSED, ("", ()))
    return problems if entry == asked.entry() else ()


def take(offers: Sequence[Offer]) -> None:
    """Add the options to the study as it stands now, all or none; what speaks against it is told at the first."""
    study = session.study()
    try:
        for each in offers:
            study = confirm(study, each.prepared)
        problems = [wording.problem(each) for each in session.replace_study(study)]
    except QuoteError as error:
        problems = [wording.escaped(str(each)) for each in error.findings]
    except StudyError as error:
        problems = [wording.problem(each) for each in error.problems]
    session.keep(REFUSED, (offers[0].asked.entry(), tuple(problems)))
    if not problems:
        names = {each.asked.entry(): each.prepared.name for each in offers}
        session.keep(ADDED, {**session.kept(ADDED, {}), **names})
        session.set_option(offers[0].prepared.name)


def draw(result: Result) -> None:
    """The options added, each beside the reference."""
    names = added(result)
    if not names:
        return
    basis = footing(result)
    base = result.options[basis.against]
    with st.container(border=True, key="quotes-added"):
        st.header("Added to the study", anchor=False)
        for name in names:
            if name != base.name:
                st.markdown(_sentence(result, name))
        columns = list(dict.fromkeys([*names, base.name]))
        opened.table("quotes added table", result, names[-1], columns, _rows(result, columns), "Added quotes")
        said = f"{base.name} is the reference. Nominal, before tax; unserved requests at the fallback price."
        st.caption(wording.escaped(f"{said} {' '.join(_reasons(result, names))}"))
        _negotiation(result, names)
        scoring.draw(result)
        with st.container(horizontal=True, vertical_alignment="center"):
            _link()
            if file.held() is not None:
                st.button("Add another quote", icon=":material/add:", on_click=file.hold, args=(None,), key="next")


def _negotiation(result: Result, names: list[str]) -> None:
    """What to ask each vendor for, and a page for each to send; worked out only while it is open."""
    box = st.expander("What to ask the vendors", icon=":material/handshake:", key="negotiation", on_change="rerun")
    if not box.open:
        return
    found = [each for each in negotiations(result) if each.option in names]
    with box:
        if not found:
            st.markdown("No other option can be recommended, so that there is no price to ask for.")
        for each in found:
            st.markdown(wording.escaped(asking.standing(each, result.study.currency)))
            drawing.table(asking.table(each, result.study.currency), f"What to ask for: {each.option}")
            _questions(result, each)


def _questions(result: Result, found: Negotiation) -> None:
    """The page for a vendor, to send as Word or Markdown; made when it is asked for."""
    today, stem = datetime.date.today(), asking.file_stem(found)
    word = partial(sections_as_word, asking.sections(result, found, today), asking.ABOUT, today)
    forms = (
        ("Word", "docx", DOCX, word),
        ("Markdown", "md", "text/markdown", partial(asking.page, result, found, today)),
    )
    with st.container(horizontal=True):
        for label, ending, mime, made in forms:
            st.download_button(
                f"Questions to {found.vendor} ({label})",
                data=made,
                file_name=f"{stem}.{ending}",
                mime=mime,
                on_click="ignore",
                icon=":material/download:",
                key=f"questions {found.option} {ending}",
            )


def _link() -> None:
    st.page_link(pages.page(pages.DECISION), label="Compare all options", query_params=pages.DECISION.at("All options"))


def _sentence(result: Result, name: str) -> str:
    """What a response costs by this option, against the reference."""
    line, base = RANKED_BY, result.options[footing(result).against]
    cost, other = result.options[name].number(line), base.number(line)
    if cost is None:
        return written.plain(f"{name} gives no accepted response, so a response has no cost.")
    shown = f"{per_thousand(cost, result.study.currency)} per 1,000 responses"
    lead = f"**{written.plain(name)}**: **{written.plain(shown)}**"
    if not other:
        return f"{lead}\\."
    way = "below" if cost < other else "above"
    against = "the same as" if cost == other else f"{writer.share(abs(cost / other - 1))} {way}"
    return f"{lead}, {written.plain(f'{against} {base.name}. {_total(result, name)}')}"


def _total(result: Result, name: str) -> str:
    """The present value of its cost against the reference's, where the two compare."""
    basis, currency = footing(result), result.study.currency
    if name not in basis.comparable:
        return ""
    ours, base = result.options[name], result.options[basis.against]
    saved = difference(ours, base).npv
    way = "less" if saved >= 0 else "more"
    whole, gap = writer.amounts([ours.values["comparison_pv_cost"], abs(saved)], currency)
    return f"Present value of its cost: {whole}, {gap} {way}."


def _rows(result: Result, columns: list[str]) -> list[Row]:
    return [
        _row(result, columns, "Cost per 1,000 responses", RANKED_BY),
        _row(result, columns, "Cost per 1,000 responses, undiscounted", "cost_per_meaningful_response"),
        _row(
            result,
            columns,
            "Cost per million generated tokens, undiscounted",
            "lifetime_cost_per_million_output_tokens",
        ),
        _row(result, columns, "Present value of cost", "pv_cost"),
        *_compared(result, columns),
        _saved(result, columns),
        _row(result, columns, "Share of the demand served", "served_share"),
    ]


def _compared(result: Result, columns: list[str]) -> list[Row]:
    """What totals come to with unserved requests bought elsewhere, where those have a price."""
    if not any(option.values["interim_priced"] for option in result.options.values()):
        return []
    return [_row(result, columns, "Present value of cost, incl. fallback", "comparison_pv_cost")]


def _row(result: Result, columns: list[str], label: str, name: str) -> Row:
    """A line of the model across the options; totals only of those that compare with the reference."""
    basis, unit = footing(result), next(iter(result.options.values())).model.lines[name].unit
    values = [result.options[column].number(name) for column in columns]
    texts, words = written.across(name, values, unit, result.study.currency)
    cells = [
        NOT_COMPARED if name in TOTALS and column not in basis.comparable else text
        for column, text in zip(columns, texts, strict=True)
    ]
    return Row(label, cells, name, words)


def _saved(result: Result, columns: list[str]) -> Row:
    basis = footing(result)
    base = result.options[basis.against]
    found = {c: difference(result.options[c], base).npv for c in columns if c in basis.comparable and c != base.name}
    scale = writer.table_scale(found.values())
    cells = [
        writer.ZERO if column == base.name else scale.text(found[column]) if column in found else NOT_COMPARED
        for column in columns
    ]
    return Row("Saved against it, present value", cells, "comparison_pv_cost", scale.unit(result.study.currency))


def _reasons(result: Result, names: list[str]) -> list[str]:
    """Why totals of some are not set beside the reference's."""
    found = footing(result).by_option
    return [f"The total of {name} does not compare: {found[name].reason}." for name in names if not found[name].holds]
