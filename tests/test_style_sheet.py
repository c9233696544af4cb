"""The colours of the map stay apart, for colour-blind eyes too."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

STATIC = Path(__file__).parents[1] / "geo" / "static"
CSS = "".join((STATIC / name).read_text("utf-8") for name in ("page.css", "time.css"))
TINTS = ("peking", "aigun", "sakhalin", "nerchinsk")
HOLDERS = ("russia", "china", "manchukuo", "japan", "korea", "mongolia")
OPACITY = 0.7

# G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, A Physiologically-based Model for Simulation of Color
# Vision Deficiency, IEEE TVCG 15 (2009): matrices for complete deficiency, on linear RGB.
EYES = {
    "normal": np.eye(3),
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritan": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
_TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def colour(name: str, theme: int) -> np.ndarray:
    """Return a colour of the style sheet as sRGB from 0 to 1; theme 0 is light, 1 dark."""
    found = re.search(rf"--{name}: light-dark\((#\w{{6}}), (#\w{{6}})\)", CSS)
    assert found is not None, name
    text = found[theme + 1]
    return np.array([int(text[i : i + 2], 16) / 255 for i in (1, 3, 5)])


def linear(rgb: np.ndarray) -> np.ndarray:
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray, eye: str) -> np.ndarray:
    """Return CIE L*a*b* (D65) of a colour as an eye sees it."""
    seen = np.clip(np.array(EYES[eye]) @ linear(rgb), 0, 1)
    x, y, z = np.cbrt(np.maximum(_TO_XYZ @ seen / [0.9505, 1.0, 1.089], 0.008856))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def contrast(one: np.ndarray, two: np.ndarray) -> float:
    """Return the contrast ratio of WCAG 2."""
    bright, dark = sorted((float(_TO_XYZ[1] @ linear(rgb)) for rgb in (one, two)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize(("one", "two"), [*combinations(TINTS, 2)])
def test_two_acts_are_told_apart_by_their_tint(one, two, eye, theme):
    land = colour("land", theme)
    first, second = (OPACITY * colour(name, theme) + (1 - OPACITY) * land for name in (one, two))
    assert np.linalg.norm(lab(first, eye) - lab(second, eye)) >= 10


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize(("one", "two"), [*combinations(HOLDERS, 2)])
def test_two_holders_are_told_apart_by_their_tint(one, two, eye, theme):
    land = colour("land", theme)
    first, second = (OPACITY * colour(name, theme) + (1 - OPACITY) * land for name in (one, two))
    assert np.linalg.norm(lab(first, eye) - lab(second, eye)) >= 10


def test_every_holder_of_the_data_has_a_tint_and_no_other_has(atlas):
    families = {polity.family for polity in atlas.holdings.polities.values()}
    assert families == set(HOLDERS)
    tinted = set(re.findall(r"\.tint-([a-z]+) \{ fill: var\(--\1\); \}", CSS)) - {"land"}
    assert tinted == families


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "panel", "lit"])
def test_text_stands_out_from_its_ground(ground, theme):
    assert contrast(colour("ink", theme), colour(ground, theme)) >= 7
    assert contrast(colour("soft", theme), colour(ground, theme)) >= 4.5
    assert contrast(colour("accent", theme), colour(ground, theme)) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("tint", [*TINTS, *HOLDERS])
def test_boundary_lines_stand_out_from_every_area(tint, theme):
    area = OPACITY * colour(tint, theme) + (1 - OPACITY) * colour("land", theme)
    assert contrast(colour("line", theme), area) >= 3


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["land", "sea"])
@pytest.mark.parametrize("drawn", ["line", "coast", "water", "edge", "soft", "accent"])
def test_lines_and_edges_stand_out_from_land_and_sea(drawn, ground, theme):
    assert contrast(colour(drawn, theme), colour(ground, theme)) >= 3


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("kind", ["sea", "river", "lake", "region", "range", "country"])
def test_labels_of_the_map_can_be_read_on_their_halo(kind, theme):
    rule = re.search(rf"\.label\.{kind} \{{([^}}]*)\}}", CSS)
    assert rule is not None
    pair = re.search(r"fill: light-dark\((#\w{6}), (#\w{6})\)", rule[1])
    name = re.search(r"fill: var\(--([\w-]+)\)", rule[1])
    text = pair[theme + 1] if pair else ""
    fill = colour(name[1], theme) if name else np.array([int(text[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    halo = colour("sea" if "stroke: var(--sea)" in rule[1] else "halo", theme)
    assert contrast(fill, halo) >= 4.5


def test_every_area_that_changed_hands_and_every_key_has_an_edge():
    assert re.search(r"path\.area\.subject \{ stroke: var\(--edge\)", CSS)
    assert re.search(r"\.key rect \{ stroke: var\(--edge\)", CSS)
