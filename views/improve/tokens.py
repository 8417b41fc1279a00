"""Token production: what limits output each year, what relieves it and what that is worth, and energy link by link."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from charts import capacity
from models.analysis.levers import levers
from models.analysis.metrics import ceilings
from models.analysis.metrics.ceilings import Ceilings, Disclosed
from models.analysis.metrics.chain import STAGES, Stage, energy_chain
from models.analysis.metrics.headlines import BINDING
from models.analysis.words import PER_RESPONSE, line_text, listing, named
from models.catalogue import fill as catalogues
from models.catalogue.fill import Catalogue, Entry
from models.notation import writer
from models.run.model import MODEL, OptionResult, Result
from models.studies.inputs import schema
from models.studies.inputs.problem import StudyError
from views import session
from views.fields import numbers
from views.fields.remembered import choice
from views.figures import drawing, wording, written

EXTRA_KW = 1000.0
# The levers that change links of the energy chain, offered beside an option as it stands.
CHAIN_LEVERS = ("dc_800v", "liquid_cooling")
NOT_GIVEN = "not given"


def show() -> None:
    """Draw the production of one option."""
    option = session.option_name()
    result = session.shown_result()
    found = result.options[option]
    if found.option.acquisition not in schema.HARDWARE:
        _without_hardware(result, option)
        return
    extra = numbers.number(
        "improve extra kW",
        "Extra power or cooling, kW",
        EXTRA_KW,
        help="At the meter, and of heat: the next megawatt is 1,000 kW, the next rack perhaps 100 kW.",
    )
    with st.spinner("Running the study with each relief"):
        name = f"ceilings {option} {extra!r}"
        limits = session.once(name, lambda: ceilings.ceilings(found, catalogues.load(), extra))
    st.markdown(f"**{written.plain(limits.in_words)}**")
    drawing.chart(capacity.ceilings(found, limits.years))
    _years(found, limits)
    _reliefs(found, limits)
    _chain(result, found)
    _pue(found, catalogues.load())
    _disclosure(found)


def _without_hardware(result: Result, option: str) -> None:
    """Why there is nothing to see, and where there is."""
    others = [name for name, each in result.options.items() if each.option.acquisition in schema.HARDWARE]
    where = f" Choose {named(others)} above." if others else " Add an option with hardware in Inputs."
    said = f"{option} is an API: its hardware, power and limits are the provider's and not known.{where}"
    st.caption(written.plain(said))


# --------------------------------------------------------------------------------------------------- years and reliefs


def _years(found: OptionResult, limits: Ceilings) -> None:
    years = limits.years
    rates = [
        ("Compute ceiling, tokens/s", [writer.physical(year.compute_ceiling) for year in years]),
        ("Energy ceiling, tokens/s", [_or_none(year.energy_ceiling) for year in years]),
        ("Binding ceiling, tokens/s", [writer.physical(year.possible) for year in years]),
        ("\u00d7 availability", [writer.share(year.availability) for year in years]),
        ("\u00d7 utilisation", [writer.share(year.utilisation) for year in years]),
        ("= output, tokens/s", [writer.physical(year.output) for year in years]),
        ("Limiting factor", [BINDING[year.binding] for year in years]),
        ("Energy per token at load, J (IT)", [writer.physical(year.joules_per_token) for year in years]),
        ("Power delivered to IT at load, kW", [writer.physical(year.delivered_kw) for year in years]),
    ]
    names = found.year_names
    columns: dict[str, list[str]] = {"Generated tokens, while in production": [label for label, _ in rates]}
    for place, name in enumerate(names):
        columns[name] = [cells[place] for _, cells in rates]
    drawing.table(columns, f"Production of {found.name} by year", right=names)


def _or_none(rate: float | None) -> str:
    return "no limit" if rate is None else writer.physical(rate)


def _reliefs(found: OptionResult, limits: Ceilings) -> None:
    st.header("Removing the bottleneck", anchor=False)
    tried = limits.reliefs
    if not tried:
        st.caption("Nothing to try: the site of rented systems is the provider's, and their number follows the demand.")
        return
    scale = writer.table_scale([*(relief.worth for relief in tried), *(relief.cost for relief in tried)])
    money = found.study.currency or "money"
    whole, each_response = scale.unit(money), f"{money} per 1,000 responses, discounted"
    drawing.table(
        {
            "Measure": [relief.label for relief in tried],
            "More tokens": [writer.physical(relief.tokens) for relief in tried],
            "More responses": [writer.physical(relief.responses) for relief in tried],
            f"Worth, {whole}": [writer.NONE if r.worth is None else scale.signed(r.worth) for r in tried],
            f"Cost changes by, {whole}": [scale.signed(relief.cost) for relief in tried],
            each_response: [
                line_text("cost_per_response", relief.cost_per_response, PER_RESPONSE, "")[0] for relief in tried
            ],
            "Next limit": [_limits(relief.binding) for relief in tried],
        },
        "Reliefs",
        right=["More tokens", "More responses", f"Worth, {whole}", f"Cost changes by, {whole}", each_response],
    )
    notes = dict.fromkeys(f"{relief.label}: {relief.note}." for relief in tried if relief.note)
    said = [
        "Worth is a present value from two full runs: the upper limit for the price of the measure "
        "itself. Cost is what the option's items then charge, present value.",
        *notes,
    ]
    st.caption("  \n".join(written.plain(line) for line in said))


def _limits(binding: Sequence[str]) -> str:
    return listing([BINDING[name] for name in dict.fromkeys(binding)])


# -------------------------------------------------------------------------------------------------------- energy chain


def _chain(result: Result, found: OptionResult) -> None:
    st.header("Energy chain", anchor=False)
    if not found.values["energy_known"]:
        st.caption("The power of these systems is not given, so their energy is not known: see Inputs.")
        return
    labels = {lever.name: lever.label for lever in levers.levers(catalogues.load())}
    changed = {f"{found.name} with {labels[name]}": name for name in CHAIN_LEVERS}
    others = [name for name, each in result.options.items() if name != found.name and each.values["energy_known"]]
    told = "The option with one link changed, or another option."
    beside = choice("chain beside", "Compare with", [*changed, *others], next(iter(changed)), help=told)
    other = _beside(found, changed[beside]) if beside in changed else result.options.get(beside)
    shown = [found] if other is None else [found, other]
    heads = [found.name, beside][: len(shown)]
    rows = list(zip(*(_links(each) for each in shown), strict=True))
    columns: dict[str, list[str]] = {"Link": [row[0][0] for row in rows]}
    for place, head in enumerate(heads):
        columns[head] = [row[place][1] for row in rows]
    drawing.table(columns, "Energy chain from generation to chip", right=heads)
    if other is not None and beside in changed and other.option == found.option:
        st.caption("No effect here: the option has it already, or lacks the inputs that it works on.")
    st.caption(
        "Efficiency: share of energy passed on. Links that are not given are inside the PUE. Energy per generated "
        "token is of the whole life, idle time included."
    )


def _beside(found: OptionResult, name: str) -> OptionResult | None:
    """The option with a lever that changes a link of its chain; None, with the reason, where it cannot stand so."""
    lever = next(each for each in levers.levers(catalogues.load()) if each.name == name)
    study = found.study

    def job() -> OptionResult:
        changed = levers.adopted(study, found.name, [lever])
        return MODEL.run_option(changed, changed.option(found.name))

    try:
        return session.once(f"chain {found.name} {name}", job)
    except StudyError as error:
        st.error("  \n".join(wording.problem(each) for each in error.problems))
        return None


def _links(found: OptionResult) -> list[tuple[str, str]]:
    """The links from generation to chip with what each keeps, and the energy per token at each place."""
    stages = {stage.line: stage for stage in energy_chain(found)}
    at = {name: _at(stages.get(name)) for name in STAGES}
    return [
        ("At generation, J per token", at["source_energy_kwh"]),
        _kept(found, "grid_efficiency"),
        ("At the meter, J per token", at["facility_energy_kwh"]),
        *(_kept(found, name) for name in schema.PUE_PARTS),
        ("All of these: PUE", writer.physical(found.number("pue"))),
        ("At the servers, J per token", at["it_energy_kwh"]),
        ("A system while serving, kW", writer.physical(found.number("load_kw"))),
        _kept(found, "psu_efficiency"),
        ("At the chips, J per token", at["chip_energy_kwh"]),
    ]


def _at(stage: Stage | None) -> str:
    return writer.NONE if stage is None else writer.physical(stage.joules_per_token)


def _kept(found: OptionResult, name: str) -> tuple[str, str]:
    """A link by its input, with the share that it keeps, or what it adds to the IT energy."""
    entry, value = schema.field("option", name), found.option.fields[name]
    if value.blank or value.set_by == "default":
        return entry.label, NOT_GIVEN
    number = found.option.fields.number(name)
    return entry.label, (writer.share if schema.in_percent(entry, entry.unit) else writer.physical)(number)


# ----------------------------------------------------------------------------------------------------- PUE, disclosure


def _pue(found: OptionResult, catalogue: Catalogue) -> None:
    st.header("PUE in context", anchor=False)
    rows = list(catalogue.find("facility", category="pue"))
    best = next(row for row in rows if row.number("value") is not None)
    typical = next(row for row in rows if row.number("value") is None and row.number("low") is not None)
    survey = next(row for row in rows if row.text("scope") == "global survey")
    stated = any(not found.option.fields[name].blank for name in ("pue", *schema.PUE_PARTS))
    own = writer.physical(found.number("pue")) if stated else f"{NOT_GIVEN}, counted as 1"
    lines = [f"**{own}** {written.plain(found.name)}"]
    lines += [_context(row) for row in (best, typical, survey)]
    st.markdown("\n".join(f"- {line}" for line in lines))


def _context(row: Entry) -> str:
    number = row.number("value")
    low, high = row.number("low"), row.number("high")
    span = " to ".join(
        writer.fixed(end, 2) for end in ((low, high) if number is None else (number,)) if end is not None
    )
    source, link = written.plain(row.text("source")), written.safe_link(row.text("url"))
    told = f"[{source}](<{link}>)" if link else source
    return f"**{span}** {written.plain(row.text('item'))}; {told}, {written.plain(row.text('as_of'))}"


def _disclosure(found: OptionResult) -> None:
    """What a figure in tokens should be published with, as text to copy."""
    st.header("Disclosure", anchor=False)
    names = found.year_names
    year = st.selectbox("Year", names, key="disclosed year", width=200)
    place = names.index(year) if year in names else 0
    block = ceilings.disclosure(found, place + 1)
    st.code(disclosure_text(found, names[place], block), language=None, wrap_lines=True)


def disclosure_text(found: OptionResult, year: str, block: Sequence[Disclosed]) -> str:
    """The disclosure as lines of text; what is not known says so."""
    title = found.study.fields.text("title")
    head = ", ".join(part for part in (title, found.name, year) if part)
    return "\n".join([head, *(_line(each) for each in block)])


def _line(each: Disclosed) -> str:
    if each.value is None:
        shown = "not stated"
    elif isinstance(each.value, str):
        shown = each.value
    elif each.unit == "1":
        is_share = each.name in ("utilisation", "quality", "quality_target")
        shown = writer.share(each.value) if is_share else writer.physical(each.value)
    else:
        unit = {"token/s": "tokens/s", "J/token": "J per token"}.get(each.unit, each.unit)
        shown = f"{writer.physical(each.value)} {unit}"
    boundary = f" ({each.boundary})" if each.boundary and each.value is not None else ""
    return f"{each.label}: {shown}{boundary}"
