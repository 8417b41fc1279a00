"""Two rates from measured throughput: how fast a system reads (prefill) and how fast it writes (decode).

A benchmark at input length I and output length O gives X output tokens/s per accelerator, so a request takes O/X
accelerator-seconds. Reading and writing share them: I/r_p + O/r_d = O/X. Two shapes on the same system, model and
latency give both rates; more give them by least squares, with residuals that show how far the equation holds. One
shape gives only a blended rate, the output rate with the reading in it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.notation import writer

# Of columns scaled to equal length. At 20, measurements 1 % off can move a rate by 20 %.
LARGEST_CONDITION = 20.0
# A phase that is a smaller share of the tokens of every shape than this is lost in the noise of the other.
LEAST_INPUT_SHARE = 0.05
LEAST_OUTPUT_SHARE = 0.01
# A rate is told apart only where the ratios of input to output differ by this factor.
LEAST_SPREAD = 1.2
# A shape this much longer or shorter than the workload's says little: attention costs more for longer texts.
NEAR = 4.0
# The equation holds within this for rates that count as measured; beyond the other it does not hold.
RESIDUAL_SMALL, RESIDUAL_LARGE = 0.10, 0.20
# Reading is some times to some ten times as fast as writing; beyond this one of the two was not what limited.
LARGEST_RATIO = 100.0


class RatesError(ValueError):
    """Shapes from which no two rates follow; the message says why and what to measure instead."""


@dataclass(frozen=True)
class Shape:
    """One measurement: lengths in tokens per request, output tokens/s per accelerator at the latency wanted.

    `saturated` is False where the system served all that was offered, so that it could have done more; None = unknown.
    """

    name: str
    input_tokens: float
    output_tokens: float
    output_tok_s_per_accelerator: float
    saturated: bool | None = None

    @property
    def seconds(self) -> float:
        """Accelerator-seconds of one request: O/X."""
        return self.output_tokens / self.output_tok_s_per_accelerator

    @property
    def ratio(self) -> float:
        """Input tokens for each output token."""
        return self.input_tokens / self.output_tokens


@dataclass(frozen=True)
class Residual:
    """How far the two rates miss one shape: accelerator-seconds per request, measured and by the rates."""

    name: str
    measured_s: float
    fitted_s: float

    @property
    def relative(self) -> float:
        """(by the rates - measured)/measured."""
        return self.fitted_s / self.measured_s - 1


@dataclass(frozen=True)
class Rates:
    """Tokens/s per accelerator: `prefill_rate` and `decode_rate`, each phase alone; or a blended `decode_rate`.

    `confidence` is a word of a study's provenance: "measured" only for three shapes or more that agree; two always fit,
    so theirs is "assumed". `measured_input_tokens` and `measured_output_tokens` are set for a blended rate, which holds
    for that shape. `condition` tells how far errors of measurement are enlarged (1 = not at all), `shapes` names the
    shapes that the rates rest on.
    """

    prefill_rate: float | None
    decode_rate: float
    confidence: str
    statement: str
    residuals: tuple[Residual, ...] = ()
    condition: float | None = None
    measured_input_tokens: float | None = None
    measured_output_tokens: float | None = None
    warnings: tuple[str, ...] = ()
    shapes: tuple[str, ...] = ()

    @property
    def largest_miss(self) -> float:
        """By what share the rates miss the shape that they fit worst; 0 where they fit exactly."""
        return max((abs(residual.relative) for residual in self.residuals), default=0.0)

    @property
    def holds(self) -> bool:
        """Whether the equation holds over the shapes: no shape is missed by more than a fifth."""
        return self.largest_miss <= RESIDUAL_LARGE

    @property
    def blended(self) -> bool:
        """Whether the reading is in the output rate."""
        return self.prefill_rate is None

    def seconds(self, input_tokens: float, output_tokens: float) -> float:
        """Accelerator-seconds of a request of these lengths."""
        reading = 0.0 if self.prefill_rate is None else input_tokens / self.prefill_rate
        return reading + output_tokens / self.decode_rate


@dataclass(frozen=True)
class Lengths:
    """What the rates are for: tokens per request of a workload."""

    input_tokens: float
    output_tokens: float


def rates(shapes: Sequence[Shape], workload: Lengths | None = None) -> Rates:
    """Both rates from two shapes or more by least squares of relative errors; a blended rate from one.

    Relative, because a shape that takes 40 times as long is not measured 40 times as badly. With a `workload`, shapes
    far from it are flagged. All shapes must be of one system, model, precision and latency target: that is the
    caller's to see to.

    Raises RatesError, with the reason, for shapes that are not measurements, not saturated or too much alike, and
    where a rate would be negative.
    """
    _check(shapes)
    warnings = _distance(shapes, workload)
    if len(shapes) == 1:
        return _blended(shapes[0], warnings)
    _check_shares(shapes)
    _check_saturation(shapes)
    per_input, per_output, condition = _solved(shapes)
    fitted = tuple(
        Residual(s.name, s.seconds, s.input_tokens * per_input + s.output_tokens * per_output) for s in shapes
    )
    worst = max(abs(residual.relative) for residual in fitted)
    if per_output / per_input > LARGEST_RATIO:
        warnings.append(
            f"reading comes out {writer.count(per_output / per_input)} times as fast as writing: one of the "
            "shapes was hardly "
            "limited by reading, or not saturated"
        )
    if len(shapes) > 2 and worst > RESIDUAL_LARGE:
        warnings.append(
            f"the two rates miss a shape by {writer.share(worst)}: the equation does not hold over these "
            "shapes. Fit those near "
            "the workload's own, at the same latency"
        )
    return Rates(
        prefill_rate=1 / per_input,
        decode_rate=1 / per_output,
        confidence="measured" if len(shapes) > 2 and worst <= RESIDUAL_SMALL else "assumed",
        statement=_statement(len(shapes), worst),
        residuals=fitted,
        condition=condition,
        warnings=tuple(warnings),
        shapes=tuple(shape.name for shape in shapes),
    )


def fitted(shapes: Sequence[Shape], workload: Lengths | None = None) -> Rates:
    """The rates from the shapes that suit, the others left out by name; where no two rates follow from several, the
    blended rate of the shape nearest the workload, and why.

    Raises RatesError as `rates` does where not even one shape gives a rate.
    """
    suit = [shape for shape in shapes if shape.saturated is not False]
    warnings = [f"left out: {each}" for each in _idle(shapes)] if suit else []
    try:
        found = rates(suit or shapes, workload)
    except RatesError as error:
        if len(suit) < 2:
            raise
        nearest = min(suit, key=lambda shape: _apart(shape, workload))
        found = rates([nearest], workload)
        warnings.append(
            f"no two rates follow from these shapes: {error}. {nearest.name} is taken, nearest the workload"
        )
    return replace(found, warnings=(*warnings, *found.warnings))


def _apart(shape: Shape, workload: Lengths | None) -> float:
    """How far a shape is from the workload's own, by its lengths; 0 for the same."""
    if workload is None:
        return 0.0
    pairs = ((shape.input_tokens, workload.input_tokens), (shape.output_tokens, workload.output_tokens))
    return sum(abs(math.log(one / other)) for one, other in pairs)


def _statement(shapes: int, worst: float) -> str:
    if shapes == 2:
        return "two rates from two shapes: an exact fit without residuals, so nothing shows how well it holds"
    return (
        f"two rates from {shapes} shapes by least squares of relative errors; the largest miss is {writer.share(worst)}"
    )


def _blended(shape: Shape, warnings: list[str]) -> Rates:
    lengths = f"{writer.as_typed(shape.input_tokens)} input and {writer.as_typed(shape.output_tokens)} output tokens"
    return Rates(
        prefill_rate=None,
        decode_rate=shape.output_tok_s_per_accelerator,
        confidence="measured",
        statement=f"one shape gives one blended rate, output tokens with the reading in it: it holds for {lengths}",
        measured_input_tokens=shape.input_tokens,
        measured_output_tokens=shape.output_tokens,
        warnings=(*warnings, *_idle([shape])),
        shapes=(shape.name,),
    )


# ------------------------------------------------------------------------------------------------------------- the fit


def _solved(shapes: Sequence[Shape]) -> tuple[float, float, float]:
    """Seconds per input token and per output token, and the condition of the equations.

    Rows are divided by their measured seconds, so that each asks for 1. With columns scaled to length 1 and c the
    cosine between them, the condition number is sqrt((1 + c)/(1 - c)).
    """
    rows = [(shape.input_tokens / shape.seconds, shape.output_tokens / shape.seconds) for shape in shapes]
    reading, writing = math.hypot(*(i for i, _ in rows)), math.hypot(*(o for _, o in rows))
    scaled = [(i / reading, o / writing) for i, o in rows]
    cosine = math.fsum(i * o for i, o in scaled)
    # 1 - cosine^2 without cancellation: the sum of squared determinants of every pair of rows (Lagrange's identity).
    apart = math.fsum((a * d - b * c) ** 2 for k, (a, b) in enumerate(scaled) for c, d in scaled[k + 1 :])
    condition = (1 + cosine) / math.sqrt(apart) if apart > 0 else math.inf
    ratios = sorted(shape.ratio for shape in shapes)
    if ratios[-1] < LEAST_SPREAD * ratios[0] or condition > LARGEST_CONDITION:
        raise RatesError(
            f"the shapes are too much alike (input to output tokens from {writer.digits(ratios[0], 3)} to "
            f"{writer.digits(ratios[-1], 3)}, "
            f"condition number {writer.digits(condition, 3)}): measure one with far more input for its output"
        )
    read, written = math.fsum(i for i, _ in scaled), math.fsum(o for _, o in scaled)
    per_input = (read - cosine * written) / apart / reading
    per_output = (written - cosine * read) / apart / writing
    _check_signs(per_input, per_output, shapes)
    return per_input, per_output, condition


def _check_signs(per_input: float, per_output: float, shapes: Sequence[Shape]) -> None:
    for value, phase in ((per_input, "prefill"), (per_output, "decode")):
        if value <= 0:
            told = ", ".join(f"{shape.name} {writer.digits(shape.seconds, 4)} s" for shape in shapes)
            raise RatesError(
                f"the {phase} rate would be negative (accelerator-seconds per request: {told}): the shapes were not "
                "measured at the same latency and saturation, or the system slows down with length. Give shapes near "
                "the workload's own, each at its full load"
            )


# ------------------------------------------------------------------------------------------------------------- guards


def _check(shapes: Sequence[Shape]) -> None:
    if not shapes:
        raise RatesError("no shape: give at least one measurement, two with different lengths for two rates")
    for shape in shapes:
        for words, value in (
            ("input tokens", shape.input_tokens),
            ("output tokens", shape.output_tokens),
            ("output tokens/s per accelerator", shape.output_tok_s_per_accelerator),
        ):
            if not math.isfinite(value) or value <= 0:
                raise RatesError(f"{shape.name}: {words} is {writer.as_typed(value)}; give a measurement above 0")


def _check_shares(shapes: Sequence[Shape]) -> None:
    """Each phase must be a visible part of at least one shape."""
    inputs = max(shape.ratio / (1 + shape.ratio) for shape in shapes)
    outputs = max(1 / (1 + shape.ratio) for shape in shapes)
    if inputs < LEAST_INPUT_SHARE:
        raise RatesError(
            f"input is at most {writer.share(inputs)} of the tokens of any shape: the reading rate cannot be "
            "told from these; "
            "measure a shape with a long input"
        )
    if outputs < LEAST_OUTPUT_SHARE:
        raise RatesError(
            f"output is at most {writer.share(outputs)} of the tokens of any shape: the writing rate cannot be "
            "told from these; "
            "measure a shape with a longer output"
        )


def _check_saturation(shapes: Sequence[Shape]) -> None:
    if idle := _idle(shapes):
        raise RatesError(f"{idle[0]}. Give each shape at the highest load that meets the latency targets")


def _idle(shapes: Sequence[Shape]) -> list[str]:
    names = [shape.name for shape in shapes if shape.saturated is False]
    return [f"not saturated, the system served all that was offered: {', '.join(names)}"] if names else []


def _distance(shapes: Sequence[Shape], workload: Lengths | None) -> list[str]:
    """How far the shapes are from the workload's own."""
    if workload is None:
        return []
    if not (workload.input_tokens > 0 and workload.output_tokens > 0):
        raise RatesError("the workload's requests need input and output tokens above 0")
    length, ratio = workload.input_tokens + workload.output_tokens, workload.input_tokens / workload.output_tokens
    told = []
    far = [s.name for s in shapes if not 1 / NEAR <= (s.input_tokens + s.output_tokens) / length <= NEAR]
    if far:
        told.append(
            f"{', '.join(far)}: more than {writer.as_typed(NEAR)} times as long or as short as the workload's "
            f"requests ({writer.count(length)} "
            "tokens); measure nearer"
        )
    ratios = sorted(shape.ratio for shape in shapes)
    if len(shapes) > 1 and not ratios[0] <= ratio <= ratios[-1]:
        told.append(
            f"the workload has {writer.digits(ratio, 3)} input tokens for each output token, outside the "
            f"{writer.digits(ratios[0], 3)} to "
            f"{writer.digits(ratios[-1], 3)} that were measured: its rate is extrapolated"
        )
    return told
