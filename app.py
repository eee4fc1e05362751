"""What `streamlit run` is given: screens and HTTP routes on one port.

The script lives in dashboard/frame.py, so that Streamlit finds no `pages/` folder beside it and every address runs
the frame.
"""

import streamlit as st

app = st.App("dashboard/frame.py")
