"""Other ways to say an input: volume by month or by users, tries for a success rate, words for tokens, throughput as a
benchmark prints it. Plain functions; each gives the value and, in words, how it came about.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from models.analysis.measured.rates import Rates, RatesError, Shape, rates
from models.catalogue.shapes import OFFICE_DAY
from models.notation import writer

DAYS_A_YEAR, MONTHS_A_YEAR, WEEKS_A_YEAR = 365, 12, 365 / 7
WORKING_DAYS_A_YEAR = 250
# The rule of thumb for English text: 100 tokens are about 75 words.
WORDS_PER_100_TOKENS = 75

Per = Literal["day", "working day", "week", "month", "year"]
Counted = Literal["output", "total", "input"]
Of = Literal["accelerator", "system"]


@dataclass(frozen=True)
class Converted:
    """A value in the input's own unit, the sum that led to it, and the shape of the day that goes with it, if any."""

    value: float
    note: str
    shape: str = ""


def requests_per_day(requests: float, per: Per, working_days: float = WORKING_DAYS_A_YEAR) -> Converted:
    """Requests per calendar day, as the model counts them; `working_days` a year where that is the unit."""
    times = {
        "day": DAYS_A_YEAR,
        "working day": working_days,
        "week": WEEKS_A_YEAR,
        "month": MONTHS_A_YEAR,
        "year": 1,
    }[per]
    spelt = {"week": "365 / 7"}.get(per, writer.exact(times))
    note = f"{writer.exact(requests)} a {per} x {spelt} / {DAYS_A_YEAR}"
    return Converted(requests * times / DAYS_A_YEAR, note)


def requests_of_users(users: float, prompts: float, per: Per, working_days: float = WORKING_DAYS_A_YEAR) -> Converted:
    """Requests per calendar day of so many people, each asking so often; those of a working day, in office hours."""
    found = requests_per_day(users * prompts, per, working_days)
    note = f"{writer.exact(users)} users x {writer.exact(prompts)} prompts: {found.note}"
    return Converted(found.value, note, OFFICE_DAY if per == "working day" else "")


def success_rate(tries: float) -> Converted:
    """The success rate, from the attempts that an accepted response takes on average (at least 1).

    Raises ValueError below 1.
    """
    if tries < 1:
        raise ValueError("an accepted response takes at least one attempt")
    return Converted(1 / tries, f"1 / {writer.exact(tries)} attempts per accepted response")


def tokens(words: float, words_per_100_tokens: float = WORDS_PER_100_TOKENS) -> Converted:
    """Tokens of a text of so many words. Raises ValueError unless the ratio is above 0."""
    if words_per_100_tokens <= 0:
        raise ValueError("words per 100 tokens must be above 0")
    note = f"{writer.exact(words)} words at {writer.as_typed(words_per_100_tokens)} per 100 tokens"
    return Converted(words * 100 / words_per_100_tokens, note)


@dataclass(frozen=True)
class Printed:
    """Throughput as a benchmark prints it: tokens/s, of what, counting which tokens, at which lengths."""

    tokens_per_second: float
    of: Of
    counted: Counted
    input_tokens: float
    output_tokens: float

    def output_rate(self, accelerators_per_system: float) -> float:
        """Output tokens/s per accelerator, reading included.

        Raises ValueError where the lengths do not say how many of the tokens are output.
        """
        if self.output_tokens <= 0 or (self.counted == "input" and self.input_tokens <= 0):
            raise ValueError("give the lengths of the measurement: input tokens and output tokens")
        rate = self.tokens_per_second / (accelerators_per_system if self.of == "system" else 1)
        if self.counted == "input":
            return rate * self.output_tokens / self.input_tokens
        if self.counted == "total":
            return rate * self.output_tokens / (self.input_tokens + self.output_tokens)
        return rate

    def words(self) -> str:
        """The measurement in words."""
        lengths = f"{writer.exact(self.input_tokens)} read and {writer.exact(self.output_tokens)} written"
        return f"{writer.exact(self.tokens_per_second)} {self.counted} tokens/s per {self.of} at {lengths}"


def model_speed(measured: list[Printed], accelerators_per_system: float) -> Rates:
    """The rates that measurements give: a blended one from one, reading and writing from two.

    Raises ValueError (`RatesError` among them) with the reason where they give none.
    """
    shapes = [
        Shape(each.words(), each.input_tokens, each.output_tokens, each.output_rate(accelerators_per_system))
        for each in measured
    ]
    if not shapes:
        raise RatesError("give at least one measurement")
    return rates(shapes)


def echo(rate: float, accelerators_per_system: float, load_w: float | None) -> str:
    """A rate per accelerator said otherwise, so that a factor of the system's size is seen: per system, and J/token."""
    system = rate * accelerators_per_system
    parts = [
        f"{writer.trimmed(writer.digits(rate, 5))} tokens/s per accelerator",
        f"{writer.trimmed(writer.digits(system, 6))} per system of {writer.as_typed(accelerators_per_system)}",
    ]
    if load_w and system > 0:
        parts.append(f"{writer.digits(load_w / system, 3)} J per token at {writer.exact(load_w)} W")
    return ", ".join(parts)
