"""Text never becomes code: what could make it so stands in known places, or nowhere."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from tests.test_architecture import MODULES, ROOT, imports_of, words_of

STATIC = sorted((ROOT / "geo" / "static").glob("*"))
SCRIPTS = [path for path in STATIC if path.suffix == ".js"]
MARKUP = [path for path in STATIC if path.suffix == ".html"]
MARKUP += sorted((ROOT / "geo" / "site" / "templates").glob("*.html"))

PLACES = {
    "folium": {"page.drawing"},
    "branca": {"page.drawing"},
    "jinja2": {"page.__init__", "site.pages"},
    "subprocess": {"apart.__init__"},
    "ctypes": {"output"},
    "tempfile": {"exports.geopackage"},
}
"""What compiles text, starts a program, calls the system or makes files of its own, and who may."""

NOWHERE = {
    *(
        "pickle",
        "marshal",
        "shelve",
        "joblib",
        "yaml",
        "code",
        "codeop",
        "runpy",
        "pty",
        "xml.sax",
        "xml.dom",
    ),
    *("imp", "zipimport"),
}
"""Modules that run what they read."""

WORDS = {
    *("eval", "exec", "__import__", "import_module", "popen", "system", "execv", "execve", "spawnv", "shell"),
    *("unsafe_allow_html", "unsafe_allow_javascript", "read_file", "literal_eval"),
}
"""Names that run text, pass it as markup, or read a file with a library that follows what is in it."""

OPENERS = {"open", "fdopen", "read_bytes", "read_text", "write_bytes", "write_text", "unlink", "mkdir"}

NAMED = {
    *("article", "bounded", "cli.records", "output", "reading", "records"),
    *("exports.geopackage", "site.__init__", "cli.translating", "language.phrases"),
}
"""Who opens a file by a name that is given: of the command line, the folder of data, what is written."""

OURS = (
    "Path(__file__)",
    "(Path(__file__)",
    "(Path(st.__file__)",
    "files(",
    "distribution(",
    "Image.open",
    "os.open",
)
"""How an expression begins that leads to a file of ours, of a library, or to none."""

REGULAR = {"compile", "match", "search", "fullmatch", "sub", "subn", "split", "findall", "finditer"}

SCRIPT_SINKS = re.compile(
    r"innerHTML|(?<!Delivered\.)outerHTML|insertAdjacentHTML|document\.write|createContextualFragment"
    r"|DOMParser|setHTML|\beval\b|new Function|new RegExp|set(?:Timeout|Interval)\(\s*[\"'`]|javascript:"
    r"|setAttribute\(\s*[\"'`]on|importScripts|\bimport\(|createElement\(\s*[\"'`]script|new Worker|cssText"
)


@cache
def calls_of(module: str) -> tuple[ast.Call, ...]:
    tree = ast.parse(MODULES[module].read_text("utf-8"))
    return tuple(node for node in ast.walk(tree) if isinstance(node, ast.Call))


def own_constants(module: str) -> set[str]:
    """Return the names in capitals that a module sets at its top, or imports."""
    tree = ast.parse(MODULES[module].read_text("utf-8"))
    names = {name.id for node in tree.body for name in ast.walk(node) if isinstance(name, ast.Name)}
    names |= {
        a.asname or a.name for node in tree.body if isinstance(node, ast.ImportFrom) for a in node.names
    }
    return {name for name in names if name.isupper()}


def is_constant(node: ast.expr, constants: set[str]) -> bool:
    """Return whether text is written in the module, in a literal or of its constants."""
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.Name):
        return node.id in constants
    if isinstance(node, ast.JoinedStr):
        parts = (part.value if isinstance(part, ast.FormattedValue) else part for part in node.values)
        return all(is_constant(part, constants) for part in parts)
    if isinstance(node, ast.Call) and ast.unparse(node.func) in ("'|'.join", "''.join"):
        return is_constant(node.args[0], constants)
    return isinstance(node, ast.BinOp) and all(is_constant(n, constants) for n in (node.left, node.right))


@pytest.mark.parametrize("module", MODULES)
def test_what_compiles_text_or_starts_a_program_has_one_place(module):
    roots = {name.partition(".")[0] for name in imports_of(MODULES[module])}
    assert {root for root in roots if module not in PLACES.get(root, {module})} == set()
    assert imports_of(MODULES[module]).isdisjoint(NOWHERE)


def test_every_such_place_is_in_use():
    for root, modules in PLACES.items():
        for module in modules:
            assert root in {name.partition(".")[0] for name in imports_of(MODULES[module])}, (root, module)


@pytest.mark.parametrize("module", MODULES)
def test_no_module_runs_text_or_passes_it_as_markup(module):
    keywords = {keyword.arg for call in calls_of(module) for keyword in call.keywords}
    assert (words_of(MODULES[module]) | keywords).isdisjoint(WORDS)
    called = {ast.unparse(call.func) for call in calls_of(module)}
    assert called.isdisjoint({"compile", "st.html", "st.iframe", "st.components.v1.html", "st.markdown"})
    assert not any(name.startswith("st.components.v1") for name in called)


@pytest.mark.parametrize("module", MODULES)
def test_every_regular_expression_is_written_in_the_code(module):
    constants = own_constants(module)
    for call in calls_of(module):
        if isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "re":
            assert call.func.attr in REGULAR | {"escape"}
            assert is_constant(call.args[0], constants), ast.unparse(call)


@pytest.mark.parametrize("module", MODULES)
def test_every_format_string_is_ours(module):
    formats = [
        call for call in calls_of(module) if ast.unparse(call.func).endswith((".format", ".format_map"))
    ]
    # The words of a legend are in a file of ours.
    assert not formats or module == "picture.legend"


def root_of(node: ast.expr) -> str:
    """Return the name with which an expression begins."""
    while not isinstance(node, ast.Name):
        inner = (
            node.func if isinstance(node, ast.Call) else getattr(node, "value", getattr(node, "left", None))
        )
        if not isinstance(inner, ast.expr):
            return ""
        node = inner
    return node.id


@pytest.mark.parametrize("module", sorted(set(MODULES) - NAMED))
def test_only_few_open_a_file_by_a_name_that_is_given(module):
    for call in calls_of(module):
        name = ast.unparse(call.func).rpartition(".")[2]
        if name in OPENERS:
            assert root_of(call.func).isupper() or ast.unparse(call.func).startswith(OURS), ast.unparse(call)


@pytest.mark.parametrize("module", [module for module in MODULES if module.startswith("dashboard")])
def test_the_name_of_an_uploaded_file_never_becomes_a_path(module):
    paths = [ast.unparse(call) for call in calls_of(module) if ast.unparse(call.func) == "Path"]
    assert set(paths) <= {"Path(__file__)", "Path(st.__file__)", "Path(started_with)"}


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_of_ours_writes_html_or_runs_text(path):
    written = "\n".join(re.sub(r"(?:^|\s)//.*", "", line) for line in path.read_text("utf-8").split("\n"))
    assert SCRIPT_SINKS.findall(written) == []
    # What is made without its kind in sight: a script or a style, of what was unpacked, and what Dom makes.
    kinds = re.findall(r"createElement(?:NS)?\(([^\"]*?)\)", written)
    assert kinds == {"unpacking.js": ["kind"], "dom.js": kinds}.get(path.name, [])


@pytest.mark.parametrize("path", MARKUP, ids=lambda path: path.name)
def test_no_markup_of_ours_has_a_handler_or_a_style_in_an_attribute(path):
    markup = path.read_text("utf-8")
    assert re.findall(r"\s(?:on[a-z]+|style)\s*=", markup) == []
    assert "javascript:" not in markup


def test_what_goes_into_the_markup_unescaped_is_ours_or_escaped_before():
    unescaped = {
        found
        for path in MARKUP
        for found in re.findall(r"{{\s*([^}|]+?)\s*\|\s*safe", path.read_text("utf-8"))
    }
    # geo.page escapes the title and the licence itself, as a browser writes them.
    assert unescaped == {"policy", "licence", "title", "style", "script"}
