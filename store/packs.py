"""Several studies as one file, and back: a zip of study files and a list of their names and tags."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from files import zips
from files.limits import STUDIES, Refused
from models.studies.file.toml import file_name
from models.studies.inputs.problem import StudyError
from store.database import StoreError
from store.shelf import Entry, Shelf, json_of, study_of

# The list of what the file holds: for each study its file, its id where it came from, its name and its tags.
LIST = "studies.json"
FORMAT = 1


@dataclass(frozen=True)
class TakenIn:
    """What became of a file of studies: those that are kept now, and for each that is not, why."""

    entries: tuple[Entry, ...]
    refused: tuple[str, ...]


def packed(shelf: Shelf, ids: Sequence[str]) -> bytes:
    """Studies as one file, in the order given; one whose content cannot be read is in it as it is kept."""
    parts, listed = {}, []
    for number, id in enumerate(ids, start=1):
        entry, content = shelf.content(id)
        name = f"{number:03}-{file_name(entry.name)}.toml"
        listed.append({"file": name, "id": id, "name": entry.name, "tags": list(entry.tags)})
        parts[name] = content
    said = json.dumps({"format": FORMAT, "studies": listed}, ensure_ascii=False, indent=1)
    return zips.packed(parts | {LIST: said})


def taken_in(shelf: Shelf, content: bytes, owner: str) -> TakenIn:
    """Keep the studies of a file, each as a new one. Raises StoreError for a file that holds none.

    Two of one id are both refused: nobody could say which is meant.
    """
    try:
        held = dict(zips.parts(content, STUDIES))
    except Refused as error:
        raise StoreError(f"the file is no archive of studies ({error.fault})", "choose one that Export made") from None
    listed = _listed(held)
    ids = [each.get("id") for each in listed]
    entries, refused = [], []
    for each in listed:
        name = str(each.get("name") or each.get("file"))
        if each.get("id") and ids.count(each.get("id")) > 1:
            refused.append(f"{name}: the file has two studies of this id; take out one of them")
            continue
        try:
            study = study_of(held[str(each.get("file"))].decode(), name)
            entry = shelf.add(study, name, owner=owner, origin="Taken in from a file")
            tags = each.get("tags")
            entries.append(shelf.tag(entry.id, map(str, tags)) if isinstance(tags, list) and tags else entry)
        except (KeyError, UnicodeDecodeError):
            refused.append(f"{name}: its file is missing or no text; take the studies out again")
        except (StoreError, StudyError) as error:
            refused.append(f"{name}: {error}")
    return TakenIn(tuple(entries), tuple(refused))


def _listed(held: dict[str, bytes]) -> list[dict[str, Any]]:
    """What the archive says it holds; an archive of study files without a list is taken by their names."""
    if LIST not in held:
        found = [{"file": name} for name in sorted(held) if name.endswith(".toml")]
        if not found:
            raise StoreError("the file holds no study", "choose a .zip that Export made, or one of .toml files")
        return found
    said = json_of(held[LIST].decode(errors="replace"), {})
    if isinstance(form := said.get("format"), int) and form > FORMAT:
        raise StoreError("the file was made by a newer version of this app", "update the app")
    listed = said.get("studies")
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise StoreError(f"the list in the file ({LIST}) cannot be read", "choose a file that Export made")
    return listed
