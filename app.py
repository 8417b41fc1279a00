"""The app (`streamlit run app.py`): the server begins it behind the door, a session draws the place that is open.

One file is both, so that no way of starting it leaves the door out.
"""

from __future__ import annotations

import sys

import streamlit as st
from starlette.middleware import Middleware
from streamlit.config import get_option
from streamlit.runtime.scriptrunner import get_script_run_ctx

from serving import memory
from serving.door import Door, refusal
from views import bar, frame, pages, sign_in


def draw() -> None:
    """The frame: the navigation, the bar above every place, and the place that is open."""
    st.set_page_config(page_title="Inference TCO", page_icon=frame.ICON, layout="wide")
    if not sign_in.passed():
        st.stop()
    places = [pages.page(place) for place in pages.PLACES]
    opened = st.navigation([*places, *map(pages.moved, pages.MOVED)], position="top")
    if opened in places:
        frame.head()
        bar.draw()
    opened.run()
    frame.foot()


if get_script_run_ctx(suppress_warning=True):
    draw()
else:
    hosts = get_option("server.allowedHosts")
    if told := refusal(get_option("server.address"), hosts, sign_in.is_asked(), sign_in.LOOPBACK):
        sys.exit(told)
    memory.settle()
    app = st.App(__file__, middleware=[Middleware(Door)])
