"""A person's own rows of the catalogue, from a CSV file that is not trusted; they stand in front for this session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from files.limits import CATALOGUE, file_name
from models.catalogue import fill as catalogues
from models.catalogue.fill import OWN_TABLES, Catalogue, CatalogueError, Entry
from models.notation import writer
from views import session
from views.figures import drawing, written

OWN = "own catalogue rows"
MOST_PROBLEMS = 20


def catalogue() -> Catalogue:
    """The product's facts with those of one's own in front."""
    own: Mapping[str, Sequence[Entry]] = session.kept(OWN, {})
    return catalogues.load().with_own(entry for rows in own.values() for entry in rows)


def show(table: str) -> None:
    """Draw the folded upload for a table; nothing for tables that take no rows of one's own."""
    if table not in OWN_TABLES:
        return
    box = st.expander("Your catalogue rows", icon=":material/upload_file:", key=f"own {table}", on_change="rerun")
    if not box.open:
        return
    with box:
        most = CATALOGUE.megabytes
        st.caption(f"A CSV file (UTF-8, commas, up to {most} MB) that begins with this line; columns may be left out:")
        st.code(catalogues.header(table).strip(), language=None, wrap_lines=True)
        key = session.seed(f"own file {table}", None)
        st.file_uploader("Your rows", type="csv", max_upload_size=most, key=key, on_change=_uploaded, args=(table, key))
        held: Mapping[str, Sequence[Entry]] = session.kept(OWN, {})
        if held.get(table):
            st.markdown(f"Your rows are listed first ({writer.count(len(held[table]))}).")
            st.button("Remove them", key=f"own remove {table}", on_click=_removed, args=(table,))
        name, problems = session.kept(f"own problems {table}", ("", ()))
        for problem in problems[:MOST_PROBLEMS]:
            drawing.error(written.plain(str(problem)))
        if problems:
            st.caption(written.plain(f"{name} was not added. The list is unchanged."))


def _uploaded(table: str, key: str) -> None:
    """Reads an uploaded file; a faulty one changes nothing and says why."""
    uploaded = session.entered(key)
    if uploaded is None:
        return
    name = file_name(uploaded.name)
    try:
        rows = catalogues.read_own(table, uploaded.getvalue(), name)
    except CatalogueError as error:
        session.keep(f"own problems {table}", (name, error.problems))
        return
    session.keep(f"own problems {table}", ("", ()))
    session.keep(OWN, {**session.kept(OWN, {}), table: rows})
    session.renew(f"own file {table}")


def _removed(table: str) -> None:
    session.keep(OWN, {name: rows for name, rows in session.kept(OWN, {}).items() if name != table})
