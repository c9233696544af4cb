"""The map through st_folium tuned: data read once, layers handed over apart, one thing sent back."""

import folium
import streamlit as st
from material import LAYERS, read, said
from streamlit_folium import st_folium

st.set_page_config(layout="wide")
material = st.cache_data(read)()
shown = [layer for layer in LAYERS if st.sidebar.checkbox(layer, value=True)]
left, right = st.columns([2, 1])
groups = []
for layer in shown:
    group = folium.FeatureGroup(name=layer)
    if layer == "areas":
        folium.GeoJson(
            material["areas"], style_function=lambda feature: {"color": feature["properties"]["tint"]}
        ).add_to(group)
    elif layer == "lines":
        folium.GeoJson(material["lines"]).add_to(group)
    else:
        for place in material["places"]:
            folium.CircleMarker(
                (place["lat"], place["lon"]), radius=8, tooltip=place["id"], fill=True
            ).add_to(group)
    groups.append(group)
with left:
    told = st_folium(
        folium.Map((48.5, 131), zoom_start=5),
        feature_group_to_add=groups,
        height=700,
        use_container_width=True,
        returned_objects=["last_object_clicked_tooltip"],
        key="map",
    )
with right:
    chosen = (told or {}).get("last_object_clicked_tooltip")
    for passage, named in material["passages"]:
        st.html(said(passage, lit=chosen in named))
