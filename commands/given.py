"""What every command does with what it is given: studies loaded, bad input told on standard error and by exit code."""

from __future__ import annotations

import argparse
import datetime
import sys
from collections.abc import Callable, Sequence
from typing import Protocol

from models.notation import reader
from models.studies.file.load import load
from models.studies.inputs.problem import Problem, StudyError
from models.studies.study import Study

BAD_INPUT = 2


class Faulty(Protocol):
    """An error that says all that is wrong: of a study, a workbook, a benchmark file."""

    @property
    def problems(self) -> Sequence[object]:
        """What is wrong, each with its remedy."""
        ...


def complain(path: str, error: Faulty) -> int:
    """Tell everything that is wrong with a file; the exit code."""
    for problem in error.problems:
        print(f"{path}: {problem}", file=sys.stderr)
    return BAD_INPUT


def unreadable(path: str, error: OSError) -> int:
    """Tell why a file cannot be read; the exit code."""
    print(f"{path}: cannot be read ({error.strerror or error}); check the name and its folder", file=sys.stderr)
    return BAD_INPUT


def unwritable(path: str, error: OSError) -> int:
    """Tell why a file cannot be written; the exit code."""
    print(f"{path}: cannot be written ({error.strerror or error}); choose another place", file=sys.stderr)
    return BAD_INPUT


def loaded(path: str) -> Study | None:
    try:
        return load(path)
    except StudyError as error:
        complain(path, error)
    except OSError as error:
        unreadable(path, error)
    return None


def answering(job: Callable[[argparse.Namespace, Study], int]) -> Callable[[argparse.Namespace], int]:
    """A job on one study, with bad input answered by messages and its exit code."""

    def answer(options: argparse.Namespace) -> int:
        study = loaded(options.study)
        if study is None:
            return BAD_INPUT
        try:
            return job(options, study)
        except StudyError as error:
            return complain(options.study, error)

    return answer


def bound(text: str) -> float:
    """A number as command lines write it, with a decimal point; thousands may be grouped."""
    found = reader.number(text, reader.POINT)
    if found.value is None:
        raise argparse.ArgumentTypeError(f"{text!r}: {found.fault or 'is blank; leave the option out'}")
    return float(found.value)


def whole(text: str) -> int:
    found = bound(text)
    if found != int(found):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number")
    return int(found)


def count(text: str) -> int:
    found = whole(text)
    if found < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no count; give 1 or more")
    return found


def day(text: str) -> datetime.date:
    found = reader.day(text)
    if not isinstance(found.value, datetime.date):
        raise argparse.ArgumentTypeError(f"{text!r} {found.fault}")
    return found.value


def check_pair(options: argparse.Namespace) -> None:
    """Raises StudyError where one option is named as both."""
    if options.option is not None and options.option == options.against:
        raise StudyError([Problem("--against", options.against, "is the same option; name another")])
