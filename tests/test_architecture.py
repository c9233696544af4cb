"""The house as it is meant to be: who imports whom, and which third party lives in which room."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from geo.reading import DATA_DIR

ROOT = DATA_DIR.parent
APP = "streamlit_app"

ALLOWED: dict[str, set[str]] = {
    "__init__": set(),
    "__main__": {"cli"},
    "bibliography": {"__init__", "atlas", "citations", "dates", "gazetteer", "territory", "view"},
    "dashboard": {
        "annotations",
        "article",
        "assets",
        "atlas",
        "bibliography",
        "budget",
        "citations",
        "content",
        "dates",
        "embed",
        "errors",
        "exports",
        "imports",
        "language",
        "lightening",
        "linker",
        "page",
        "picture",
        "scans",
        "sentences",
        "territory",
        "tour",
        "view",
    },
    "sentences": set(),
    "errors": {"sentences"},
    "prepared": set(),
    "dates": {"__init__", "sentences"},
    "citations": {"errors", "sentences"},
    "gazetteer": {"citations", "dates"},
    "holdings": {"citations", "dates", "gazetteer"},
    "claims": {"citations", "gazetteer"},
    "territory": {"citations", "gazetteer", "prepared"},
    "basemap": {"citations", "gazetteer", "territory"},
    "apart": {"errors", "sentences"},
    "documents": {"apart", "errors", "sentences"},
    "article": {"citations", "documents", "errors", "sentences"},
    "linker": {"article", "citations", "gazetteer"},
    "language": {"__init__", "dates", "errors", "sentences"},
    "calling": {"__init__", "atlas", "basemap", "territory", "view"},
    "packing": {"view"},
    "texts": {"atlas", "content", "dates", "errors", "language", "layers", "packing", "view"},
    "annotations": {
        "apart",
        "article",
        "atlas",
        "bounded",
        "citations",
        "errors",
        "linker",
        "sentences",
        "strictjson",
    },
    "atlas": {
        "article",
        "basemap",
        "citations",
        "claims",
        "gazetteer",
        "holdings",
        "language",
        "linker",
        "territory",
        "tour",
    },
    "consistency": {
        "atlas",
        "citations",
        "content",
        "dates",
        "errors",
        "gazetteer",
        "holdings",
        "territory",
        "tour",
        "view",
    },
    "bounded": {"errors", "sentences"},
    "degrees": {"sentences"},
    "strictjson": {"sentences"},
    "scans": {"apart", "bounded", "errors", "sentences", "strictjson", "view"},
    "records": {
        "annotations",
        "article",
        "basemap",
        "citations",
        "errors",
        "language",
        "linker",
        "strictjson",
        "tour",
    },
    "tour": {"bounded", "citations", "errors", "sentences", "strictjson", "territory", "view"},
    "imports": {
        "apart",
        "bounded",
        "dates",
        "degrees",
        "errors",
        "linker",
        "sentences",
        "strictjson",
        "territory",
    },
    "reading": {
        "article",
        "atlas",
        "basemap",
        "citations",
        "claims",
        "consistency",
        "errors",
        "gazetteer",
        "holdings",
        "language",
        "linker",
        "records",
        "territory",
    },
    "where": {"atlas", "citations", "dates", "holdings", "territory"},
    "points": {"atlas", "degrees", "errors", "where"},
    "view": {"dates", "sentences"},
    "layers": {"atlas", "citations", "territory", "view"},
    "content": {
        "__init__",
        "atlas",
        "calling",
        "citations",
        "comparison",
        "dates",
        "gazetteer",
        "holdings",
        "layers",
        "sentences",
        "territory",
        "tour",
        "view",
    },
    "passages": {"annotations", "article", "atlas", "claims", "content", "linker"},
    "comparison": {"atlas", "citations", "territory"},
    "assets": {"errors", "prepared"},
    "embed": {"dates", "errors", "sentences", "view"},
    "page": {
        "__init__",
        "article",
        "assets",
        "atlas",
        "content",
        "embed",
        "imports",
        "layers",
        "linker",
        "merging",
        "packing",
        "passages",
        "prepared",
        "scans",
        "sentences",
        "texts",
        "tour",
        "view",
    },
    "lightening": {"article", "atlas", "errors", "imports", "linker", "merging", "sentences"},
    "budget": {"article", "imports", "language", "scans"},
    "merging": {"article", "atlas", "gazetteer", "imports", "linker", "sentences", "view"},
    "output": {"errors"},
    "stylesheet": set(),
    "exports": {
        "annotations",
        "atlas",
        "basemap",
        "citations",
        "claims",
        "dates",
        "errors",
        "gazetteer",
        "holdings",
        "language",
        "layers",
        "output",
        "stylesheet",
        "territory",
        "view",
    },
    "picture": {
        "__init__",
        "atlas",
        "basemap",
        "calling",
        "citations",
        "content",
        "dates",
        "errors",
        "gazetteer",
        "holdings",
        "language",
        "layers",
        "output",
        "stylesheet",
        "territory",
        "view",
    },
    "site": {
        "__init__",
        "annotations",
        "atlas",
        "citations",
        "content",
        "dates",
        "errors",
        "exports",
        "gazetteer",
        "output",
        "page",
        "picture",
        "stylesheet",
        "territory",
        "view",
    },
    "cli": {
        "__init__",
        "annotations",
        "article",
        "atlas",
        "bibliography",
        "budget",
        "citations",
        "comparison",
        "content",
        "dates",
        "degrees",
        "embed",
        "errors",
        "exports",
        "imports",
        "language",
        "lightening",
        "linker",
        "merging",
        "output",
        "page",
        "picture",
        "points",
        "reading",
        "scans",
        "site",
        "territory",
        "tour",
        "view",
        "texts",
        "where",
    },
    APP: {"content", "dashboard", "errors", "page", "reading", "view"},
}
"""By module, the modules of ours that it may import; `__init__` for the version and its date alone."""

ROOMS = {
    "ahocorasick_rs": {"annotations", "linker"},
    "babel": {"language"},
    "branca": {"page"},
    "chardet": {"documents"},
    "click": {"cli"},
    "folium": {"page"},
    "geopandas": {"territory"},
    "jinja2": {"page", "site"},
    "mammoth": {"documents"},
    "markdown_it": {"documents"},
    "nh3": {"documents"},
    "numpy": {"exports", "imports", "picture", "points", "where"},
    "pydantic": {
        "annotations",
        "apart",
        "article",
        "basemap",
        "citations",
        "claims",
        "documents",
        "gazetteer",
        "holdings",
        "imports",
        "linker",
        "records",
        "scans",
        "territory",
        "tour",
    },
    "pyproj": {"picture", "territory", "where"},
    "rapidfuzz": {"annotations"},
    "rich": {"cli"},
    "selectolax": {"bibliography", "documents"},
    "pypdfium2": {"documents"},
    "deflate": {"packing"},
    "minify": {"assets"},
    "starlette": {APP, "dashboard"},
    "streamlit": {APP, "dashboard"},
    "shapely": {
        "budget",
        "consistency",
        "exports",
        "imports",
        "layers",
        "merging",
        "page",
        "picture",
        "records",
        "territory",
        "where",
    },
    "xyzservices": {"page"},
    "PIL": {"embed", "picture", "scans"},
    "fontTools": {"picture"},
    "pyogrio": {"exports"},
    "typst": {"bibliography", "picture"},
}
"""By third party, the modules in which it lives."""

NETWORK = {
    "aiohttp",
    "ftplib",
    "http",
    "httpx",
    "requests",
    "smtplib",
    "socket",
    "ssl",
    "urllib3",
    "webbrowser",
}

LISTENING = {"dashboard.hastening": {"socket"}}
"""Names of the network that a module needs which only sets how the server answers."""

MODULES = {
    ".".join(path.relative_to(ROOT / "geo").with_suffix("").parts): path
    for path in sorted((ROOT / "geo").rglob("*.py"))
} | {APP: ROOT / f"{APP}.py"}
"""By dotted name; the modules of a package share the room of the package."""


def room_of(module: str) -> str:
    return module.partition(".")[0]


def files_of(room: str) -> list[Path]:
    return [path for module, path in MODULES.items() if room_of(module) == room]


def imports_of(path: Path) -> set[str]:
    """Return the dotted names of all that a module imports, at its top or later."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "write imports in full"
            found.add(node.module)
            if node.module == "geo":
                found |= {f"geo.{alias.name}" for alias in node.names}
    return found


def own(room: str) -> set[str]:
    found = {name for path in files_of(room) for name in imports_of(path)}
    names = {name.split(".")[1] for name in found if name.startswith("geo.")} - {room}
    return {"__init__" if name in ("__version__", "__date__") else name for name in names}


def words_of(path: Path) -> set[str]:
    """Return the names that a module uses, imports or reads from others."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.alias):
            found.add(node.name)
    return found


def test_the_table_of_imports_names_every_module_and_package_and_no_other():
    assert set(ALLOWED) == set(map(room_of, MODULES))


@pytest.mark.parametrize("room", ALLOWED)
def test_a_module_or_package_imports_of_ours_just_what_the_table_says(room):
    assert own(room) == ALLOWED[room]


def test_no_module_imports_itself_by_a_detour():
    left = {module: set(others) for module, others in ALLOWED.items()}
    while free := {module for module, others in left.items() if not others}:
        left = {module: others - free for module, others in left.items() if module not in free}
    assert left == {}


@pytest.mark.parametrize("module", MODULES)
def test_every_third_party_lives_in_its_own_room(module):
    roots = {name.partition(".")[0] for name in imports_of(MODULES[module])}
    room = room_of(module)
    assert {root for root in roots if room not in ROOMS.get(root, {room})} == set()


def test_every_third_party_has_a_room_and_every_room_a_tenant():
    roots = {name.partition(".")[0] for path in MODULES.values() for name in imports_of(path)}
    assert roots - set(sys.stdlib_module_names) - {"geo"} == set(ROOMS)
    for party, rooms in ROOMS.items():
        for room in rooms:
            found = {name.partition(".")[0] for path in files_of(room) for name in imports_of(path)}
            assert party in found, (party, room)


@pytest.mark.parametrize("module", MODULES)
def test_no_module_reaches_for_the_network(module):
    found = imports_of(MODULES[module])
    assert {name.partition(".")[0] for name in found} & NETWORK == LISTENING.get(module, set())
    assert "urllib.request" not in found
    assert "urlopen" not in words_of(MODULES[module])


@pytest.mark.parametrize("module", [m for m in MODULES if room_of(m) not in ("reading", "cli", APP)])
def test_nobody_but_the_reader_knows_where_the_data_are(module):
    assert words_of(MODULES[module]).isdisjoint({"DATA_DIR", "load_atlas", "load_usable"})
    assert '"data"' not in MODULES[module].read_text("utf-8")


@pytest.mark.parametrize("module", [m for m in MODULES if room_of(m) != "page"])
def test_heavy_libraries_are_not_loaded_before_they_are_used(module):
    """Geopandas and folium take a second each; a command that needs neither must not wait for them."""
    tree = ast.parse(MODULES[module].read_text("utf-8"))
    at_top = {alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names}
    at_top |= {node.module for node in tree.body if isinstance(node, ast.ImportFrom)}
    assert at_top.isdisjoint({"geopandas", "folium", "pyproj", "pyogrio"})


@pytest.mark.parametrize("module", MODULES)
def test_a_module_can_be_read_in_one_sitting(module):
    lines = MODULES[module].read_text("utf-8").count("\n")
    assert lines < 400


def test_no_module_is_a_bag():
    bags = {"utils", "util", "common", "helpers", "helper", "misc", "core", "base", "tools"}
    assert bags.isdisjoint(part for module in MODULES for part in module.split("."))


@pytest.mark.parametrize("module", sorted(set(MODULES) - {APP}))
def test_nothing_is_caught_without_a_name(module):
    for node in ast.walk(ast.parse(MODULES[module].read_text("utf-8"))):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None
            assert not (isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException"))


@pytest.mark.parametrize("module", sorted(set(MODULES) - {APP}))
def test_every_error_that_a_module_defines_is_in_the_tree(module):
    tree = ast.parse(MODULES[module].read_text("utf-8"))
    made = {
        node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and node.name.endswith("Error")
    }
    assert made == set() or module == "errors"
