"""Who may import whom, and the few rules about the source that a program can check.

Data flows one way (templates, study, model, result, then page or workbook), so imports do too. Each rule is a function
from source to findings, and each is shown to find what it looks for, because a guard that cannot fail guards nothing.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LAYERS = {
    # layer: (project packages it may import beside itself, libraries it may import)
    "models": (set(), {"numpy", "numpy_financial", "tomli_w"}),
    "workbook": ({"models"}, {"defusedxml", "openpyxl", "xlsxwriter"}),
    "importers": ({"models"}, {"defusedxml", "openpyxl", "pyarrow"}),
    "store": ({"models"}, set()),
    "cli": ({"models", "workbook", "importers", "store"}, {"pyarrow"}),
    "views": ({"models", "workbook", "importers", "store"}, {"altair", "numpy", "pandas", "pyarrow", "streamlit"}),
    "app": ({"views"}, {"streamlit"}),
}
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


def product_files() -> list[Path]:
    """Every Python file of the product: not the tests."""
    found = [path for layer in LAYERS for path in (ROOT / layer).rglob("*.py")]
    return sorted([*found, *ROOT.glob("*.py")])


def text_files() -> list[Path]:
    tops = [path for path in ROOT.iterdir() if path.name not in NOT_OURS]
    files = [*tops, *(path for top in tops for path in top.rglob("*"))]
    ours = [path for path in files if NOT_OURS.isdisjoint(path.relative_to(ROOT).parts)]
    return sorted(path for path in ours if path.suffix in TEXT and path.is_file())


def layer_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports(source: str, package: str) -> Iterator[str]:
    """Every module, or name in a module, that the source imports, in full; `package` is where the source stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            yield from (".".join([*parents, *filter(None, [node.module]), alias.name]) for alias in node.names)


def imports_of(path: Path) -> Iterator[str]:
    return imports(path.read_text(encoding="utf-8"), ".".join(path.relative_to(ROOT).parts[:-1]))


def breaches(layer: str, names: Iterator[str]) -> list[str]:
    """The imports that this layer may not make."""
    inside, libraries = LAYERS[layer]
    allowed = {layer} | inside | libraries | set(sys.stdlib_module_names)
    return sorted({name for name in names if name.split(".")[0] not in allowed})


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
    """Where each chapter stands: in models/ or in models/chapters/."""
    front = ROOT / "models" / "__init__.py"
    named = chapters(front.read_text(encoding="utf-8")) if front.exists() else set()
    files = {path.stem: path for path in (ROOT / "models").glob("*.py") if path.stem in named}
    files |= {path.stem: path for path in (ROOT / "models" / "chapters").glob("*.py") if path.stem != "__init__"}
    return files


def other_chapters(chapter: str, names: Iterator[str], all_chapters: set[str]) -> list[str]:
    """The imports by which one chapter reaches into another."""
    others = all_chapters - {chapter}
    return sorted(name for name in names if name.startswith("models.") and others & set(name.split(".")[1:3]))


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


def test_each_layer_imports_only_what_lies_below_it():
    found = {
        str(path.relative_to(ROOT)): names
        for path in product_files()
        if layer_of(path) in LAYERS and (names := breaches(layer_of(path), imports_of(path)))
    }
    assert not found, f"may not be imported there (the table is LAYERS in this file): {found}"


def test_every_file_at_the_top_belongs_to_a_layer():
    strays = [path.name for path in ROOT.glob("*.py") if path.stem not in LAYERS]
    assert not strays, f"give these a layer in LAYERS, or a folder: {strays}"


def test_streamlit_is_imported_only_by_views_and_app():
    allowed = {layer for layer, (_, libraries) in LAYERS.items() if "streamlit" in libraries}
    assert allowed == {"views", "app"}


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
    ("layer", "name"),
    [
        *[("models", name) for name in ["views.state", "workbook", "importers.vllm", "store", "cli", "app"]],
        *[("models", name) for name in ["streamlit", "openpyxl", "xlsxwriter", "pandas", "altair"]],
        *[("workbook", name) for name in ["views", "importers", "streamlit", "pandas"]],
        *[("importers", name) for name in ["workbook", "views", "store", "streamlit"]],
        *[("store", name) for name in ["workbook", "views", "importers", "streamlit"]],
        *[("cli", name) for name in ["views", "streamlit", "app"]],
        *[("views", name) for name in ["cli", "app", "xlsxwriter"]],
        *[("app", name) for name in ["models", "cli"]],
    ],
)
def test_a_breach_is_found(layer: str, name: str):
    assert breaches(layer, iter([name, "math", f"{layer}.own"])) == [name]


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


@pytest.mark.parametrize("name", ["models.fleet.installed", "models.chapters.fleet", "models.fleet"])
def test_a_chapter_reaching_into_another_is_found(name: str):
    names = iter([name, "models.line.line", "models.chapters.demand.own", "numpy"])
    assert other_chapters("demand", names, {"demand", "fleet"}) == [name]


def test_a_long_function_is_found():
    body = "\n".join(["    x = 1"] * LONGEST_FUNCTION)
    assert long_functions(f"def short():\n    pass\n\ndef long():\n{body}\n") == [("long", LONGEST_FUNCTION + 1)]


def test_the_patterns_find_what_they_are_for():
    assert UNFINISHED.search("# TO" + "DO later")
    assert UNFINISHED.search("good enough for" + " now")
    assert not UNFINISHED.search("price for nowhere")
    assert NOT_RUN.search("@pytest.mark" + ".skipif(True)")
    assert MACHINE_PATH.search('open("/work' + '/main/x")')
    assert not MACHINE_PATH.search("https://example.org/work" + "/paper")
