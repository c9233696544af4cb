"""The symbols of a layer as QGIS keeps them (QML) and as the OGC wrote them down (SLD).

References
----------
OGC 02-070, Styled Layer Descriptor 1.0.0, 2002. QGIS documentation, Saving and Sharing Layer Properties.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from geo.exports.symbols import Symbol, Symbology

_SLD = "http://www.opengis.net/sld"
_OGC = "http://www.opengis.net/ogc"
_QML_HEAD = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_RIGHT_OF_THE_POINT = {
    "placement": "1",
    "quadOffset": "5",
    "xOffset": "2",
    "yOffset": "0",
    "offsetUnits": "MM",
}
_QML_TYPES = {"Point": "marker", "LineString": "line", "Polygon": "fill"}


def write_qml(
    symbology: Symbology, shape: str, *, label: str = "", span: tuple[str, str] | None = None
) -> str:
    """Return a layer's style for QGIS.

    Parameters
    ----------
    symbology : Symbology
        How it is drawn.
    shape : str
        ``Point``, ``LineString`` or ``Polygon``.
    label : str
        The column whose values are written on the map; empty for none.
    span : (str, str), optional
        The columns with the first and the last day, for QGIS's time slider.
    """
    categories = {"Symbology"} | ({"Labeling"} if label else set()) | ({"Temporal"} if span else set())
    root = Element(
        "qgis",
        version="3.28.0",
        styleCategories="|".join(sorted(categories)),
        labelsEnabled="1" if label else "0",
    )
    if span:
        start, end = span
        attributes = {"enabled": "1", "mode": "2", "startField": start, "endField": end, "limitMode": "1"}
        SubElement(root, "temporal", attributes)
    kind = "categorizedSymbol" if symbology.column else "singleSymbol"
    renderer = SubElement(root, "renderer-v2", {"type": kind, "symbollevels": "0", "enableorderby": "0"})
    if symbology.column:
        renderer.set("attr", symbology.column)
        groups = SubElement(renderer, "categories")
        for number, symbol in enumerate(symbology.symbols):
            said = {"value": symbol.value, "label": symbol.label, "symbol": str(number), "render": "true"}
            SubElement(groups, "category", said)
    symbols = SubElement(renderer, "symbols")
    for number, symbol in enumerate(symbology.symbols):
        _qml_symbol(symbols, str(number), symbol, shape)
    if label:
        labeling = SubElement(root, "labeling", {"type": "simple"})
        settings = SubElement(labeling, "settings", {"calloutType": "simple"})
        SubElement(settings, "text-style", {"fieldName": label, "fontSize": "9", "isExpression": "0"})
        SubElement(settings, "placement", _RIGHT_OF_THE_POINT)
    return _QML_HEAD + _written(root)


def _qml_symbol(parent: Element, name: str, symbol: Symbol, shape: str) -> None:
    kind = _QML_TYPES[shape]
    element = SubElement(parent, "symbol", {"type": kind, "name": name, "alpha": "1", "clip_to_extent": "1"})
    for style, options in _qml_layers(symbol, shape):
        layer = SubElement(element, "layer", {"class": style, "enabled": "1", "pass": "0", "locked": "0"})
        said = SubElement(layer, "Option", {"type": "Map"})
        for key, value in options.items():
            SubElement(said, "Option", {"name": key, "value": value, "type": "QString"})


def _qml_layers(symbol: Symbol, shape: str) -> Iterable[tuple[str, dict[str, str]]]:
    stroke = _rgba(symbol.stroke)
    line_style = "solid" if symbol.stroke else "no"
    if shape == "LineString":
        dashed = {"use_customdash": "1", "customdash": ";".join(f"{part:g}" for part in symbol.dash)}
        options = {"line_color": stroke, "line_width": f"{symbol.width:g}", "line_width_unit": "Pixel"}
        options |= {"line_style": "solid", "customdash_unit": "Pixel"} | (dashed if symbol.dash else {})
        yield "SimpleLine", options
        return
    outline = {
        "outline_color": stroke,
        "outline_style": "dash" if symbol.dash else line_style,
        "outline_width": f"{symbol.width:g}",
        "outline_width_unit": "Pixel",
    }
    fill = {"color": _rgba(symbol.fill, symbol.opacity)}
    if shape == "Point":
        size = {"name": symbol.marker, "size": f"{symbol.size:g}", "size_unit": "Pixel"}
        yield "SimpleMarker", fill | size | outline
    else:
        style = "no" if not symbol.fill else "b_diagonal" if symbol.hatched else "solid"
        yield "SimpleFill", fill | {"style": style} | outline


def _rgba(colour: str, opacity: float = 1.0) -> str:
    if not colour:
        return "0,0,0,0"
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"{red},{green},{blue},{round(255 * opacity)}"


def write_sld(symbology: Symbology, layer: str, shape: str) -> str:
    """Return a layer's style as a Styled Layer Descriptor 1.0.0.

    Parameters
    ----------
    symbology : Symbology
        How it is drawn; stripes are told as a fainter fill, for which the standard has no word.
    layer : str
        The name of the layer.
    shape : str
        ``Point``, ``LineString`` or ``Polygon``.
    """
    root = Element("StyledLayerDescriptor", {"version": "1.0.0", "xmlns": _SLD, "xmlns:ogc": _OGC})
    named = SubElement(root, "NamedLayer")
    SubElement(named, "Name").text = layer
    style = SubElement(SubElement(named, "UserStyle"), "FeatureTypeStyle")
    for symbol in symbology.symbols:
        rule = SubElement(style, "Rule")
        SubElement(rule, "Name").text = symbol.value or layer
        SubElement(rule, "Title").text = symbol.label
        if symbology.column:
            test = SubElement(SubElement(rule, "ogc:Filter"), "ogc:PropertyIsEqualTo")
            SubElement(test, "ogc:PropertyName").text = symbology.column
            SubElement(test, "ogc:Literal").text = symbol.value
        _sld_symbol(rule, symbol, shape)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + _written(root)


def _sld_symbol(rule: Element, symbol: Symbol, shape: str) -> None:
    if shape == "LineString":
        _sld_stroke(SubElement(rule, "LineSymbolizer"), symbol)
    elif shape == "Polygon":
        polygon = SubElement(rule, "PolygonSymbolizer")
        _sld_fill(polygon, symbol)
        _sld_stroke(polygon, symbol)
    else:
        graphic = SubElement(SubElement(rule, "PointSymbolizer"), "Graphic")
        mark = SubElement(graphic, "Mark")
        SubElement(mark, "WellKnownName").text = "circle" if symbol.marker == "circle" else "square"
        _sld_fill(mark, symbol)
        _sld_stroke(mark, symbol)
        SubElement(graphic, "Size").text = f"{symbol.size:g}"
        if symbol.marker == "diamond":
            SubElement(graphic, "Rotation").text = "45"


def _sld_fill(parent: Element, symbol: Symbol) -> None:
    if symbol.fill:
        opacity = symbol.opacity / 2 if symbol.hatched else symbol.opacity
        _sld_said(SubElement(parent, "Fill"), {"fill": symbol.fill, "fill-opacity": f"{opacity:g}"})


def _sld_stroke(parent: Element, symbol: Symbol) -> None:
    if symbol.stroke:
        said = {"stroke": symbol.stroke, "stroke-width": f"{symbol.width:g}"}
        if symbol.dash:
            said["stroke-dasharray"] = " ".join(f"{part:g}" for part in symbol.dash)
        _sld_said(SubElement(parent, "Stroke"), said)


def _sld_said(parent: Element, values: dict[str, str]) -> None:
    for name, value in values.items():
        SubElement(parent, "CssParameter", {"name": name}).text = value


def _written(root: Element) -> str:
    indent(root, " ")
    return tostring(root, encoding="unicode") + "\n"
