"""Runs one place as Streamlit runs it, with a study of the test's choice."""

import html
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import streamlit
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

from models.studies.file.load import dumps, from_dict, load, to_dict
from models.studies.study import Study
from views import pages, session
from views.figures.opened import DEEPER
from views.figures.printed import PLAIN

TEMPLATES = Path(__file__).parents[2] / "templates"


def script(place: str, toml: str, option: str, without_staff: bool, after_tax: bool) -> None:
    """Self-contained, since Streamlit runs its source alone."""
    import streamlit as st

    from models.studies.file.load import loads
    from views import bar, pages, session

    if "loaded" not in st.session_state:
        st.session_state["loaded"] = True
        session.load(loads(toml), "Test")
        session.set_without_staff(without_staff)
        if after_tax:
            session.set_after_tax(True)
        if option:
            session.set_option(option)
    bar.draw()
    pages.show(next(each for each in pages.PLACES if each.address == place))


def run(
    place: str,
    study: str = "customer_service",
    *,
    view: str = "",
    option: str = "",
    without_staff: bool = False,
    after_tax: bool = False,
    address: Mapping[str, str] | None = None,
) -> AppTest:
    """A place after its first run, at a view or its first; `study` is a template's name or the TOML of a study."""
    toml = study if "\n" in study else (TEMPLATES / f"{study}.toml").read_text(encoding="utf-8")
    app = AppTest.from_function(script, args=(place, toml, option, without_staff, after_tax), default_timeout=30)
    app.query_params.update(address or {})
    return ran(at(app, place, view))


def at(app: AppTest, place: str, view: str) -> AppTest:
    """The place at another view, as its address says; without a name at the first."""
    if view:
        app.query_params.update(next(each for each in pages.PLACES if each.address == place).at(view))
    return app


def bought_twice() -> str:
    """The customer-service study as text, with the purchase once more under another name."""
    tables = to_dict(load(TEMPLATES / "customer_service.toml"))
    tables["option"].append({**tables["option"][0], "name": "Buy again"})
    return dumps(from_dict(tables))


def texts(app: AppTest) -> str:
    """Everything the page says in words, marks of markdown taken out."""
    said = [*app.markdown, *app.caption, *app.warning, *app.info, *app.error, *app.header]
    printed = (html.unescape(re.sub(r"<[^>]*>", " ", each.proto.body)) for each in app.get("html"))
    words = "\n".join([*(element.value for element in said), *printed])
    return words.replace("\\", "").replace("\u2060", "")


def frames(app: AppTest) -> list[dict[str, list[Any]]]:
    """The tables of the page in their order, grids and those made of columns of text, column by column."""
    found = []
    for each in _elements(app._tree):
        if each.type == "dataframe":
            found.append({str(name): cells.tolist() for name, cells in each.value.items()})
        elif each.type == "html" and f'class="printed {PLAIN}"' in each.proto.body:
            rows = [[html.unescape(label), *cells] for label, *cells in _cells(each.proto.body)]
            found.append({name: cells for name, *cells in zip(*rows, strict=True)})
    return found


def _elements(node: Any) -> Iterator[Any]:
    """The elements of a page in the order in which they stand."""
    for _, each in sorted(node.children.items()):
        if isinstance(each, Block):
            yield from _elements(each)
        else:
            yield each


def table(app: AppTest, row: str) -> dict[str, str]:
    """The first row with that label in any table, by column."""
    for frame in frames(app):
        labels = [str(label).removeprefix(f"{DEEPER} ") for label in frame.get("Figure", [])]
        if row in labels:
            place = labels.index(row)
            return {column: cells[place] for column, cells in frame.items()}
    raise AssertionError(f"no table has a row {row!r}")


def printed(app: AppTest, alt: str) -> dict[str, list[str]]:
    """The cells of a printed table by the labels of its rows, its heads first; `alt` is what it is called."""
    body = next(each.proto.body for each in app.get("html") if f'aria-label="{alt}"' in each.proto.body)
    return {label: cells for label, *cells in _cells(body)}


def _cells(table: str) -> list[list[str]]:
    """The rows of a printed table: the label as it is in HTML, the other cells as text."""
    rows = [re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row) for row in re.findall(r"<tr.*?>(.*?)</tr>", table)]
    return [
        [label, *(html.unescape(re.sub(r"<[^>]*>", " ", cell)).strip() for cell in cells)] for label, *cells in rows
    ]


def ran(app: AppTest) -> AppTest:
    """The page after a run in which nothing failed."""
    app.run()
    assert not app.exception, app.exception
    return app


def field(app: AppTest, label: str) -> Any:
    """The field of that label, or the first whose label begins so."""
    fields = [*app.text_input, *app.selectbox, *app.segmented_control, *app.radio]
    known = {each.label.replace("\\", ""): each for each in reversed(fields)}
    return known.get(label) or next(known[each] for each in reversed(known) if each.startswith(label))


def put(app: AppTest, label: str, content: Any) -> AppTest:
    """The page after something was typed into a field, or chosen in it."""
    field(app, label).set_value(content)
    return ran(app)


def press(app: AppTest, key: str) -> AppTest:
    """The page after a button was clicked."""
    app.button(key=key).click()
    return ran(app)


def unfolded(app: AppTest, key: str) -> AppTest:
    """The page with a popover or an expander open, which draws its inside only then."""
    app.session_state[key] = True
    return ran(app)


def work(app: AppTest) -> session.Work:
    """What the session of the page holds."""
    return app.session_state[session.WORK]


def study_of(app: AppTest) -> Study:
    """The study that the page is of."""
    return work(app).step.study


class Unfolded:
    """Stands in for what is folded: a test cannot unfold it for more than one run."""

    open = True

    def __init__(self, *_: Any, **__: Any) -> None:
        self.place = streamlit.container()

    def __enter__(self) -> Any:
        return self.place.__enter__()

    def __exit__(self, *details: Any) -> Any:
        return self.place.__exit__(*details)
