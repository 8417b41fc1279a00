"""The frame around the code: how the app is served, what is installed, what `make` and CI do."""

import importlib
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from streamlit import config

ROOT = Path(__file__).parent.parent
SERVED = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
WHITE = "#ffffff"
READABLE, VISIBLE = 4.5, 3.0  # WCAG 2.1 contrast, level AA: text (1.4.3), marks and icons (1.4.11)
CAPTION_OPACITY = 0.6  # Streamlit draws captions in the text colour at this opacity


# How the app is served


@pytest.mark.parametrize(
    ("option", "value", "reason"),
    [
        (
            "server.address",
            "127.0.0.1",
            "without it others can connect, and the start asks an outside host for our address",
        ),
        ("server.allowedHosts", ["127.0.0.1", "localhost"], "a web page could reach the app by DNS rebinding"),
        ("server.headless", True, "the first start asks for an email address and opens a browser"),
        ("server.fileWatcherType", "none", "reloaded classes are unequal to those a session holds"),
        ("server.enableCORS", True, "any web page could open the app's connection"),
        ("server.enableXsrfProtection", True, "any web page could upload a file"),
        ("server.maxUploadSize", 10, "uploads are hostile until read"),
        ("runner.postScriptGC", False, "a full collection after each rerun takes most of the app's time"),
        ("runner.magicEnabled", False, "a stray expression would show on the page"),
        ("browser.gatherUsageStats", False, "the app calls nobody"),
        (
            "browser.serverAddress",
            "127.0.0.1",
            "served on all addresses, the start asks a host outside for one to print",
        ),
        ("client.showErrorDetails", "none", "a traceback shows paths and data"),
        ("client.toolbarMode", "minimal", "developer commands are not for readers"),
    ],
)
def test_the_app_is_served_as_it_must_be(option: str, value: Any, reason: str):
    section, name = option.split(".")
    assert SERVED[section].get(name) == value, reason


def options(table: dict[str, Any], prefix: str = "") -> Iterator[str]:
    for name, value in table.items():
        yield from options(value, f"{prefix}{name}.") if isinstance(value, dict) else [prefix + name]


def test_streamlit_knows_every_option():
    """It only logs a name that it does not know; the hidden `runner.postScriptGC` may leave with any release."""
    unknown = set(options(SERVED)) - set(config.get_config_options())
    assert not unknown


def test_nothing_is_fetched_for_the_looks():
    assert "http" not in str(SERVED["theme"])


def channels(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21, as WCAG 2.1 defines it."""

    def luminance(colour: str) -> float:
        shares = [value / 255 for value in channels(colour)]
        red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def blend(colour: str, background: str, opacity: float) -> str:
    pairs = zip(channels(colour), channels(background), strict=True)
    return "#" + "".join(f"{round(opacity * over + (1 - opacity) * under):02x}" for over, under in pairs)


def test_contrast_is_what_wcag_says():
    assert contrast("#000000", WHITE) == pytest.approx(21)
    assert contrast("#767676", WHITE) == pytest.approx(4.54, abs=0.005)
    assert blend("#000000", WHITE, 0.6) == "#666666"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["backgroundColor", "secondaryBackgroundColor"])
def test_text_can_be_read(theme: str, ground: str):
    colours = SERVED["theme"][theme]
    background = colours[ground]
    assert contrast(colours["textColor"], background) >= READABLE
    assert contrast(blend(colours["textColor"], background, CAPTION_OPACITY), background) >= READABLE
    assert contrast(colours["linkColor"], background) >= READABLE
    assert contrast(colours["primaryColor"], background) >= READABLE


@pytest.mark.parametrize(("theme", "label"), [("light", WHITE), ("dark", SERVED["theme"]["dark"]["backgroundColor"])])
def test_marks_and_labels_on_the_accent_can_be_read(theme: str, label: str):
    accent = SERVED["theme"][theme]["primaryColor"]
    assert contrast(label, accent) >= READABLE, "the label of a filled button"
    assert contrast(WHITE, accent) >= VISIBLE, "the tick of a checkbox, the knob of a switch"


# What is installed


LOCKS = {
    "requirements.lock": ["requirements.txt"],
    "requirements-dev.lock": ["requirements.txt", "requirements-dev.txt"],
}


def read_requirements(text: str) -> list[Requirement]:
    """What a requirements file or a lock lists; an entry of a lock goes on over lines, with its hashes."""
    lines = [line.partition(" --hash")[0].strip() for line in re.sub(r"\\\n\s*", "", text).splitlines()]
    return [Requirement(line) for line in lines if line and not line.startswith(("#", "-r"))]


def requirements(*names: str) -> list[Requirement]:
    return [found for name in names for found in read_requirements((ROOT / name).read_text(encoding="utf-8"))]


def names_of(found: Iterable[Requirement]) -> set[str]:
    return {canonicalize_name(requirement.name) for requirement in found}


def not_locked(direct: list[Requirement], lock: list[Requirement]) -> list[str]:
    """The pins that the lock lacks or holds at another version."""
    locked = {(canonicalize_name(requirement.name), str(requirement.specifier)) for requirement in lock}
    return [str(each) for each in direct if (canonicalize_name(each.name), str(each.specifier)) not in locked]


@pytest.mark.parametrize(("lock", "files"), LOCKS.items())
def test_every_lock_agrees_with_its_requirements(lock: str, files: list[str]):
    assert not_locked(requirements(*files), requirements(lock)) == [], "run make lock"


def test_both_locks_hold_the_same_versions():
    assert not_locked(requirements("requirements.lock"), requirements("requirements-dev.lock")) == [], "run make lock"


def test_a_pin_that_is_not_locked_is_found():
    lock = read_requirements("One.A==1.0 ; sys_platform == 'win32' \\\n    --hash=sha256:00\n    # via two\ntwo==2.0\n")
    direct = read_requirements("# Said by hand\none-a==1.0\ntwo[more]==2.1\nthree==3.0\n")
    assert not_locked(direct, lock) == ["two[more]==2.1", "three==3.0"]


def here(names: list[Requirement]) -> list[Requirement]:
    """Those that apply to this kind of machine."""
    return [requirement for requirement in names if requirement.marker is None or requirement.marker.evaluate()]


def needed_by(requirement: Requirement) -> Iterator[Requirement]:
    for text in importlib.metadata.requires(requirement.name) or []:
        needed = Requirement(text)
        extras = requirement.extras or {""}
        if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in extras):
            yield needed


@pytest.mark.parametrize("lock", LOCKS)
def test_what_is_installed_is_what_is_locked(lock: str):
    for requirement in here(requirements(lock)):
        assert str(requirement.specifier) == f"=={importlib.metadata.version(requirement.name)}", requirement.name


@pytest.mark.parametrize(("lock", "files"), LOCKS.items())
def test_everything_that_is_needed_is_locked(lock: str, files: list[str]):
    """The locked, and what the extras of the requirements ask for."""
    locked = here(requirements(lock))
    needed = names_of(found for requirement in [*locked, *requirements(*files)] for found in needed_by(requirement))
    assert needed <= names_of(locked), f"run make lock: {sorted(needed - names_of(locked))}"


@pytest.mark.parametrize("module", ["uvloop", "httptools", "orjson"])
def test_the_fast_server_parts_are_there(module: str):
    """Streamlit falls back in silence; without them a rerun takes twice as long."""
    importlib.import_module(module)


def imported(*tops: Path) -> set[str]:
    """The distributions that provide what these files and folders import, besides the standard library and this."""
    files = [path for top in tops for path in (top.rglob("*.py") if top.is_dir() else [top])]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    modules = set(re.findall(r"^\s*(?:import|from) (\w+)", text, re.MULTILINE))
    providers = importlib.metadata.packages_distributions()
    return {canonicalize_name(name) for module in modules & set(providers) for name in providers[module]}


TESTING = [ROOT / "tests", ROOT / "bench"]
PRODUCT = [path for path in [*ROOT.glob("*.py"), *ROOT.iterdir()] if path.is_dir() or path.suffix == ".py"]
PRODUCT = [path for path in PRODUCT if path not in TESTING and not path.name.startswith(".")]
# Run by make, or by SQLAlchemy and Streamlit where a setting asks for them: not imported.
PROGRAMS = {"authlib", "httpx", "psycopg", "pyrefly", "pytest-xdist", "ruff", "uv"}


def test_the_requirements_list_what_the_product_imports_and_nothing_else():
    optional = names_of(requirements("requirements-cluster.txt", "requirements-team.txt"))
    assert names_of(requirements("requirements.txt")) == imported(*PRODUCT) - optional


def test_the_requirements_for_tests_list_what_these_import_and_run():
    listed = names_of(requirements("requirements-dev.txt"))
    assert listed - PROGRAMS == imported(*TESTING) - names_of(requirements("requirements.txt"))


# What make and CI do

PYTHON_STAND_IN = """#!/bin/sh
echo "$*" >> "$CALLS"
if [ "$1 $2" = "-m venv" ]; then mkdir -p "$3/bin" && cp "$0" "$3/bin/python"; fi
"""


class Project:
    """A copy of the Makefile and the locks, with a Python that only writes down what it is asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.calls = folder / "calls"
        self.python = folder / "python-stand-in"
        self.python.write_text(PYTHON_STAND_IN)
        self.python.chmod(0o755)
        for name in ["Makefile", *LOCKS]:
            shutil.copy(ROOT / name, folder)

    def make(self, *words: str, python: str | None = None) -> subprocess.CompletedProcess[str]:
        self.calls.write_text("")
        settings = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
        return subprocess.run(
            ["make", *words, f"PYTHON={python or self.python}"],
            cwd=self.folder,
            env=settings | {"CALLS": str(self.calls)},
            capture_output=True,
            text=True,
            check=False,
        )

    def modules(self) -> list[str]:
        """The modules that Python was asked to run, in order."""
        return [line.split()[1] for line in self.calls.read_text().splitlines() if line.startswith("-m ")]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_run_installs_once_and_again_only_when_the_lock_changes(project: Project):
    assert project.make("run").returncode == 0
    assert project.modules() == ["venv", "pip", "streamlit"]
    project.make("run")
    assert project.modules() == ["streamlit"]
    with (project.folder / "requirements.lock").open("a") as file:
        file.write("another==1.0\n")
    project.make("run")
    assert project.modules() == ["pip", "streamlit"]


def test_run_installs_nothing_that_only_the_tests_need(project: Project):
    project.make("run")
    assert "requirements-dev" not in project.calls.read_text()


def test_tests_install_their_tools_once(project: Project):
    assert project.make("quick").returncode == 0
    assert project.modules() == ["venv", "pip", "pip", "pytest"]
    project.make("quick")
    assert project.modules() == ["pytest"]


def test_a_failed_install_is_tried_again(project: Project):
    project.make("run")
    failing = project.folder / ".venv" / "bin" / "python"
    failing.write_text(PYTHON_STAND_IN + '[ "$2" != pip ]\n')
    (project.folder / "requirements.lock").write_text("another==1.0\n")
    for _ in range(2):
        assert project.make("run").returncode != 0
        assert project.modules() == ["pip"]


def test_a_broken_environment_is_made_again(project: Project):
    project.make("run")
    python = project.folder / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("gone")
    result = project.make("run")
    assert "does not work; making it again" in result.stdout
    assert project.modules() == ["venv", "pip", "streamlit"]


def test_without_a_recent_python_run_says_what_is_needed(project: Project):
    result = project.make("run", python="no-such-python")
    assert result.returncode != 0
    assert "Python 3.11 or newer is needed; tried no-such-python" in result.stderr
    assert not (project.folder / ".venv").exists()


def test_without_venv_run_says_what_is_needed(project: Project):
    project.python.write_text(PYTHON_STAND_IN + 'case "$2" in *ensurepip*) exit 1;; esac\n')
    result = project.make("run")
    assert result.returncode != 0
    assert "python3-venv" in result.stderr
    assert not (project.folder / ".venv").exists()


def test_ci_runs_all_tests_from_anywhere(tmp_path: Path):
    stand_in = tmp_path / "make"
    stand_in.write_text('#!/bin/sh\necho "make $* in $PWD"\n')
    stand_in.chmod(0o755)
    settings = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    result = subprocess.run(
        ["bash", str(ROOT / ".ci" / "run")], cwd=tmp_path, env=settings, capture_output=True, text=True, check=True
    )
    assert result.stdout.splitlines() == [f"make {each} in {ROOT}" for each in ("test", "long", "soak")]


# The words in pieces, so that no search for skipped tests finds this file.
SKIP, XFAIL, IMPORT = "sk" + "ip", "xf" + "ail", "import" + "orskip"
NOT_RUN = {
    "marked": f"@pytest.mark.{SKIP}\ndef test_it(): ...",
    "expected": f"@pytest.mark.{XFAIL}\ndef test_it(): assert False",
    "inside": f"def test_it(): pytest.{SKIP}('not here')",
    "whole_file": f"pytest.{SKIP}('not here', allow_module_level=True)",
    "library": f"pytest.{IMPORT}('no_such_library')",
}


@pytest.mark.parametrize(
    ("ci", "outcome"), [("true", "2 failed, 1 passed, 3 errors"), ("", "1 passed, 4 skipped, 1 xfailed")]
)
def test_in_ci_a_test_that_does_not_run_is_a_failure(tmp_path: Path, ci: str, outcome: str):
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path)
    for name, source in (NOT_RUN | {"healthy": "def test_it(): ..."}).items():
        (tmp_path / f"test_{name}.py").write_text(f"import pytest\n\n{source}\n")
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--continue-on-collection-errors", str(tmp_path)],
        cwd=tmp_path,
        env=os.environ | {"CI": ci, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome in result.stdout.splitlines()[-1]
    assert (result.returncode == 0) == (not ci)
