"""Levers: chosen one by one, stacked on an option; what each brings to cost and energy; the outcome as an option."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import partial

import streamlit as st

from charts import costs
from charts.vocabulary import Write
from models.analysis.levers import levers
from models.analysis.levers.levers import Effect, Lever, Stack, Waterfall
from models.analysis.metrics import palette
from models.analysis.words import PER_RESPONSE, listing
from models.catalogue import fill as catalogues
from models.engine.constants import REQUESTS_PER_THOUSAND
from models.notation import writer
from models.run.model import MODEL
from models.studies import rewrite
from models.studies.inputs import schema
from models.studies.inputs.problem import StudyError
from models.studies.study import Option
from views import session
from views.fields import numbers
from views.figures import drawing, wording, written

KINDS = {
    "software": "Software",
    "model": "Model",
    "site": "Site",
    "capex": "Building",
    "operation": "Operation",
}
OPERATIONS = {"multiply": "\u00d7", "overhead": "(what is above 1) \u00d7", "at_least": "at least"}
CHOSEN = "levers chosen"


def show() -> None:
    """Draw the levers at the left, and what they bring to the option at the right."""
    option = session.option_name()
    known = _known()
    # The sum stands above the choice, where it is seen on a telephone too.
    head = st.container()
    left, right = st.columns([1, 2.1], gap="medium")
    with left:
        chosen = _pick(known, option)
    found = _found(chosen, option) if chosen else None
    with right:
        if found is not None:
            head.markdown(in_words(found))
            _outcome(found, option)
        elif not chosen:
            st.caption("Choose levers to see their combined and separate effect.")


def _known() -> list[Lever]:
    """The catalogue's levers, with the gains that a person gave them instead."""
    return [_valued(lever) for lever in levers.levers(catalogues.load())]


def _valued(lever: Lever) -> Lever:
    for effect in _by_field(lever):
        own = numbers.held(_field_name(lever, effect), effect.value)
        if own != effect.value:
            lever = _with_own(lever, effect.field, own)
    return lever


def _with_own(lever: Lever, name: str, own: float) -> Lever:
    """The lever with a gain of one's own, which no longer passes for the source's."""
    effects = []
    for effect in levers.with_value(lever, name, own).effects:
        if effect.field == name:
            source = f"your figure; {effect.entry.text('source') or 'the catalogue'} gives another"
            entry = dataclasses.replace(
                effect.entry, cells={**effect.entry.cells, "source": source, "confidence": "assumed"}
            )
            effect = dataclasses.replace(effect, entry=entry)
        effects.append(effect)
    return dataclasses.replace(lever, effects=tuple(effects))


def _by_field(lever: Lever) -> list[Effect]:
    """One effect for each input that the lever changes: they share one gain."""
    return list({effect.field: effect for effect in reversed(lever.effects)}.values())[::-1]


def _field_name(lever: Lever, effect: Effect) -> str:
    return f"improve lever {lever.name} {effect.field}"


# ------------------------------------------------------------------------------------------------------------ choosing


def _pick(known: Sequence[Lever], option: str) -> list[Lever]:
    """The levers by kind, each with its gain and source; those that are chosen."""
    idle = _idle(known, option)
    chosen = session.kept(CHOSEN)
    if chosen is None:
        # By the catalogue's own gains: one's own figure for a lever does not take it out.
        standing = levers.levers(catalogues.load())
        chosen = [each.name for each in standing if not each.assumed and each.kind != "model" and each.name not in idle]
        st.caption("Preselected: levers with a cited source that change something here and keep the model.")
    for kind, title in KINDS.items():
        st.markdown(f"**{title}**")
        for lever in (each for each in known if each.kind == kind):
            _lever(lever, lever.name in chosen, idle.get(lever.name, ""), list(chosen))
    # Read again: a field above may have changed a gain.
    return [lever for lever in _known() if lever.name in chosen]


def _idle(known: Sequence[Lever], option: str) -> dict[str, str]:
    """The levers that change nothing on the option, each with the reason."""

    def job() -> dict[str, str]:
        study = session.shown_result().study
        base = study.option(option)
        nothing = [lever for lever in known if levers.applied(study, base, (lever,)) == base]
        return {lever.name: _reason(levers.stack(study, option, [lever])) for lever in nothing}

    return session.once(f"idle levers {option} {_stamp(known)}", job)


def _reason(found: Stack) -> str:
    bars = [bar for each in found.waterfalls.values() if each for bar in each.bars]
    return bars[0].note if bars else "no effect here"


def _stamp(chosen: Sequence[Lever]) -> str:
    """What tells one choice of levers and gains from another."""
    return ";".join(f"{lever.name} {','.join(repr(e.value) for e in lever.effects)}" for lever in chosen)


def _lever(lever: Lever, is_chosen: bool, nothing: str, chosen: list[str]) -> None:
    with st.container(gap=None, key=f"lever {lever.name}"):
        take = partial(_toggled, lever.name, chosen)
        st.checkbox(lever.label, value=is_chosen, **session.bound(f"pull {lever.name}", is_chosen, take=take))
        with st.container(key=f"beneath lever {lever.name}"):
            popover = st.popover(
                written.plain(_gain(lever)),
                type="tertiary",
                key=f"about lever {lever.name}",
                on_change="rerun",
                help=f"Gain, source and your own figure: {written.plain(lever.label)}",
            )
        if nothing:
            st.caption(written.plain(f"No effect here: {nothing}."))
    if popover.open:
        with popover:
            _about(lever)


def _toggled(name: str, chosen: list[str], is_chosen: bool) -> None:
    kept = [each for each in chosen if each != name]
    session.keep(CHOSEN, [*kept, name] if is_chosen else kept)


def _gain(lever: Lever) -> str:
    """The lever's first gain and what it rests on, in a few words: "output speed x 1.38, measured"."""
    effect = lever.effects[0]
    others = len(_by_field(lever)) - 1
    more = f" and {others} more" if others else ""
    return f"{_change(effect)}{more} \u00b7 {'assumed' if lever.assumed else effect.entry.text('confidence')}"


def _change(effect: Effect) -> str:
    label = _input(effect)
    words = label if label.isupper() else label[:1].lower() + label[1:]
    return f"{words} {OPERATIONS[effect.operation]} {writer.exact(effect.value)}"


def _input(effect: Effect) -> str:
    if effect.field == "amount":
        return f"{palette.COSTS[effect.rows].label} cost" if effect.rows in palette.COSTS else "Cost"
    entry = schema.field(effect.table, effect.field)
    return schema.field(entry.replaces or entry.table, entry.name).label


def _about(lever: Lever) -> None:
    """Every gain of a lever with range, source and note; and fields for one's own."""
    st.markdown(f"**{written.plain(lever.label)}**")
    standing = next(each for each in levers.levers(catalogues.load()) if each.name == lever.name)
    st.markdown("\n".join(f"- {_told(effect)}" for effect in standing.effects))
    for effect in _by_field(standing):
        numbers.number(
            _field_name(lever, effect),
            f"Your figure: {_input(effect)}, {OPERATIONS[effect.operation]}",
            effect.value,
            help="Left blank, the catalogue's figure stands.",
        )


def _told(effect: Effect) -> str:
    entry = effect.entry
    parts = [_change(effect)]
    if effect.low is not None and effect.high is not None:
        parts.append(f"range {writer.exact(effect.low)} to {writer.exact(effect.high)}")
    if effect.above_input_tokens:
        parts.append(f"above {writer.exact(effect.above_input_tokens)} input tokens per request")
    if effect.precisions:
        parts.append(f"from {' or '.join(effect.precisions)}")
    parts += [text for text in (entry.text("confidence"), entry.text("as_of")) if text]
    link, source = written.safe_link(entry.text("url")), written.plain(entry.text("source") or "no source")
    said = f"{written.plain('; '.join(parts))}; " + (f"[{source}](<{link}>)" if link else source)
    return f"{said}. {written.plain(entry.text('note'))}"


# ------------------------------------------------------------------------------------------------------------- outcome


def _found(chosen: list[Lever], option: str) -> Stack | None:
    """The levers stacked on the option; None, with the reason told, where they cannot be."""
    study = session.shown_result().study
    try:
        with st.spinner("Running every combination of the levers"):
            found = session.once(f"stack {option} {_stamp(chosen)}", lambda: levers.stack(study, option, chosen))
            return dataclasses.replace(
                found, waterfalls={name: _of_thousand(each) for name, each in found.waterfalls.items()}
            )
    except StudyError as error:
        _refused(error, chosen)
        return None


def _of_thousand(found: Waterfall | None) -> Waterfall | None:
    """The waterfall as it is shown: what a response costs is told for 1,000 of them."""
    if found is None or MODEL.lines[found.metric].unit != PER_RESPONSE:
        return found
    bars = tuple(dataclasses.replace(bar, amount=REQUESTS_PER_THOUSAND * bar.amount) for bar in found.bars)
    start, end = (REQUESTS_PER_THOUSAND * each for each in (found.start, found.end))
    return dataclasses.replace(found, start=start, end=end, bars=bars)


def in_words(found: Stack) -> str:
    """What all levers bring together, for Markdown."""
    parts = []
    for waterfall in (each for each in found.waterfalls.values() if each is not None):
        currency, unit = found.study.currency, _unit(waterfall.metric, found.study.currency)
        change = f" ({writer.change(waterfall.end / waterfall.start - 1)})" if waterfall.start else ""
        write = _writer(waterfall)
        told = writer.quantity(writer.span(write(waterfall.start), write(waterfall.end), sentence=True), unit, currency)
        said = f"{_label(waterfall.metric).lower()} from {told}"
        parts.append(said + change)
    count = len(found.levers)
    which = "This lever takes" if count == 1 else f"Together, {count} levers take"
    return f"**{written.plain(f'{which} {listing(parts)}.')}**" if parts else ""


def _outcome(found: Stack, option: str) -> None:
    for metric, waterfall in found.waterfalls.items():
        if waterfall is None:
            st.caption(written.plain(f"{_label(metric)}: no figure for {option}, so nothing to lower."))
        else:
            basis = "at the meter, whole period" if metric == levers.METRICS[1] else "present value basis"
            unit = f"{option}: {_unit(metric, found.study.currency)}, {basis}"
            drawing.chart(costs.levers(waterfall, _label(metric), unit, _writer(waterfall)))
    _table(found)
    st.caption(
        "Each lever's contribution: Shapley average over full runs of all combinations. They add up before rounding."
    )
    _adopt(list(found.levers), option)


def _unit(metric: str, currency: str) -> str:
    return f"{currency or 'money'} per 1,000 responses" if metric == levers.METRICS[0] else "J per response"


def _label(metric: str) -> str:
    return "Cost" if metric == levers.METRICS[0] else "Energy"


def _refused(error: StudyError, chosen: Sequence[Lever]) -> None:
    labels = {f"levers/{lever.name}": lever.label for lever in chosen}
    for found in error.problems:
        label = labels.get(found.path, "" if found.path.startswith("levers") else wording.place(found.path))
        st.error(written.plain(f"{label}: {wording.said(found)}" if label else wording.said(found)))


def _writer(waterfall: Waterfall) -> Write:
    """Writes the two ends and the steps between them with the same decimals, those of the larger end."""
    ends = (waterfall.start, waterfall.end)
    is_cost = waterfall.metric == levers.METRICS[0]
    decimals = writer.even_decimals(ends) if is_cost else max(0, writer.decimals(max(ends), writer.PHYSICAL_DIGITS))
    return lambda value: writer.NONE if value is None else writer.fixed(value, decimals)


def _table(found: Stack) -> None:
    """The bars in figures, with why a lever brings nothing."""
    shown = [each for each in found.waterfalls.values() if each is not None]
    if not shown:
        return
    bars = shown[0].bars
    columns: dict[str, list[str]] = {
        "Lever": [costs.STANDS, *(bar.label for bar in bars), costs.ALL],
    }
    for each in shown:
        write = _writer(each)
        cells = [write(each.start), *(_signed(bar.amount, write) for bar in each.bars), write(each.end)]
        columns[_unit(each.metric, found.study.currency)] = cells
    notes = [_note([each.bars[place].note for each in shown], bars[place].assumed) for place in range(len(bars))]
    right = [name for name in columns if name != "Lever"]
    columns["Note"] = ["", *notes, ""]
    drawing.table(columns, "What each lever brings", right=right)


def _signed(amount: float, write: Write) -> str:
    return f"+{write(amount)}" if amount > 0 else write(amount) if amount else "0"


def _note(notes: Sequence[str], is_assumed: bool) -> str:
    said = [*dict.fromkeys(note for note in notes if note), *(["gain assumed"] if is_assumed else [])]
    return "; ".join(said)


# ------------------------------------------------------------------------------------------------------------ adopting


def _adopt(chosen: list[Lever], option: str) -> None:
    names = [each.name for each in session.study().options]
    suggested = rewrite.free_name(f"{option}, improved", names)
    with st.container(horizontal=True, vertical_alignment="bottom", key="adopt"):
        key = session.seed("adopted name", suggested)
        name = st.text_input("Name of the new option", value=suggested, key=key)
        st.button(
            "Save as a new option",
            type="primary",
            icon=":material/add:",
            on_click=_adopted,
            args=(chosen, option, key),
            disabled=not (name or "").strip(),
            help="Adds the option as it is with all chosen levers; the one it comes from stays. Undo takes it back.",
        )
    for message in session.kept("adopt problems", ()):
        drawing.error(message)


def _adopted(chosen: list[Lever], option: str, key: str) -> None:
    """Adds the option with the levers; the notes of its inputs say what each rests on."""
    study, name = session.study(), str(session.entered(key) or "").strip()
    try:
        changed: Option = levers.adopted(study, option, chosen).option(option)
        problems = session.replace_study(rewrite.option_added(study, changed, name))
    except StudyError as error:
        problems = list(error.problems)
    session.keep("adopt problems", tuple(wording.problem(each) for each in problems))
    if not problems:
        st.toast(written.plain(f"{name} was added to the study; Compare shows it beside the others."))
