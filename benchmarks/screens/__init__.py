"""Screens without a browser: sessions that speak Streamlit's protocol with the real server."""
