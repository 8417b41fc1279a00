"""The app's frame: the navigation, the bar above every place, and the place that is open."""

import streamlit as st

from views import bar, frame, pages, sign_in

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
