"""The load shape of the workload in view: a picture of its hours, and adding, copying, renaming and removing shapes."""

from __future__ import annotations

import streamlit as st

from charts import capacity
from models.catalogue.shapes import load_shapes, shape_row
from models.notation import writer
from models.studies import rewrite
from models.studies.inputs import week
from models.studies.study import Row
from views import session
from views.figures import drawing, wording
from views.inputs import rows

KIND = "load_shape"


def draw(workload: str) -> None:
    """The menu, and the shape that the workload follows as a picture."""
    study = session.study()
    shape = study.load_shape(study.workload(workload).text(KIND))
    with st.container(horizontal=True, vertical_alignment="center"):
        rows.menu("Load shapes", KIND, lambda: _manage(workload, shape))
        if shape is None:
            st.caption("A smooth day with its busiest hour at 14:00. Add a load shape to give the hours themselves.")
    if shape is not None:
        by_hour, mean = week.loads(shape.listed("weekday"), shape.listed("weekend"))
        drawing.chart(capacity.day(shape.text("name"), by_hour, mean))
        peak, office, outside = week.standing(by_hour, mean)
        st.caption(
            f"Busiest hour of this shape {writer.ratio(peak)} its mean, office hours ({week.OFFICE}) "
            f"{writer.ratio(office)}; {writer.share(outside)} of the load outside office hours."
        )


def _manage(workload: str, shape: Row | None) -> None:
    names = [row.text("name") for row in session.study().load_shapes]
    if shape is not None:
        name = shape.text("name")
        st.markdown(f"**{wording.escaped(name)}**")
        rows.rename(KIND, name)
        with st.container(horizontal=True):
            st.button("Copy", icon=":material/content_copy:", on_click=_copy, args=(workload, shape), key="copy shape")
            st.button("Remove", icon=":material/delete:", on_click=_remove, args=(name,), key="remove shape")
    chosen = st.selectbox(
        "Add a load shape of the catalogue",
        [each.name for each in load_shapes()],
        index=None,
        placeholder="choose one",
        key=session.seed("shape to add", names),
        help="This workload follows it then, and its peak-to-average load is that of the shape. The hours can be "
        "changed, or pasted as 24 values.",
    )
    disabled = chosen is None
    st.button("Add", icon=":material/add:", on_click=_add, args=(workload, chosen), disabled=disabled, key="add shape")


def _add(workload: str, chosen: str) -> None:
    _taken(workload, shape_row(chosen), chosen)


def _copy(workload: str, shape: Row) -> None:
    _taken(workload, shape, f"{shape.text('name')}, copy")


def _taken(workload: str, shape: Row, wanted: str) -> None:
    study = session.study()
    name = rewrite.free_name(wanted, [row.text("name") for row in study.load_shapes])
    rows.taken(KIND, rewrite.shape_added(study, rewrite.named(shape, name), workload))


def _remove(name: str) -> None:
    rows.taken(KIND, rewrite.shape_removed(session.study(), name))
