"""Scripts and styles made small: they say what the long ones say."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import minify
import pytest
import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

from geo import assets
from geo.errors import ExportError
from tests.test_sinks import SCRIPTS

KEEP_NAMES = "js-keep-var-names"
parser = Parser(Language(tree_sitter_javascript.language()))


def bound_in(script: str) -> list[str]:
    """Return what a script binds by const, let and var, in the order in which that happens."""
    found: list[str] = []

    def walk(node: Node) -> None:
        name = node.child_by_field_name("name") if node.type == "variable_declarator" else None
        if name is not None:
            found.append(re.sub(r"\s|\b(\w+):(?=\1\b)", "", name.text.decode()))
        for child in node.children:
            walk(child)

    tree = parser.parse(script.encode())
    assert not tree.root_node.has_error
    walk(tree.root_node)
    return found


@pytest.fixture
def keep_names() -> Iterator[None]:
    minify.config({KEEP_NAMES: True})
    yield
    minify.config({KEEP_NAMES: False})


def test_a_leaflet_that_is_not_the_release_is_refused(monkeypatch):
    monkeypatch.setitem(assets.LEAFLET_SHA256, "leaflet.js", "0" * 64)
    assets.leaflet.cache_clear()
    with pytest.raises(ExportError, match=r"leaflet\.js is not Leaflet 1\.9\.4 as released"):
        assets.leaflet("leaflet.js")
    assets.leaflet.cache_clear()


def test_a_small_script_says_what_the_long_one_says_and_names_what_stands_at_its_top():
    long = (
        "const Atlas = (() => { const grown = `x ${b + 1}`; // note\n/* gone */ return grown + '// no'; })()"
    )
    assert assets.small_script(long) == 'const Atlas=(()=>{const e=`x ${b+1}`;return e+"// no"})();'


def test_what_was_made_small_beforehand_needs_no_library_and_another_text_stays_as_it_is(monkeypatch):
    monkeypatch.setitem(sys.modules, "minify", None)
    assets.script.cache_clear()
    made = assets.script("pace.js")
    assert len(made) < len(assets.static("pace.js"))
    assert assets.small_script("const a = 1") == "const a = 1;"
    monkeypatch.undo()
    assert made == assets.small_script(assets.static("pace.js"))


@pytest.mark.usefixtures("keep_names")
@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_small_script_binds_in_the_order_of_the_long_one(path: Path):
    # The library moves `[a, b] = …` or `{ a, b } = …` to the front of its declaration and of that just before
    # it, whatever it is made of. Ours stand there already.
    long = path.read_text("utf-8")
    assert bound_in(assets.small_script(long)) == bound_in(long)


@pytest.mark.usefixtures("keep_names")
def test_another_order_is_told_apart():
    long = "function one() { const a = two(); const [b, c] = (a || []); return a + b + c; }\n"
    assert bound_in(long) == ["a", "[b,c]"]
    assert bound_in(assets.small_script(long)) != bound_in(long)
