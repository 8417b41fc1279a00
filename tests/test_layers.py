"""Who may import whom, and the few rules about the source that a program can check.

Data flows one way (templates, study, model, result, then page or workbook), so imports do too. Each rule is a function
from source to findings, and each is shown to find what it looks for, because a guard that cannot fail guards nothing.
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# Each room, in the order of the floors: the libraries it may import. A room imports itself and rooms on floors below
# its own, never one beside or above it.
FLOORS: tuple[dict[str, set[str]], ...] = (
    {
        "files": {"defusedxml", "openpyxl", "yaml"},
        "models/notation": set(),
        "models/finance": {"numpy", "numpy_financial"},
    },
    {"models/engine": {"numpy"}},
    {"models/chapters/capacity": set(), "models/chapters/money": set(), "models/chapters/work": set()},
    {"models/chapters": set(), "models/studies/inputs": set()},
    {"models/studies": set()},
    {"models/studies/file": {"tomli_w"}},
    {"models/catalogue": set()},
    {"models/run": {"numpy"}},
    {"models/analysis": set()},
    {"models/analysis/metrics": {"numpy", "pandas"}, "models/analysis/measured": {"numpy"}},
    {"models/analysis/decision": {"numpy"}},
    {"models/analysis/sensitivity": {"numpy"}},
    {"models/analysis/risk": {"SALib", "numpy", "scipy"}},
    {
        "models/analysis/claims": set(),
        "models/analysis/levers": set(),
        "models/analysis/quickstart": set(),
        "models/analysis/reporting": set(),
    },
    {
        "charts": {"altair", "numpy", "vl_convert"},
        "importers/records": {"pyarrow"},
        "sweeps": {"distributed", "pyarrow"},
        "store": {"alembic", "sqlalchemy"},
        "workbook/writing": {"openpyxl", "xlsxwriter"},
    },
    {"workbook/decision": {"xlsxwriter"}},
    {
        "documents": {"docx"},
        "importers/serving/clients": set(),
        "importers/serving/engines": set(),
        "importers/serving/published": set(),
        "store/migrations": {"alembic"},
        "store/migrations/versions": {"alembic", "sqlalchemy"},
        "importers/power": set(),
        "importers/quotes/cells": set(),
        "workbook/sheets/given": {"xlsxwriter"},
        "workbook/sheets/model": {"xlsxwriter"},
    },
    {"importers/serving": set()},
    {
        "importers/measuring": set(),
        "importers/quotes/reading": {"openpyxl"},
        "workbook/sheets/found": {"xlsxwriter"},
        "workbook/sheets/front": {"xlsxwriter"},
    },
    {"importers/quotes/option": set(), "workbook": {"openpyxl", "xlsxwriter"}},
    {"importers/quotes": {"openpyxl"}},
    {"serving": {"streamlit"}, "views/sign_in": {"streamlit"}},
    {"views": set(), "views/session": {"streamlit"}, "views/pages": {"streamlit"}},
    {"views/figures": {"pandas", "pyarrow", "streamlit"}},
    {"views/fields": {"streamlit"}, "views/frame": {"streamlit"}},
    {
        "views/decision": {"pandas", "streamlit"},
        "views/improve": {"streamlit"},
        "views/inputs/benchmarks": {"pandas", "streamlit"},
        "views/inputs/catalogue": {"pyarrow", "streamlit"},
        "views/library": {"pyarrow", "streamlit"},
        "views/results": {"pandas", "streamlit"},
    },
    {"views/inputs/quotes": {"pandas", "pyarrow", "streamlit"}},
    {"views/inputs/tables": {"pandas", "streamlit"}, "views/inputs/uncertainty": {"pandas", "streamlit"}},
    {"views/inputs": {"streamlit"}},
    {"views/bar": {"streamlit"}},
    {"commands": set()},
    {"cli": set(), "app": {"starlette", "streamlit"}},
)
ROOMS: dict[str, tuple[int, set[str]]] = {
    room: (floor, libraries) for floor, rooms in enumerate(FLOORS) for room, libraries in rooms.items()
}
# What two rooms on one path may never do, whatever their floors: keep the command line and the pages apart.
APART = {"commands": "views", "cli": "views", "app": "models"}
NAMES_THAT_SAY_NOTHING = {"utils", "util", "common", "helpers", "helper", "core", "misc"}
LONGEST_FUNCTION = 60

# In pieces, so that this file does not find itself.
UNFINISHED = re.compile(
    "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X", "NotImplemented" + "Error", r"\bfor " + r"now\b"])
)
NOT_RUN = re.compile("pytest" + r"\.(skip|importorskip|xfail)\b|mark" + r"\.(skip|xfail)")
MACHINE_PATH = re.compile(r"(?<![\w.~*])/(work|root|home|tmp)" + "/[a-z]")
NOT_OURS = {".git", ".venv", ".hypothesis", ".pytest_cache", ".ruff_cache", "__pycache__", "shots"}
TEXT = {".py", ".md", ".toml", ".txt", ".csv", ".json", ".yaml", ".yml", ""}


# Where text is written for another program: a formula's constants, a cell as CSV, what an older workbook held, the
# targets of a run as its record keeps them, and what a message says to write into a file.
FOR_PROGRAMS = {
    *("models/studies/inputs/problem.py", "models/studies/inputs/value.py", "importers/records/fields.py"),
    *("models/notation/writer.py", "models/notation/reader.py", "models/catalogue/rows.py", "workbook/read.py"),
    *("importers/serving/clients/genai_perf.py", "importers/serving/published/mlperf.py"),
    *("workbook/writing/formula.py", "workbook/writing/layout.py", "workbook/decision/sentences.py"),
    "workbook/sheets/given/inputs.py",
}
FIGURE_FORMAT = re.compile(r"[+,]?(\.\d+)?[,]?[gfe%]|[+,]+|,?\.\d+.*")


def figures_formatted(source: str) -> list[int]:
    """The lines on which a figure is put into text by a format of its own, not by the one writer."""
    found = []
    for node in ast.walk(ast.parse(source)):
        spec = node.format_spec if isinstance(node, ast.FormattedValue) else None
        if spec is not None and FIGURE_FORMAT.fullmatch(ast.unparse(spec)[2:-1]):
            found.append(spec.lineno)
    return sorted(found)


@cache
def product_files() -> list[Path]:
    """Every Python file of the product: not the tests."""
    tops = {room.split("/")[0] for room in ROOMS}
    return sorted([*(path for top in tops for path in (ROOT / top).rglob("*.py")), *ROOT.glob("*.py")])


def text_files() -> list[Path]:
    tops = [path for path in ROOT.iterdir() if path.name not in NOT_OURS]
    files = [*tops, *(path for top in tops for path in top.rglob("*"))]
    ours = [path for path in files if NOT_OURS.isdisjoint(path.relative_to(ROOT).parts)]
    return sorted(path for path in ours if path.suffix in TEXT and path.is_file())


def room_of(path: Path) -> str:
    """The room a file stands in: its folder, or the file's own where it has one."""
    name = path.relative_to(ROOT).with_suffix("")
    return name.as_posix() if name.as_posix() in ROOMS or len(name.parts) == 1 else name.parent.as_posix()


def imports(source: str, package: str) -> Iterator[str]:
    """Every module, or name in a module, that the source imports, in full; `package` is where the source stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            yield from (".".join([*parents, *filter(None, [node.module]), alias.name]) for alias in node.names)


@cache
def imports_of(path: Path) -> tuple[str, ...]:
    return tuple(imports(path.read_text(encoding="utf-8"), ".".join(path.relative_to(ROOT).parts[:-1])))


def room_named(name: str) -> str | None:
    """The room of a module, or of a name in one; None for what is not the project's."""
    parts = name.split(".")
    inside = ["/".join(parts[:length]) for length in range(len(parts), 0, -1)]
    return next((room for room in inside if room in ROOMS), None)


def breaches(room: str, names: Iterable[str]) -> list[str]:
    """The imports that this room may not make."""
    floor, libraries = ROOMS[room]
    found = set()
    for name in names:
        other = room_named(name)
        if other is None:
            allowed = name.split(".")[0] in libraries | set(sys.stdlib_module_names)
        else:
            apart = APART.get(room) == other.split("/")[0]
            allowed = other == room or (ROOMS[other][0] < floor and not apart)
        if not allowed:
            found.add(name)
    return sorted(found)


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Modules that import each other, directly or through others: each circle once, sorted."""
    reached = {module: set(names) & set(graph) for module, names in graph.items()}
    for through in graph:
        for names in reached.values():
            if through in names:
                names |= reached[through]
    rings = {
        tuple(sorted(each for each in graph if each in reached[module] and module in reached[each])) for module in graph
    }
    return [list(ring) for ring in sorted(rings) if ring]


def module_graph() -> dict[str, set[str]]:
    """Which modules of the product each of them imports, inside functions too."""
    modules = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in product_files()}
    modules = {name.removesuffix(".__init__"): path for name, path in modules.items()}
    graph = {}
    for module, path in modules.items():
        names = set(imports_of(path))
        graph[module] = {name if name in modules else name.rpartition(".")[0] for name in names}
    return graph


def chapters(source: str) -> set[str]:
    """The chapters that `CHAPTERS = ...` lists, written as modules or as their names."""
    for node in ast.parse(source).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        value = getattr(node, "value", None)
        if value is not None and any(isinstance(target, ast.Name) and target.id == "CHAPTERS" for target in targets):
            parts = list(ast.walk(value))
            names = {part.id for part in parts if isinstance(part, ast.Name)}
            names |= {part.attr for part in parts if isinstance(part, ast.Attribute)}
            return names | {str(part.value).split(".")[-1] for part in parts if isinstance(part, ast.Constant)}
    return set()


def chapter_files() -> dict[str, Path]:
    """Where each chapter stands; the table of costs, which finance stacks, is none."""
    others = {"__init__", "costs"}
    return {path.stem: path for path in (ROOT / "models" / "chapters").rglob("*.py") if path.stem not in others}


def other_chapters(chapter: str, names: Iterable[str], all_chapters: set[str]) -> list[str]:
    """The imports by which one chapter reaches into another."""
    others = all_chapters - {chapter}
    return sorted(name for name in names if name.startswith("models.") and others & set(name.split(".")[1:4]))


def memories(source: str) -> list[int]:
    """The lines that touch a memory of Streamlit's own: its session state, or a widget told to persist."""
    found, known = [], {"session_state", "persist_state"}
    for node in ast.walk(ast.parse(source)) if any(name in source for name in known) else ():
        names = [getattr(node, part, None) for part in ("attr", "id", "arg", "name", "value")]
        if known & {name for name in names if isinstance(name, str)}:
            found.append(getattr(node, "lineno", 0))
    return sorted(set(found))


def long_functions(source: str) -> list[tuple[str, int]]:
    """Name and length of each function that is longer than a screen."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, kinds)]
    lengths = [(node.name, (node.end_lineno or node.lineno) - node.lineno + 1) for node in functions]
    return [(name, length) for name, length in lengths if length > LONGEST_FUNCTION]


def lines_with(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    found = []
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
            if pattern.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number} {line.strip()[:100]}")
    return found


def test_each_room_imports_only_what_lies_below_it():
    found = {
        str(path.relative_to(ROOT)): names
        for path in product_files()
        if room_of(path) in ROOMS and (names := breaches(room_of(path), imports_of(path)))
    }
    assert not found, f"may not be imported there (the table is FLOORS in this file): {found}"


def test_every_file_stands_in_a_room():
    strays = [str(path.relative_to(ROOT)) for path in product_files() if room_of(path) not in ROOMS]
    assert not strays, f"give these a room in FLOORS: {strays}"


def test_no_modules_import_each_other():
    assert circles(module_graph()) == []


def test_streamlit_is_imported_only_by_views_and_app():
    allowed = {room.split("/")[0] for room, (_, libraries) in ROOMS.items() if "streamlit" in libraries}
    assert allowed == {"views", "app", "serving"}


def test_a_chapter_imports_no_other_chapter():
    files = chapter_files()
    found = {
        name: reached for name, path in files.items() if (reached := other_chapters(name, imports_of(path), set(files)))
    }
    assert not found, f"a chapter names the lines it needs as parameters, it imports no chapter: {found}"


def test_modules_are_named_after_their_subject():
    names = [path.relative_to(ROOT).with_suffix("") for path in product_files()]
    found = [str(name) for name in names if not NAMES_THAT_SAY_NOTHING.isdisjoint(name.parts)]
    assert not found, f"name the module after what it is about: {found}"


def test_functions_fit_on_a_screen():
    found = {
        str(path.relative_to(ROOT)): long
        for path in product_files()
        if (long := long_functions(path.read_text(encoding="utf-8")))
    }
    assert not found, f"longer than {LONGEST_FUNCTION} lines: {found}"


def test_one_writer_puts_figures_into_text():
    found = {
        name: lines
        for path in product_files()
        if (name := path.relative_to(ROOT).as_posix()) not in FOR_PROGRAMS
        if (lines := figures_formatted(path.read_text(encoding="utf-8")))
    }
    assert not found, f"let models/notation/writer.py write them: {found}"


def test_only_the_session_remembers():
    found = {
        path.relative_to(ROOT).as_posix(): lines
        for path in product_files()
        if (lines := memories(path.read_text(encoding="utf-8")))
    }
    assert found.pop("views/session.py"), "the session itself is found"
    assert not found, f"let session.bound remember, or a field of views/fields/remembered.py: {found}"


def test_nothing_is_left_unfinished():
    code = [path for path in text_files() if path.suffix in {".py", ".toml", ""}]
    assert not (found := lines_with(UNFINISHED, code)), found


def test_every_test_runs():
    assert not (found := lines_with(NOT_RUN, sorted((ROOT / "tests").rglob("*.py")))), found


def test_nothing_depends_on_one_machine():
    assert not (found := lines_with(MACHINE_PATH, text_files())), f"paths of one machine: {found}"


@pytest.mark.parametrize(
    ("source", "package", "names"),
    [
        ("import streamlit as st", "models", ["streamlit"]),
        ("from openpyxl.utils import get_column_letter", "models", ["openpyxl.utils.get_column_letter"]),
        ("def f():\n    import views.state", "models", ["views.state"]),
        ("from . import fleet", "models", ["models.fleet"]),
        ("from .fleet import installed", "models.chapters", ["models.chapters.fleet.installed"]),
        ("from ..line import line", "models.chapters", ["models.line.line"]),
        ("from ... import views", "models.analysis.deep", ["models.views"]),
    ],
)
def test_imports_are_read_in_full(source: str, package: str, names: list[str]):
    assert list(imports(source, package)) == names


@pytest.mark.parametrize(
    ("room", "name"),
    [
        *[("files", name) for name in ["models.studies.file.load", "importers.records", "streamlit"]],
        *[
            ("models/engine", name)
            for name in ["models.studies.study", "models.run.model.MODEL", "pandas", "streamlit"]
        ],
        *[("models/chapters", name) for name in ["models.run", "models.studies.inputs.schema", "numpy"]],
        *[("models/run", name) for name in ["models.analysis.words", "views.session", "openpyxl"]],
        *[("models/analysis/metrics", name) for name in ["models.analysis.decision.bridge", "views.session", "altair"]],
        *[("models/analysis/claims", name) for name in ["models.analysis.levers.levers", "workbook.write"]],
        *[("models/studies/inputs", name) for name in ["models.studies.study", "models.studies.file.load", "numpy"]],
        *[("models/studies", name) for name in ["models.studies.file.load", "tomli_w"]],
        *[
            ("workbook/writing", name)
            for name in ["workbook.decision.choice", "workbook.sheets.front.cover", "workbook.write", "views", "pandas"]
        ],
        *[("workbook", name) for name in ["views", "streamlit"]],
        *[("importers/serving", name) for name in ["importers.quotes", "workbook", "views", "streamlit"]],
        *[("store", name) for name in ["workbook", "views", "importers.records", "streamlit"]],
        *[("charts", name) for name in ["views.figures", "workbook", "streamlit", "pandas", "cli"]],
        *[("cli", name) for name in ["views", "streamlit", "app"]],
        *[("commands", name) for name in ["views", "streamlit", "cli.main"]],
        *[("views/fields", name) for name in ["views.decision.case", "views.bar", "cli", "app", "xlsxwriter"]],
        *[("views/decision", name) for name in ["views.results.head", "views.inputs.page"]],
        *[("app", name) for name in ["models.run.model", "cli"]],
    ],
)
def test_a_breach_is_found(room: str, name: str):
    assert breaches(room, iter([name, "math", room.replace("/", ".") + ".own"])) == [name]


def test_a_circle_is_found():
    graph = {"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": {"math"}, "e": {"a"}}
    assert circles(graph) == [["a", "b", "c"]]
    assert circles({"a": {"b"}, "b": {"d"}, "d": set()}) == []


@pytest.mark.parametrize(
    "source",
    [
        "CHAPTERS = (demand, fleet)",
        "CHAPTERS: tuple[ModuleType, ...] = (chapters.demand, chapters.fleet)",
        'CHAPTERS = ["models.demand", "fleet"]',
    ],
)
def test_chapters_are_read_however_they_are_listed(source: str):
    assert {"demand", "fleet"} <= chapters(f"from models import demand, fleet\n{source}\n")


@pytest.mark.parametrize("name", ["models.fleet.installed", "models.chapters.capacity.fleet", "models.fleet"])
def test_a_chapter_reaching_into_another_is_found(name: str):
    names = iter([name, "models.line.line", "models.chapters.demand.own", "numpy"])
    assert other_chapters("demand", names, {"demand", "fleet"}) == [name]


def test_a_long_function_is_found():
    body = "\n".join(["    x = 1"] * LONGEST_FUNCTION)
    assert long_functions(f"def short():\n    pass\n\ndef long():\n{body}\n") == [("long", LONGEST_FUNCTION + 1)]


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("f'{x:.1%}'", [1]),
        ("f'{x:g} {y:,.0f}'", [1, 1]),
        ("f'{x:,}'", [1]),
        ("f'{x:.3g}'", [1]),
        ("f'{name:02}'", []),
        ("f'{x}'", []),
    ],
)
def test_a_figure_with_a_format_of_its_own_is_found(source: str, lines: list[int]):
    assert figures_formatted(source) == lines


@pytest.mark.parametrize(
    "line",
    [
        "st.session_state['shown'] = 1",
        "shown = streamlit.session_state.get('shown')",
        "from streamlit import session_state",
        "from streamlit import session_state as memory",
        "memory = getattr(st, 'session_state')",
        "st.text_input('Name', key='name', persist_state='session')",
        "st.text_input('Name', **{'persist_state': 'session'})",
    ],
)
def test_another_memory_is_found(line: str):
    assert memories(f'import streamlit as st  # st.session_state\n"""About st.session_state."""\n{line}\n') == [3]


def test_the_patterns_find_what_they_are_for():
    assert UNFINISHED.search("# TO" + "DO later")
    assert UNFINISHED.search("good enough for" + " now")
    assert not UNFINISHED.search("price for nowhere")
    assert NOT_RUN.search("@pytest.mark" + ".skipif(True)")
    assert MACHINE_PATH.search('open("/work' + '/main/x")')
    assert not MACHINE_PATH.search("https://example.org/work" + "/paper")
