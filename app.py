"""The app's frame: navigation, and the page that it leads to."""

import streamlit as st

from views import frame
from views.pages import PAGES

st.set_page_config(page_title="Inference TCO", page_icon=frame.ICON, layout="wide")
pages = [
    st.Page(page.show, title=page.title, icon=page.icon, url_path=page.url_path, default=not index)
    for index, page in enumerate(PAGES)
]
opened = st.navigation(pages, position="top")
frame.head()
opened.run()
frame.foot()
