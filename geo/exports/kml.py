"""An extract as KML for Google Earth and its kin: a folder a layer, time spans, styles.

Written with the standard library: the format is a page of elements, and the libraries for it either
rest since 2021 (simplekml) or are better kept for checking what is written here (fastkml).

References
----------
OGC 07-147r2, KML 2.2, 2008.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from html import escape
from xml.etree.ElementTree import Element, SubElement, tostring

import shapely
from shapely.geometry.base import BaseGeometry

from geo.citations import reference
from geo.exports.extract import Extract, Table
from geo.exports.rows import NAMES, Row
from geo.exports.symbols import Symbol, area_symbol, symbology

_KML = "http://www.opengis.net/kml/2.2"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_SAID = ("note", "says", "held", "basis", "founded_note", "act_note", "summary")


def write_kml(extract: Extract) -> bytes:
    """Return an extract as a KML document.

    Without a date, areas come twice: by the act that moved them, and, hidden until asked for, once for
    each state that they were in, so that Google Earth can play through time.

    Parameters
    ----------
    extract : Extract
        What to write.
    """
    root = Element("kml", xmlns=_KML)
    document = SubElement(root, "Document", id="far-east-atlas")
    SubElement(document, "name").text = extract.title
    SubElement(document, "description").text = _credits(extract)
    folders = [_folder(document, layer) for layer in extract.layers]
    if (areas := extract.find("areas")) and (extract.view is None or extract.view.date is None):
        folders.append(_areas_in_time(document, areas, extract.rows("holdings")))
    document.extend(folder for folder in folders if len(folder))
    text = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def write_kmz(extract: Extract) -> bytes:
    """Return an extract as a KMZ: the same document, packed. The same extract gives the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("doc.kml", _EPOCH), write_kml(extract), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _credits(extract: Extract) -> str:
    sources = "".join(f"<li>{escape(reference(source))}</li>" for source in extract.sources)
    return f"<p>{escape(str(extract.metadata()['attribution']))}</p><ul>{sources}</ul>"


def _folder(document: Element, layer: Table) -> Element:
    """Return a layer as a folder; its styles go into the document."""
    look = symbology(layer)
    for symbol in look.symbols:
        _style(document, layer.id, symbol, layer.shape)
    folder = _named_folder(layer.id, layer.title)
    for row, geometry in zip(layer.rows, layer.geometries, strict=True):
        style = _style_id(layer.id, look.of(row[look.column]).value if look.column else "")
        _placemark(folder, f"{layer.id}.{row['id']}", str(row["name_en"] or ""), row, geometry, style)
    return folder


def _named_folder(name: str, title: str, *, visible: bool = True) -> Element:
    folder = Element("Folder", id=name)
    SubElement(folder, "name").text = title
    SubElement(folder, "visibility").text = "1" if visible else "0"
    return folder


def _areas_in_time(document: Element, areas: Table, holdings: Iterable[Row]) -> Element:
    folder = _named_folder("areas_in_time", "Areas in time: who held them, from day to day", visible=False)
    shapes = dict(zip((row["id"] for row in areas.rows), areas.geometries, strict=True))
    names = {row["id"]: row for row in areas.rows}
    held = [row for row in holdings if row["area"] in shapes]
    for tint in sorted({str(row["tint"]) for row in held}):
        _style(document, "areas_in_time", area_symbol(tint), "Polygon")
    for row in held:
        area = names[row["area"]]
        said: Row = {column: area[column] for column in NAMES} | row
        _placemark(
            folder,
            f"areas_in_time.{row['area']}.{row['from']}",
            f"{area['name_en']}: {row['held']}",
            said,
            shapes[row["area"]],
            _style_id("areas_in_time", str(row["tint"])),
            visible=False,
        )
    return folder


def _placemark(
    folder: Element,
    name: str,
    title: str,
    row: Row,
    geometry: BaseGeometry,
    style: str,
    *,
    visible: bool = True,
) -> None:
    placemark = SubElement(folder, "Placemark", id=name)
    SubElement(placemark, "name").text = title
    if not visible:
        SubElement(placemark, "visibility").text = "0"
    SubElement(placemark, "description").text = _description(row)
    begin, end = (row.get(column) or row.get(f"held_{column}") for column in ("from", "to"))
    if begin or end:
        span = SubElement(placemark, "TimeSpan")
        if begin:
            SubElement(span, "begin").text = str(begin)
        if end:
            SubElement(span, "end").text = str(end)
    SubElement(placemark, "styleUrl").text = f"#{style}"
    said = SubElement(placemark, "ExtendedData")
    for column, value in row.items():
        if value not in (None, ""):
            text = str(value).lower() if isinstance(value, bool) else str(value)
            SubElement(SubElement(said, "Data", name=column), "value").text = text
    _geometry(placemark, geometry)


def _description(row: Row) -> str:
    """Return what is said of a record, as HTML, for the balloon."""
    names = " · ".join(str(row[column]) for column in NAMES if row.get(column))
    said = [str(row[column]) for column in _SAID if row.get(column)]
    sure = f"{row['certainty']}; {row['credits']}. {row['licence']}"
    return "".join(f"<p>{escape(text)}</p>" for text in (names, *said, sure) if text)


def _geometry(parent: Element, geometry: BaseGeometry) -> None:
    if isinstance(geometry, (shapely.MultiPolygon, shapely.MultiLineString)):
        several = SubElement(parent, "MultiGeometry")
        for part in geometry.geoms:
            _geometry(several, part)
        return
    element = SubElement(parent, geometry.geom_type)
    if not isinstance(geometry, shapely.Polygon):
        SubElement(element, "coordinates").text = _corners(geometry)
        return
    for name, rings in (("outerBoundaryIs", [geometry.exterior]), ("innerBoundaryIs", geometry.interiors)):
        for ring in rings:
            linear = SubElement(SubElement(element, name), "LinearRing")
            SubElement(linear, "coordinates").text = _corners(ring)


def _corners(geometry: BaseGeometry) -> str:
    return " ".join(f"{lon:.5f},{lat:.5f}" for lon, lat in geometry.coords)


def _style(document: Element, layer: str, symbol: Symbol, shape: str) -> None:
    style = SubElement(document, "Style", id=_style_id(layer, symbol.value))
    if shape == "Point":
        icon = SubElement(style, "IconStyle")
        SubElement(icon, "color").text = _abgr(symbol.fill)
        SubElement(icon, "scale").text = f"{symbol.size / 12:.2f}"
        return
    line = SubElement(style, "LineStyle")
    SubElement(line, "color").text = _abgr(symbol.stroke)
    SubElement(line, "width").text = f"{symbol.width:g}"
    if shape == "Polygon":
        polygon = SubElement(style, "PolyStyle")
        SubElement(polygon, "color").text = _abgr(symbol.fill, symbol.opacity / (2 if symbol.hatched else 1))
        SubElement(polygon, "fill").text = "1" if symbol.fill else "0"


def _style_id(layer: str, value: str) -> str:
    return f"style-{layer}" + (f"-{value}" if value else "")


def _abgr(colour: str, opacity: float = 1.0) -> str:
    """Return a colour in the order of KML: opacity, blue, green, red."""
    red, green, blue = (colour[at : at + 2] for at in (1, 3, 5)) if colour else ("00", "00", "00")
    return f"{round(255 * opacity) if colour else 0:02x}{blue}{green}{red}"
