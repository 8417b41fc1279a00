"""The popover beside a field in which its value can be said another way; it shows the outcome before it is taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, get_args

import streamlit as st

from models.catalogue.shapes import load_shapes
from models.notation import reader, writer
from models.studies.inputs.field import Field, Way
from models.studies.study import Option
from views import session
from views.fields import asking, conversions
from views.fields.conversions import Converted, Printed
from views.figures import drawing, wording

LABELS: dict[Way, str] = {
    "volume": "per month or by users",
    "tries": "attempts per response",
    "words": "from words",
    "benchmark": "from a benchmark",
}
# Takes the outcome: the content for each of the field's inputs that change, by name, the sum that led to it, and the
# shape of the day that is to be followed ("" for none).
Take = Callable[[Mapping[str, Any], str, str], None]


def offered(entry: Field) -> str:
    """What the popover of an input is called; "" if there is no other way to say it."""
    return LABELS[entry.said_as] if entry.said_as else ""


def draw(entry: Field, name: str, option: Option | None, take: Take) -> None:
    """The inside of the popover. `name` tells its fields from those of other inputs."""
    if entry.said_as == "volume":
        _volume(name, take)
    elif entry.said_as == "tries":
        _single(name, entry, "Attempts per accepted response", conversions.success_rate, take)
    elif entry.said_as == "benchmark":
        _benchmark(name, option, take)
    else:
        _words(name, entry, take)


def _number(label: str, name: str, default: str = "") -> float | None:
    """A number field of the popover; None while it is empty or cannot be read, which it then says."""
    text = st.text_input(label, value=default, key=f"convert {name}")
    reading = reader.amount(text or "", session.policy(), what=label.lower())
    if reading.fault:
        asking.fault(name, reading)
    elif reading.said:
        st.caption(wording.escaped(f"read as {reading.said}"))
    return reading.value


def _outcome(name: str, entry_name: str, found: Converted | None, words: str, take: Take) -> None:
    """The outcome and the button that takes it."""
    shape = ""
    if found is not None:
        st.markdown(f"= **{wording.escaped(words)}**")
        st.caption(wording.escaped(found.note))
        shape = _with_shape(name, found)
    st.button(
        "Apply",
        key=f"convert {name} take",
        type="primary",
        disabled=found is None,
        on_click=take,
        args=({entry_name: found.value}, found.note, shape) if found is not None else (),
    )


def _with_shape(name: str, found: Converted) -> str:
    """The shape of the day that goes with the outcome, unless it is not wanted; "" then."""
    shape = next((each for each in load_shapes() if each.name == found.shape), None)
    if shape is None:
        return ""
    peak = writer.trimmed(writer.digits(shape.peak_to_average, 2))
    label = f"Follow the load shape “{shape.name}”: its busiest hour is {peak} times the mean"
    is_wanted = st.checkbox(label, value=True, key=f"convert {name} shape", help=shape.entry.text("note") or None)
    st.caption(f"{shape.entry.text('confidence').capitalize()}, not measured; without it the smooth day stands.")
    return shape.name if is_wanted else ""


def _volume(name: str, take: Take) -> None:
    by_users = st.segmented_control(
        "Enter as", ["Requests", "Users x prompts"], default="Requests", required=True, key=f"convert {name} kind"
    )
    per: conversions.Per = st.selectbox("Per", get_args(conversions.Per), index=3, key=f"convert {name} per") or "month"
    days: float | None = conversions.WORKING_DAYS_A_YEAR
    if per == "working day":
        days = _number("Working days per year", f"{name} days", str(conversions.WORKING_DAYS_A_YEAR))
    found = None
    if by_users == "Requests":
        requests = _number(f"Requests per {per}", f"{name} requests")
        if requests is not None and days is not None:
            found = conversions.requests_per_day(requests, per, days)
    else:
        users = _number("Users", f"{name} users")
        prompts = _number(f"Prompts per user per {per}", f"{name} prompts")
        if users is not None and prompts is not None and days is not None:
            found = conversions.requests_of_users(users, prompts, per, days)
    _outcome(name, "requests_per_day", found, f"{writer.as_typed(found.value)} requests per day" if found else "", take)


def _single(name: str, entry: Field, label: str, convert: Callable[[float], Converted], take: Take) -> None:
    number = _number(label, name)
    found = None
    if number is not None:
        try:
            found = convert(number)
        except ValueError as error:
            drawing.error(wording.escaped(str(error)))
    _outcome(name, entry.name, found, writer.as_typed(found.value, percent=True) if found else "", take)


def _words(name: str, entry: Field, take: Take) -> None:
    words = _number("Words", name)
    ratio = _number("Words per 100 tokens", f"{name} ratio", str(conversions.WORDS_PER_100_TOKENS))
    st.caption("100 tokens are about 75 English words; other languages take more tokens.")
    found = None
    if words is not None and ratio:
        found = conversions.tokens(words, ratio)
    _outcome(name, entry.name, found, f"{writer.trimmed(writer.digits(found.value, 5))} tokens" if found else "", take)


# ----------------------------------------------------------------------------------------------------------- benchmarks


def _benchmark(name: str, option: Option | None, take: Take) -> None:
    """Throughput as it is printed, from one measurement or two, with what it comes to."""
    fields = option.fields if option is not None else None
    accelerators = fields.number("accelerators_per_system") if fields is not None else 1.0
    load = fields.number("system_power_load_w") if fields is not None else None
    left, right = st.columns(2)
    of = left.selectbox("Tokens/s per", get_args(conversions.Of)[::-1], key=f"convert {name} of")
    counted = right.selectbox("Counting tokens", get_args(conversions.Counted), key=f"convert {name} counted")
    measured = [each for number in (1, 2) if (each := _measurement(name, number, of, counted)) is not None]
    if not measured:
        st.caption("A second run at other lengths separates input from output speed.")
        return
    try:
        found = conversions.model_speed(measured, accelerators)
    except ValueError as error:
        drawing.error(wording.escaped(str(error)))
        return
    for each in measured:
        st.markdown(wording.escaped(conversions.echo(each.output_rate(accelerators), accelerators, load)))
    if found.prefill_rate is not None:
        st.markdown(
            wording.escaped(
                f"Input speed {writer.trimmed(writer.digits(found.prefill_rate, 5))}, output speed "
                f"{writer.trimmed(writer.digits(found.decode_rate, 5))} tokens/s"
            )
        )
    st.caption(wording.escaped(found.statement))
    for warning in found.warnings:
        drawing.warning(wording.escaped(warning))
    values = {
        "decode_rate": found.decode_rate,
        "prefill_rate": found.prefill_rate,
        "measured_input_tokens": found.measured_input_tokens,
        "measured_output_tokens": found.measured_output_tokens,
    }
    note = "; ".join(each.words() for each in measured)
    st.button("Apply", key=f"convert {name} take", type="primary", on_click=take, args=(values, note, ""))


def _measurement(name: str, number: int, of: Any, counted: Any) -> Printed | None:
    """One measurement; None until its three numbers are there."""
    st.markdown("**Measurement**" if number == 1 else "**Second measurement, if there is one**")
    columns = st.columns(3)
    labels = ("Tokens/s", "Input tokens", "Output tokens")
    values = []
    for column, label in zip(columns, labels, strict=True):
        with column:
            values.append(_number(f"{label}{'' if number == 1 else ' (2)'}", f"{name} {label} {number}"))
    rate, read, written = values
    if not rate or written is None:
        return None
    return Printed(rate, of, counted, read or 0.0, written)
