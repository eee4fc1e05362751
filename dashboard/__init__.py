"""Everything that knows Streamlit or pydeck but is no screen."""
