"""The embedded page as text: how little it weighs, what it keeps, and the frame that shows it."""

from __future__ import annotations

import html
import io
import json
import re
from datetime import date
from html.parser import HTMLParser

import pytest
from PIL import Image

from geo.content import compose_content
from geo.embed import SANDBOX, Embed, Size, embed_content, embed_relief, frame_html
from geo.errors import ExportError
from geo.page import Page
from geo.view import Position, View
from tests.unpacking import content_of, policy_of, scripts_of, text_of


@pytest.fixture(scope="module")
def document(page: Page) -> str:
    return page.embed_document(View())


class Attributes(HTMLParser):
    """The attributes of the one element of a snippet."""

    def __init__(self, snippet: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(snippet)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def frame_of(snippet: str) -> dict[str, str | None]:
    ((tag, attributes),) = Attributes(snippet).found
    assert tag == "iframe"
    return attributes


# What is in it; tests/test_page.py holds what it weighs


def test_there_is_no_search_and_no_help_in_a_frame(document, page):
    parts = ("search-box", "help-panel", '"spellings"')
    short, long = (
        "".join(text_of(each, name) for name in ("opening", "scripts", "content"))
        for each in (document, page.document(View()))
    )
    assert [part for part in parts if part in short] == []
    assert [part for part in parts if part not in long] == []


def test_the_same_view_gives_the_same_bytes(atlas, page):
    view, embed = View(lang="ru", position=Position(6, 48.46, 135.1)), Embed(controls=False)
    made = page.embed_document(view, embed)
    assert made == page.embed_document(view, embed) == Page(atlas).embed_document(view, embed)


def test_the_embedded_page_has_no_article_no_claims_and_no_notes(document, atlas):
    content = content_of(document)
    assert content["article"]["passages"] == []
    texts = [passage.text for passage in atlas.account.passages]
    texts += [claim.reason for claim in atlas.claims]
    texts += [holding.note for holding in atlas.holdings.records if holding.note]
    texts += [act.summary for act in atlas.acts]
    assert len(texts) > 100
    said = text_of(document, "content")
    assert [text for text in texts if json.dumps(text, ensure_ascii=False)[1:-1] in said] == []


def test_its_policy_allows_no_request_and_only_its_own_scripts(page, document):
    policy = policy_of(document)
    assert policy["default-src"] == ["'none'"]
    assert policy["img-src"] == ["data:"]
    assert len(policy["script-src"]) == len(scripts_of(document)) == 5
    assert policy["script-src"] != policy_of(page.document(View()))["script-src"]


def test_records_in_columns_are_those_of_the_full_page(atlas, page):
    full = json.loads(json.dumps(compose_content(atlas, page.layers)))
    kept = json.loads(json.dumps(embed_content(full)))
    assert [place["labels"] for place in kept["places"]] == [place["labels"] for place in full["places"]]
    fields = ("area", "span", "holders", "claimants", "status", "act")
    assert kept["holdings"] == [{field: each[field] for field in fields} for each in full["holdings"]]
    assert {key: act["names"] for key, act in kept["acts"].items()} == {
        key: act["names"] for key, act in full["acts"].items()
    }
    assert kept["labels"] == full["labels"]
    cited = {
        key
        for name in ("places", "areas", "lines", "sites")
        for each in kept[name]
        for key, _ in each["citations"]
    }
    assert cited <= set(kept["sources"])


def test_the_same_ids_can_be_selected_as_in_the_full_page(document, page):
    kept, full = content_of(document), content_of(page.document(View()))
    for name in ("places", "areas", "lines", "sites"):
        assert [each["id"] for each in kept[name]] == [each["id"] for each in full[name]]
    assert set(kept["acts"]) == set(full["acts"])
    rivals = {each["id"] for each in full["readings"] if not each["drawn"]}
    assert {each["id"] for each in kept["readings"]} == rivals


def test_its_relief_is_smaller_and_has_the_same_shape(atlas):
    avif = atlas.basemap.relief.picture
    smaller = embed_relief(avif)
    assert len(smaller) < 0.6 * len(avif)
    with Image.open(io.BytesIO(avif)) as before, Image.open(io.BytesIO(smaller)) as after:
        assert after.format == "AVIF"
        assert after.width / after.height == pytest.approx(before.width / before.height, rel=0.003)


def test_controls_can_be_left_out(page, document):
    assert '<body class="embed">' in document
    assert '<body class="embed still">' in page.embed_document(View(), Embed(controls=False))
    assert "<body>" in page.document(View())


# The link and the frame


def test_a_link_that_is_no_web_address_is_refused():
    for link in (
        "javascript:alert(1)",
        "map.html",
        "https://a.org/ x",
        'https://a.org/"',
        "https://u:p@a.org/",
    ):
        with pytest.raises(ExportError, match="is no web address"):
            Embed(link=link)
    assert Embed(link="https://example.org/atlas/map.html?a=b").link


def test_the_frame_says_what_it_is_and_may_run_scripts_but_has_no_origin():
    attributes = frame_of(frame_html("map.html", View(date=date(1859, 6, 1), compare=date(1861, 1, 1))))
    assert attributes["src"] == "map.html#date=1859-06-01&compare=1861-01-01"
    assert attributes["title"] == "Far East Atlas: 1 June 1859 and 1 January 1861"
    assert attributes["sandbox"] == SANDBOX
    assert "allow-same-origin" not in SANDBOX
    assert attributes["loading"] == "lazy"
    assert (attributes["width"], attributes["height"]) == ("100%", "600")


def test_a_frame_with_a_ratio_has_no_height_of_its_own():
    attributes = frame_of(frame_html("map.html", View(), Size(ratio=(16, 9))))
    assert "height" not in attributes
    assert attributes["style"] == "border:0;aspect-ratio:16/9"
    assert frame_of(frame_html("map.html", View(), Size(800, 450)))["width"] == "800"


def test_an_address_cannot_leave_its_attribute():
    address = '"><script>alert(1)</script><b title="\'&amp;'
    snippet = frame_html(address, View(lang="ru"))
    assert "<script" not in snippet
    assert frame_of(snippet)["src"] == f"{address}#lang=ru"
    assert html.unescape(re.findall(r'src="([^"]*)"', snippet)[0]) == f"{address}#lang=ru"


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", " data:text/html,x", "JavaScript:1", "file:///etc/x"]
)
def test_an_address_by_which_no_page_is_framed_is_refused(address):
    with pytest.raises(ExportError, match="is of no page"):
        frame_html(address, View())
