"""The app as it is served (`streamlit run serve.py`): the door, then app.py; it does not start where it must not."""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from streamlit.config import get_option

from serving.door import Door, refusal
from views import sign_in

told = refusal(get_option("server.address"), get_option("server.allowedHosts"), sign_in.is_asked(), sign_in.LOOPBACK)
if told:
    sys.exit(told)
app = st.App(Path(__file__).with_name("app.py"), middleware=[Middleware(Door)])
