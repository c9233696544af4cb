"""The map through st_folium as people write it: made anew on every run, all that it tells sent back."""

import folium
import streamlit as st
from material import LAYERS, read, said
from streamlit_folium import st_folium

st.set_page_config(layout="wide")
material = read()
shown = [layer for layer in LAYERS if st.sidebar.checkbox(layer, value=True)]
left, right = st.columns([2, 1])
drawn = folium.Map((48.5, 131), zoom_start=5)
if "areas" in shown:
    folium.GeoJson(
        material["areas"], style_function=lambda feature: {"color": feature["properties"]["tint"]}
    ).add_to(drawn)
if "lines" in shown:
    folium.GeoJson(material["lines"]).add_to(drawn)
if "places" in shown:
    for place in material["places"]:
        folium.CircleMarker((place["lat"], place["lon"]), radius=8, tooltip=place["id"], fill=True).add_to(
            drawn
        )
with left:
    told = st_folium(drawn, height=700, use_container_width=True)
with right:
    chosen = (told or {}).get("last_object_clicked_tooltip")
    for passage, named in material["passages"]:
        st.html(said(passage, lit=chosen in named))
