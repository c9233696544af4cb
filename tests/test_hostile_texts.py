"""Hostile text through every door and out of every exit: letter for letter, or refused in a sentence.

Pictures, pages of the site and references have such a test beside their own.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.annotations import identities_of
from geo.annotations.anchoring import anchor_again
from geo.annotations.incoming import parse_page
from geo.article import parse_article
from geo.content import known_to_tours, selectable
from geo.documents.tidying import tidy
from geo.embed import frame_html
from geo.errors import ArticleError, AtlasError, ExportError
from geo.exports import FORMATS, data_file
from geo.imports import parse_gazetteer
from geo.language import TRANSLATED
from geo.page import Page
from geo.tour import parse_tour
from geo.view import LANGS, View, parse_view, suggest_name
from tests.unpacking import block_of, content_of, policy_of, scripts_of

SHOWN = (
    *("{{1337*1337}}", "{% for x in y %}", "{# #", "</script><script>alert(1)</script>", "<!--<script>"),
    *("${1+1}", "`back`", "\"'&amp;<b>", "=1+1", "@SUM(1)", "../../x", "]]>", "\\u0041\\", "#panic() $x^2$"),
    *("%s %(a)s {0}", "javascript:alert(1)", "(a+)+$", "😀𐀀", "<img src=x onerror=alert(1)>"),
)
HIDDEN = ("\u202eabc\u202c", "a\0b", "a\u2028b", "zero\u200bwidth", "\x1b[31m")
BREAKS = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
PLAIN = "We went from Vladivostok to Khabarovsk by night train, they say."

texts = st.one_of(
    st.sampled_from(SHOWN + HIDDEN),
    st.lists(st.sampled_from(SHOWN), min_size=2, max_size=4).map(" ".join),
    # A break of a line would begin another passage, and a soft hyphen joins words.
    st.text(st.characters(codec="utf-8", exclude_characters=BREAKS + "\u00ad"), max_size=60),
)
some = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def document(page: Page) -> str:
    return page.document(View())


def strings_of(value: Any) -> Iterator[str]:
    """Yield every text in a JSON value, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from strings_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings_of(inner)


def has_same_code(made: str, document: str) -> bool:
    """Return whether a document runs, and allows to run, just what another one does."""
    said = re.compile('(content="|data-charset="[^"]*">|<title>)[^"<]*')
    shape = [said.sub(r"\1", each) for each in (made, document)]
    return (
        scripts_of(made) == scripts_of(document)
        and policy_of(made) == policy_of(document)
        and shape[0] == shape[1]
    )


def sentence_of(error: AtlasError) -> bool:
    """Return whether an error is told in lines that a screen can show."""
    return all(line.isprintable() for line in str(error).split("\n"))


# Doors


@some
@given(texts)
def test_the_text_of_an_article_reaches_the_page_letter_for_letter_or_is_refused(page, document, text):
    try:
        article = parse_article(f"{PLAIN} {text} end\n\n{PLAIN}".encode(), "a.txt", page.atlas.furniture)
    except ArticleError:
        assert "\0" in text
        return
    made = page.document(View(), article)
    assert content_of(made)["article"]["passages"][0]["text"] == tidy(f"{PLAIN} {text} end")
    assert has_same_code(made, document)


def test_what_an_article_says_of_itself_reaches_the_page_letter_for_letter(page, document):
    for number, text in enumerate(SHOWN[:6]):
        said = SHOWN[-1 - number]
        written = f"---\ntitle: {text} t\nauthor: {said} a\nsource: {text}\n---\n\n{PLAIN}\n\n{PLAIN}\n"
        article = parse_article(written.encode(), "a.md", page.atlas.furniture)
        assert (article.title, article.author) == (f"{text} t", f"{said} a")
        made = page.document(View(), article)
        assert {article.title, article.author} <= set(strings_of(content_of(made)))
        assert has_same_code(made, document)


@some
@given(texts)
def test_a_gazetteer_reaches_the_page_letter_for_letter_or_is_refused(page, document, text):
    place = {"properties": {"title": f"Xyz {text}", "note": text, text: text}, "type": "Feature"}
    place["geometry"] = {"type": "Point", "coordinates": [131.0, 43.0]}
    content = json.dumps({"type": "FeatureCollection", "features": [place]})
    try:
        own = parse_gazetteer(content.encode(), "own.geojson")
    except AtlasError as error:
        refused = sentence_of(error)
        assert refused
        return
    made = page.document(View(), None, own)
    shown = content_of(made)["own"]["places"][0]
    assert " ".join(f"Xyz {text}".split()).replace("\0", "") in strings_of(shown) or not text.isprintable()
    assert has_same_code(made, document)


@settings(some, max_examples=15)
@given(texts)
def test_a_tour_reaches_the_page_letter_for_letter_or_is_refused(page, document, text):
    said = dict.fromkeys(LANGS, f"Xyz {text} end")
    content = {"version": 1, "title": said, "steps": [{"id": "one", "title": said, "text": said}]}
    tour = parse_tour(json.dumps(content).encode(), text, known_to_tours(page.atlas))
    made = page.document(View(), tour=tour)
    shown = content_of(made)["tour"]
    assert shown["title"] == shown["steps"][0]["text"] == {"en": said["en"]}
    assert [block_of(made, lang)["tour"] for lang in TRANSLATED] == [[said["en"]] * 3] * len(TRANSLATED)
    assert has_same_code(made, document)
    step = {"id": text, "title": said, "text": said, "view": f"place={text}", "citations": text, text: text}
    with pytest.raises(AtlasError) as refused:
        parse_tour(json.dumps(content | {"steps": [step]}).encode(), text, known_to_tours(page.atlas))
    assert sentence_of(refused.value)


@pytest.mark.parametrize("text", SHOWN)
def test_the_cells_of_a_table_reach_the_page_letter_for_letter(page, document, text):
    out = io.StringIO()
    csv.writer(out).writerows([("name", "lat", "lon", "note", text), (f"Xyz {text}", 43, 131, text, text)])
    own = parse_gazetteer(out.getvalue().encode(), f"{text}.csv")
    made = page.document(View(), None, own)
    assert {f"Xyz {text}", text} <= set(strings_of(content_of(made)["own"]["places"]))
    assert has_same_code(made, document)


@some
@given(st.sampled_from(["place", "lang", "date", "layers", "passage", "map", "point", "basemap", "x"]), texts)
def test_an_address_leaves_nothing_of_itself_in_a_view(page, name, text):
    parsed = parse_view({name: text}, selectable(page.atlas))
    left = parsed.view.query()
    if text not in ("", *selectable(page.atlas)):
        assert text not in left or left == ""
    assert all(len(notice) < 500 and notice.startswith("Ignored ") for notice in parsed.notices)
    assert suggest_name(parsed.view, ".html").replace(".html", "").replace("_", "").replace("-", "").isalnum()


@some
@given(texts)
def test_marks_and_notes_of_people_reach_the_page_letter_for_letter_or_are_refused(page, document, text):
    article = parse_article(f"{PLAIN}\n\n{PLAIN}".encode(), "a.txt", page.atlas.furniture)
    selector = {"type": "TextQuoteSelector", "exact": "Vladivostok", "prefix": text, "suffix": text}
    bodies = ["vladivostok", {"type": "TextualBody", "purpose": "commenting", "value": text}]
    item = {
        "id": text,
        "type": "Annotation",
        "body": bodies,
        "target": {"source": text, "selector": selector},
    }
    content = json.dumps({"type": "AnnotationPage", "items": [item]}).encode()
    try:
        marks = parse_page(content, "marks.jsonld", identities_of(page.atlas))
    except AtlasError as error:
        refused = sentence_of(error)
        assert refused
        return
    found = [each.mention for each in anchor_again(marks, article) if each.mention is not None]
    made = page.document(View(), article, curated=found)
    notes = [mention.note for mention in found]
    assert set(notes) <= {*strings_of(content_of(made)), ""}
    assert all(note == text.strip() for note in notes) or not text.isprintable()
    assert has_same_code(made, document)


@pytest.mark.parametrize("text", SHOWN + HIDDEN)
@pytest.mark.parametrize("ending", [".txt", ".exe"])
def test_the_name_of_a_file_is_told_and_never_followed(page, text, ending, monkeypatch):
    monkeypatch.setattr("pathlib.Path.open", lambda *_: pytest.fail("a file was opened"))
    with pytest.raises(AtlasError) as refused:
        parse_article(b"\0\1\2", f"{text}{ending}", page.atlas.furniture)
    assert str(refused.value).isprintable()
    with pytest.raises(AtlasError) as refused:
        parse_gazetteer(b"\0\1\2", f"{text}.csv")
    assert all(line.isprintable() for line in str(refused.value).split("\n"))


@pytest.mark.parametrize("text", SHOWN + HIDDEN)
def test_an_address_of_a_frame_stays_one_attribute(text):
    try:
        frame = frame_html(text, View())
    except ExportError as error:
        refused = sentence_of(error)
        assert refused
        return
    element = ET.fromstring(frame.replace("\0", "").replace("\x1b", ""))
    assert element.attrib.get("src", "").split("#")[0] in text.split("#")[0].replace("\0", "").replace(
        "\x1b", ""
    )
    assert list(element) == []


# Exits: the records themselves, as an editor or a mistake might have them


@pytest.fixture(scope="module")
def worse(atlas):
    """The atlas with hostile notes of areas and hostile names of a town."""
    area = atlas.areas[0].model_copy(update={"note": " ¦ ".join(SHOWN)})
    name = next(each for each in atlas.gazetteer.toponyms if each.place in atlas.place_ids)
    names = [name.model_copy(update={"form": text, "kind": "variant"}) for text in SHOWN]
    gazetteer = replace(atlas.gazetteer, toponyms=(*atlas.gazetteer.toponyms, *names))
    return replace(atlas, areas=(area, *atlas.areas[1:]), gazetteer=gazetteer)


def told_by(kind: str, content: bytes) -> set[str]:
    """Return every text that a file of data holds, as the program that it is for would read it."""
    if kind == "gpkg":
        base = sqlite3.connect(":memory:")
        base.deserialize(content)
        tables = [name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = [
            row
            for table in tables
            if "rtree" not in table
            for row in base.execute(f'SELECT * FROM "{table}"')
        ]
        base.close()
        return {cell for row in rows for cell in row if isinstance(cell, str)}
    if kind in ("csv", "kmz"):
        archive = zipfile.ZipFile(io.BytesIO(content))
        files = {name: archive.read(name) for name in archive.namelist() if name.endswith((".csv", ".kml"))}
        return {text for name, inner in files.items() for text in told_by(f"in-{name[-3:]}", inner)}
    if kind == "in-csv":
        return {cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in row}
    if kind in ("kml", "in-kml"):
        return set(ET.fromstring(content).itertext())
    if kind == "lp-tsv":
        rows = csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter="\t")
        return {cell for row in rows for cell in row}
    return set(strings_of(json.loads(content)))


@pytest.mark.parametrize("kind", sorted(set(FORMATS) - {"all", "annotations"}))
def test_records_reach_other_programs_letter_for_letter(worse, kind):
    told = "\n".join(told_by(kind, data_file(worse, kind)))
    assert [text for text in SHOWN if text not in told] == []


def test_records_reach_the_page_letter_for_letter(worse, document):
    made = Page(worse).document(View())
    told = "\n".join(strings_of(content_of(made)))
    assert [text for text in SHOWN if text not in told] == []
    assert len(scripts_of(made)) == len(scripts_of(document))
    assert all(text not in script for text in SHOWN[:4] for script in scripts_of(made))
