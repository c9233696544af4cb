"""Where the names of a picture's map have room: the important first, none over another, some along a curve.

By the same rules as the page's ``static/labels.js``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import shapely

from geo.picture.lettering import Lettering
from geo.picture.naming import Wish
from geo.picture.projection import Window
from geo.stylesheet import Face, StyleSheet

Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""

_PAD = 3
_STEPS = 12
_ABOUT = tuple(
    (dx * reach, dy * reach)
    for reach in (0.0, 18.0, 36.0, 54.0, 72.0, 90.0)
    for dx, dy in ((0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (1, -1), (-1, 1), (-1, -1))[: 8 if reach else 1]
)
"""How far the name of an area may step aside from its spot, pixels, best first."""

_ASIDE = 0.2
"""The same as a part of what it names."""

_ROOMY = 1.33
"""By how much a name may be wider than the square of its area's size."""


@dataclass(frozen=True, slots=True)
class Label:
    """A name in its place, in pixels.

    Parameters
    ----------
    faces : tuple of Face
        One for each line of the text.
    x, y : float
        The first baseline's anchor.
    anchor : str
        ``start``, ``middle`` or ``end``.
    path : tuple of (x, y)
        A smooth baseline instead; empty for none.
    """

    id: str
    kind: str
    lines: tuple[str, ...]
    faces: tuple[Face, ...]
    x: float
    y: float
    anchor: str
    path: tuple[Point, ...] = ()


def place_labels(
    wanted: Iterable[Wish],
    window: Window,
    lettering: Lettering,
    sheet: StyleSheet,
    lang: str,
    taken: Sequence[Box] = (),
) -> list[Label]:
    """Return the names for which there is room, none over another.

    Parameters
    ----------
    taken : sequence of Box
        What lies on the map already, and hides names.
    """
    zoom = window.zoom
    shown = [_Setting(wish, window, lettering, sheet, lang) for wish in wanted if _in_reach(wish, zoom)]
    shown = [setting for setting in shown if setting.seen and setting.has_room]
    shown.sort(key=lambda setting: setting.wish.rank)
    boxes = [*taken, *(setting.mark for setting in shown if setting.wish.dot and not setting.path)]
    placed: list[Label] = []
    states: set[str] = set()
    for setting in shown:
        if setting.wish.kind == "area" and setting.wish.text in states:
            continue
        label, covered = setting.settle(boxes)
        inside = bool(covered) and all(setting.within(box) for box in covered)
        if inside and (setting.wish.always or _free(covered, boxes)):
            placed.append(label)
            boxes += covered
            states.add(setting.wish.text)
    return placed


def _in_reach(wish: Wish, zoom: float) -> bool:
    return bool(wish.text) and wish.zooms[0] <= zoom <= wish.zooms[1]


class _Setting:
    """A name with its sizes, looking for room."""

    def __init__(
        self, wish: Wish, window: Window, lettering: Lettering, sheet: StyleSheet, lang: str
    ) -> None:
        self.wish, self._window = wish, window
        self._lines = tuple(wish.text.split("\n"))
        self._faces = tuple(sheet.face(wish.kind, lang, second=n > 0) for n in range(len(self._lines)))
        widths = [lettering.width(*line) for line in zip(self._lines, self._faces, strict=True)]
        self._length, self._size = max(widths), self._faces[0].size
        self._tall = self._size * 1.2 + sum(face.size * 1.15 for face in self._faces[1:])
        points = [window.pixel(*at) for at in wish.at]
        self.path = smooth([(x, y - wish.lift) for x, y in points]) if len(points) > 1 else []
        if self.path and wish.instead is not None and not self._runs_inside():
            self.path, points = [], [window.pixel(*wish.instead)]
        self._points = points
        self._point = points[0]

    @property
    def seen(self) -> bool:
        """Whether its point, or part of its baseline, lies in the window."""
        return any(self._window.holds(*point) for point in (self.path or [self._point]))

    @property
    def has_room(self) -> bool:
        """Whether what it names is about as wide as it."""
        return not self.wish.room or self._length <= _ROOMY * self.wish.room / self._window.km_per_pixel

    @property
    def mark(self) -> Box:
        (x, y), dot = self._point, self.wish.dot
        return x - dot, y - dot, x + dot, y + dot

    def within(self, box: Box) -> bool:
        left, top, right, bottom = box
        return left >= 0 and top >= 0 and right <= self._window.width and bottom <= self._window.height

    def settle(self, taken: Sequence[Box]) -> tuple[Label, list[Box]]:
        """Return the name in the best of its places, and the boxes it covers; none where none fits."""
        if self.path:
            label = self._label(0, 0, "middle", tuple(self._lifted()))
            return label, _along(self.path, self._length, self._size) if self._reaches() else []
        size, (x, y) = self._size, self._point
        spots = (
            _beside(self.wish.gap, size)
            if self.wish.gap
            else [
                (dx, dy + size * 0.34 - (self._tall - size * 1.2) / 2, "middle")
                for dx, dy in _ABOUT
                if math.hypot(dx, dy) <= _ASIDE * self.wish.room / self._window.km_per_pixel
            ]
        )
        fits = [
            (self._label(x + dx, y + dy, anchor), self._box(x + dx, y + dy, anchor))
            for dx, dy, anchor in spots
        ]
        inside = [fit for fit in fits if self.within(fit[1])]
        free = [fit for fit in inside if _free([fit[1]], taken)]
        label, box = (free or inside or fits)[0]
        return label, [box]

    def _reaches(self) -> bool:
        return _long(self.path) >= self._length + 4

    def _runs_inside(self) -> bool:
        along = _along(self.path, self._length, self._size) if self._reaches() else []
        return bool(along) and all(self.within(box) for box in along)

    def _lifted(self) -> Iterator[Point]:
        for x, y in self._points:
            yield x, y - self.wish.lift

    def _box(self, x: float, y: float, anchor: str) -> Box:
        left = x - {"start": 0.0, "middle": self._length / 2, "end": self._length}[anchor]
        top = y - self._size * 0.9
        return left - _PAD, top - _PAD, left + self._length + _PAD, top + self._tall + _PAD

    def _label(self, x: float, y: float, anchor: str, path: tuple[Point, ...] = ()) -> Label:
        return Label(self.wish.id, self.wish.kind, self._lines, self._faces, x, y, anchor, path)


def _beside(gap: float, size: float) -> list[tuple[float, float, str]]:
    """Return where a name may stand beside its point, best first."""
    up, down = -gap * 0.5, gap * 0.5 + size * 0.6
    return [
        (gap, size * 0.34, "start"),
        (-gap, size * 0.34, "end"),
        (0, -gap, "middle"),
        (0, gap + size * 0.75, "middle"),
        *(
            (side * gap * 0.8, dy, anchor)
            for side, anchor in ((1, "start"), (-1, "end"))
            for dy in (up, down)
        ),
    ]


def _free(boxes: Iterable[Box], taken: Sequence[Box]) -> bool:
    return not any(a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3] for a in boxes for b in taken)


def controls(points: Sequence[Point]) -> Iterator[tuple[Point, Point, Point]]:
    """Yield the Bézier curves of a smooth line (Catmull-Rom): two handles and the end of each."""
    for i in range(len(points) - 1):
        a, b, c = points[max(0, i - 1)], points[i], points[i + 1]
        d = points[min(len(points) - 1, i + 2)]
        yield (
            (b[0] + (c[0] - a[0]) / 6, b[1] + (c[1] - a[1]) / 6),
            (c[0] - (d[0] - b[0]) / 6, c[1] - (d[1] - b[1]) / 6),
            c,
        )


def smooth(points: Sequence[Point]) -> list[Point]:
    """Return a smooth line as many short straight ones."""
    found = [points[0]]
    for one, two, end in controls(points):
        start = found[-1]
        for step in range(1, _STEPS + 1):
            t = step / _STEPS
            s = 1 - t
            x, y = (
                s**3 * start[k] + 3 * s * s * t * one[k] + 3 * s * t * t * two[k] + t**3 * end[k]
                for k in (0, 1)
            )
            found.append((x, y))
    return found


def _long(path: Sequence[Point]) -> float:
    return sum(math.dist(a, b) for a, b in pairwise(path))


def _along(path: Sequence[Point], length: float, size: float) -> list[Box]:
    """Return the boxes that a text covers when it is centred on a line."""
    line = shapely.LineString(path)
    start, step = (line.length - length) / 2, max(6.0, size * 0.7)
    spots = (line.interpolate(start + n * step) for n in range(int(length / step) + 1))
    return [(p.x - size / 2, p.y - size * 0.9, p.x + size / 2, p.y + size * 0.3) for p in spots]
