"""Several result files at once: a folder, a zip, or files by themselves, each part under a name that tells it apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from files import zips
from files.limits import BENCHMARK, BENCHMARKS, Fault, Refused, kind, loaded
from importers.records.document import WORDS
from importers.records.record import BenchmarkError
from importers.serving.clients import evalscope

# How the files of benchmark tools end; what else lies in a folder (pictures, reports, databases) is passed over.
ENDINGS = frozenset((".json", ".jsonl", ".ndjson", ".csv", ".yaml", ".yml", ".txt", ".log"))
Part = tuple[str, bytes]
_WORDS: Mapping[Fault, str] = {
    **WORDS,
    "damaged": "is no archive that can be opened ({error}); pack it again",
    "encrypted": "is locked with a password; pack it again without",
    "parts": "holds {parts} files, more than are read at once; pack fewer",
    "unpacked": "would unpack to {megabytes:.0f} MB; pack fewer files",
    "ratio": "unpacks to more than {most} times its size, which no benchmark does; is it the right file?",
}


def unpacked(name: str, data: bytes) -> list[Part]:
    """The result files in what was given: of a zip its parts, else the file itself.

    Raises BenchmarkError for an archive that cannot be opened, or that holds no result file.
    """
    if kind(data) != "zip":
        return [(name, data)]
    try:
        parts = [(inner, content) for inner, content in zips.parts(data, BENCHMARKS) if is_result(inner)]
    except Refused as refused:
        raise BenchmarkError(name, [f"the file {refused.told(_WORDS)}"]) from None
    if not parts:
        raise BenchmarkError(name, [f"the archive holds no file that ends in {', '.join(sorted(ENDINGS))}"])
    return list(_told_apart(joined(parts)))


def joined(parts: Sequence[Part]) -> list[Part]:
    """The parts, what a tool writes of one run as two files being one: of EvalScope the summary and its percentiles.

    They belong together where a folder holds one of each.
    """
    held = dict(parts)
    merged: dict[str, bytes | None] = {}
    for name, content in parts if len(held) == len(parts) else ():
        other = str(PurePosixPath(name).with_name(evalscope.PERCENTILES))
        if PurePosixPath(name).name == evalscope.SUMMARY and other in held:
            whole = evalscope.joined(content, held[other])
            merged |= {name: whole, other: None} if whole is not None else {}
    both = ((name, merged.get(name, content)) for name, content in parts)
    return [(name, content) for name, content in both if content is not None]


def on_disk(path: str) -> Iterator[Part]:
    """The result files behind a path: a file, a zip's parts, or those of a folder and the folders in it, by name.

    Raises BenchmarkError for what holds none, and OSError for what cannot be read.
    """
    place = Path(path)
    if not place.is_dir():
        yield from unpacked(place.name, _loaded(place, "the file"))
        return
    inside = sorted(each for each in place.rglob("*") if each.is_file() and is_result(str(each.relative_to(place))))
    if not inside:
        raise BenchmarkError(place.name, [f"the folder holds no file that ends in {', '.join(sorted(ENDINGS))}"])
    names = {each: each.relative_to(place).as_posix() for each in inside}
    yield from _told_apart(joined([(name, _loaded(each, name)) for each, name in names.items()]))


def _loaded(place: Path, called: str) -> bytes:
    try:
        return loaded(place, BENCHMARK)
    except Refused as refused:
        raise BenchmarkError(place.name, [f"{called} {refused.told(_WORDS)}"]) from None


def is_result(name: str) -> bool:
    """Whether a file in a folder or archive may be a result, by its name; hidden files are none."""
    path = PurePosixPath(name)
    hidden = any(part.startswith((".", "__MACOSX")) for part in path.parts)
    return path.suffix.lower() in ENDINGS and not hidden


def _told_apart(parts: Sequence[Part]) -> Iterator[Part]:
    """The parts by their own name, with the folder before it where several have one name."""
    names = Counter(PurePosixPath(name).name for name, _ in parts)
    for name, content in parts:
        path = PurePosixPath(name)
        yield " ".join(path.parts[-2:]) if names[path.name] > 1 else path.name, content
