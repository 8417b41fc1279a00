"""Uploaded benchmark files: bounded, told apart by content, read whole or refused whole.

A file's name is text for messages and sources, and nothing else. Nothing here draws.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from files.limits import BENCHMARKS_ON_A_PAGE, file_name
from importers import serving
from importers.measuring.bundles import Part, joined, unpacked
from importers.records.format import STATED
from importers.records.record import BenchmarkError, Record
from models.notation import writer

MOST_FILES = BENCHMARKS_ON_A_PAGE.parts
MOST_RUNS = 500
SAMPLE = Path(__file__).parents[2] / "templates" / "samples" / "made-up-example.json"
# How the command line is told the number of accelerators; on the page there is a field for it.
_OF_THE_COMMAND_LINE = " (--accelerators N)"


# Content, name and number of accelerators given: what a reading depends on.
Key = tuple[str, str, int | None]


@dataclass(frozen=True)
class Upload:
    """One file as it was given: its cleaned name, its bytes, and whether it is the made-up example."""

    name: str
    data: bytes
    digest: str
    made_up: bool = False


@dataclass(frozen=True)
class Reading:
    """What a file holds: its runs, or the reasons why it is refused, each with its remedy."""

    upload: Upload
    records: tuple[Record, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def lacks_accelerators(self) -> bool:
        """Whether a run does not say how many accelerators served, so that nothing of it can be priced."""
        return any(record.accelerators is None for record in self.records)

    @property
    def states_accelerators(self) -> bool:
        """Whether every run states its number, so that nobody need be asked."""
        return bool(self.records) and all(record.accelerators_basis == STATED for record in self.records)

    def remarks(self) -> tuple[str, ...]:
        """What was noticed, each once, with the runs that it is about where it is not about all."""
        runs: dict[str, list[str]] = {}
        for record in self.records:
            for warning in record.warnings:
                runs.setdefault(for_the_page(warning), []).append(record.run)
        everywhere = len(self.records)
        return tuple(
            warning if len(about) == everywhere else f"{', '.join(about[:4])}{_more(len(about) - 4)}: {warning}"
            for warning, about in runs.items()
        )


def _more(number: int) -> str:
    return f" and {number} more" if number > 0 else ""


def for_the_page(message: str) -> str:
    """A message of an importer without the option of the command line in it."""
    return message.replace(_OF_THE_COMMAND_LINE, "")


def added(held: Sequence[Upload], given: Sequence[tuple[str, bytes]]) -> tuple[tuple[Upload, ...], tuple[str, ...]]:
    """The files held with those given, a zip taken as the files in it, and a message for each that was not taken.

    A file of the same content is not taken twice; one of a name that is taken gets a number, since some tools give all
    their files one name.
    """
    files, refused = list(held), list[str]()
    parts = list[Part]()
    for name, data in joined(given):
        try:
            parts += unpacked(name, data)
        except BenchmarkError as error:
            refused += [f"{file_name(name)}: {problem}" for problem in error.problems]
    for raw_name, data in parts:
        name = file_name(raw_name)
        digest = hashlib.sha256(data).hexdigest()
        together = sum(len(file.data) for file in files) + len(data)
        if any(file.digest == digest for file in files):
            refused.append(f"{name}: already uploaded; counted once")
        elif len(files) >= MOST_FILES:
            refused.append(f"{name}: {MOST_FILES} files are there already; remove some first")
        elif together > BENCHMARKS_ON_A_PAGE.bytes:
            most = BENCHMARKS_ON_A_PAGE.megabytes
            refused.append(f"{name}: the files would be more than {most} MB together; remove some first")
        else:
            files.append(Upload(_unused(name, [file.name for file in files]), data, digest))
    return tuple(files), tuple(refused)


def sample() -> Upload:
    """The made-up example, to try the page with."""
    data = SAMPLE.read_bytes()
    return Upload(SAMPLE.name, data, hashlib.sha256(data).hexdigest(), made_up=True)


def _unused(name: str, taken: Sequence[str]) -> str:
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name} ({number})"
    return found


def read(upload: Upload, accelerators: int | None) -> Reading:
    """The runs in a file; `accelerators` is the number a person gave for it."""
    try:
        records = tuple(serving.read(upload.data, upload.name, accelerators))
    except BenchmarkError as error:
        return Reading(upload, problems=tuple(for_the_page(problem) for problem in error.problems))
    if len(records) > MOST_RUNS:
        told = f"holds {writer.count(len(records))} runs, more than the {MOST_RUNS} that a page can show: split it"
        return Reading(upload, problems=(told,))
    return Reading(upload, records)


def readings(
    uploads: Sequence[Upload], common: int | None, own: Mapping[str, int], known: Mapping[Key, Reading]
) -> dict[Key, Reading]:
    """Every file read, by content, name and number of accelerators; what is `known` is not read again.

    `common` counts for the files that do not say, `own` (by name) for one file alone.
    """
    found: dict[Key, Reading] = {}
    for upload in uploads:
        given = own.get(upload.name)
        key = (upload.digest, upload.name, given)
        reading = known.get(key) or read(upload, given)
        found[key] = reading
        if given is None and common is not None and reading.lacks_accelerators:
            asked = (upload.digest, upload.name, common)
            found[asked] = known.get(asked) or read(upload, common)
    return found


def in_use(found: Mapping[Key, Reading]) -> list[Reading]:
    """Of each file the reading that counts: the last, which knows the accelerators."""
    return list({name: reading for (_, name, _), reading in found.items()}.values())
