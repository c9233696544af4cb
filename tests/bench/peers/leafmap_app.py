"""The map through leafmap, as its guide for Streamlit has it; what is clicked does not come back."""

import leafmap.foliumap as leafmap
import streamlit as st
from material import LAYERS, read, said

st.set_page_config(layout="wide")
material = read()
shown = [layer for layer in LAYERS if st.sidebar.checkbox(layer, value=True)]
left, right = st.columns([2, 1])
drawn = leafmap.Map(center=(48.5, 131), zoom=5, draw_control=False, measure_control=False)
if "areas" in shown:
    drawn.add_geojson(material["areas"], layer_name="areas", info_mode=None)
if "lines" in shown:
    drawn.add_geojson(material["lines"], layer_name="lines", info_mode=None)
if "places" in shown:
    for place in material["places"]:
        drawn.add_marker([place["lat"], place["lon"]], tooltip=place["id"])
with left:
    drawn.to_streamlit(height=700)
with right:
    for passage, _ in material["passages"]:
        st.html(said(passage, lit=False))
