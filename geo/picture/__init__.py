"""A picture of a view: the map with its title, legend, scale, sources and licence, as SVG, PNG or PDF.

The SVG is the one drawing; the others are made from it, without a browser. The same view gives the
same bytes on a machine with the same fonts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from geo.atlas import Atlas
from geo.errors import ExportError
from geo.layers import Layer, compose_layers
from geo.output import check_free, write_whole
from geo.picture.layout import PAPERS as PAPERS
from geo.picture.layout import Layout
from geo.picture.layout import Sheet as Sheet
from geo.picture.projection import PROJECTIONS as PROJECTIONS
from geo.view import View

KINDS = (".svg", ".png", ".pdf")

_TYPST = b"""#set document(title: sys.inputs.title, author: sys.inputs.author, date: none)
#set page(width: float(sys.inputs.width) * 1pt, height: float(sys.inputs.height) * 1pt, margin: 0pt)
#set text(lang: sys.inputs.lang)
#image(bytes(sys.inputs.svg), format: "svg", width: 100%, height: 100%, fit: "stretch", alt: sys.inputs.alt)
"""
"""All that the typesetter is told; texts reach it as values, never as its markup."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a view.

    Parameters
    ----------
    svg : str
        The drawing.
    title, description : str
        For those who do not see it.
    sheet : Sheet
        What it is drawn on.
    warnings : tuple of str
        A sentence for each thing that is not as the view asks.
    """

    svg: str
    title: str
    description: str
    author: str
    lang: str
    sheet: Sheet
    warnings: tuple[str, ...]

    def content(self, kind: str, scale: int = 1) -> bytes:
        """Return the picture as a file.

        Parameters
        ----------
        kind : str
            One of `KINDS`.
        scale : int
            Pixels of a PNG to one of the drawing, 1 to 4.

        Raises
        ------
        ExportError
            If the typesetter refuses the drawing.
        """
        if kind == ".svg":
            return self.svg.encode()
        return self._typeset("pdf", 0) if kind == ".pdf" else self._typeset("png", scale)

    def _typeset(self, form: Literal["pdf", "png"], scale: int) -> bytes:
        import typst

        # A point stands for a pixel where pixels are wanted, so that none is split.
        width, height = self.sheet.points if form == "pdf" else self.sheet.pixels
        texts = {"title": self.title, "alt": self.description, "author": self.author, "svg": self.svg}
        inputs = texts | {"width": str(width), "height": str(height), "lang": self.lang.partition("-")[0]}
        ppi = 72.0 * scale if scale else None
        try:
            return typst.compile(_TYPST, format=form, ppi=ppi, sys_inputs=inputs)
        except typst.TypstError as error:
            raise ExportError(f"the picture cannot be set as {form.upper()} ({error.message})") from error


def compose_picture(
    atlas: Atlas, view: View, sheet: Sheet | None = None, layers: Iterable[Layer] | None = None
) -> Picture:
    """Draw what a view shows.

    Parameters
    ----------
    atlas : Atlas
        The records.
    view : View
        What is shown.
    sheet : Sheet, optional
        On what, and in which projection; 1600 by 1000 pixels where it is left out.
    layers : iterable of Layer, optional
        As `geo.layers.compose_layers` returns them, if they are at hand.
    """
    sheet = sheet or Sheet()
    layout = Layout(atlas, view, sheet, tuple(layers or compose_layers(atlas)))
    svg = layout.svg()
    warnings = [layout.lettering.warning()]
    if view.basemap:
        warnings.append(f"The online basemap {view.basemap} is not in the picture, which asks no network.")
    return Picture(
        *(svg, layout.title, layout.description, layout.say("Far East Atlas"), view.language, sheet),
        warnings=tuple(filter(None, warnings)),
    )


def check_target(path: Path, *, overwrite: bool) -> str:
    """Return the kind of picture that a file name asks for.

    Raises
    ------
    ExportError
        If it asks for none that there is, or the file is there and may not be replaced.
    """
    kind = path.suffix.lower()
    if kind not in KINDS:
        raise ExportError(f"{path}: a picture ends in {', '.join(KINDS[:-1])} or {KINDS[-1]}")
    check_free(path, overwrite=overwrite)
    return kind


def write_picture(picture: Picture, path: Path, *, scale: int = 1, overwrite: bool = False) -> None:
    """Write a picture in the kind that its file name asks for, whole or not at all.

    Raises
    ------
    ExportError
        If the kind is unknown, the file is there and may not be replaced, or cannot be written.
    """
    write_whole(path, picture.content(check_target(path, overwrite=overwrite), scale))
