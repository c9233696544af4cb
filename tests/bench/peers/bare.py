"""The least that a Streamlit script can be."""

import streamlit as st

st.write("Here would be a map.")
