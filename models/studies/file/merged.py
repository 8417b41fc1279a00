"""Two changes of one study brought together: what each changed since the study that both began with."""

from __future__ import annotations

from dataclasses import dataclass

from models.studies.compared import changed
from models.studies.file.load import dumps, loads
from models.studies.inputs.paths import parted
from models.studies.inputs.problem import Problem, StudyError
from models.studies.study import Study

NO_PLACE = "stands in no row of the other study, so that the two cannot be brought together; keep one of them, or both"


@dataclass(frozen=True)
class Merged:
    """The study with the changes of both; `both` are the inputs that each set otherwise: there one's own stand."""

    study: Study
    both: tuple[str, ...]


def merged(base: Study, mine: Study, theirs: Study) -> Merged:
    """What `mine` changed since `base`, made in `theirs`.

    Raises StudyError where a row that one of them added, removed or renamed keeps the two apart, and where the study
    that comes of it breaks a rule.
    """
    other = {each.path: each.new for each in changed(base, theirs)}
    study, both = theirs, []
    for each in changed(base, mine):
        row_path, name = parted(each.path)
        place, own = study.places.get(row_path), mine.places.get(row_path)
        if place is None or own is None or name not in place.row:
            raise StudyError([Problem(each.path, None, NO_PLACE)])
        if each.path in other and other[each.path] != each.new:
            both.append(each.path)
        study = study.with_row(place, place.row.replaced(name, own.row[name]))
    return Merged(loads(dumps(study)), tuple(both))
