"""Zip archives: from the bytes of a stranger, in memory and within limits, and one's own made."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence

from files.limits import LARGEST_RATIO, RATIO_COUNTS_FROM_BYTES, Limits, Refused, check_size


def parts(content: bytes, limits: Limits) -> Iterator[tuple[str, bytes]]:
    """The files in an archive, folders left out, each with its name as the archive spells it.

    Raises Refused for what is no archive ("damaged"), is "encrypted", or larger than its kind may be ("large", "parts",
    "unpacked", "ratio").
    """
    check_size(len(content), limits)
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = archive.infolist()
        check(members, limits)
        for each in members:
            if not each.is_dir():
                yield each.filename, archive.read(each)
    except Refused:
        raise
    except Exception as error:  # noqa: BLE001 - zipfile raises whatever a damaged archive runs into
        raise Refused("damaged", detail=str(error), error=type(error).__name__) from None


def packed(parts: Mapping[str, str]) -> bytes:
    """An archive of text files, by name."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return target.getvalue()


def check(members: Sequence[zipfile.ZipInfo], limits: Limits) -> None:
    """Raises Refused for an archive that holds more than its kind may, by what it says of itself."""
    unpacked = sum(each.file_size for each in members)
    figures = {"megabytes": unpacked / 1e6, "parts": len(members), "most": LARGEST_RATIO}
    if any(each.flag_bits & 1 for each in members):
        raise Refused("encrypted")
    if len(members) > limits.parts:
        raise Refused("parts", **figures)
    if unpacked > limits.unpacked:
        raise Refused("unpacked", **figures)
    large = (each for each in members if each.file_size >= RATIO_COUNTS_FROM_BYTES)
    if any(each.file_size > LARGEST_RATIO * max(each.compress_size, 1) for each in large):
        raise Refused("ratio", **figures)
