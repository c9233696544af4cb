"""Articles in files of many kinds, sound and hostile, made here."""

from __future__ import annotations

import io
import json
import sys
import time
import zipfile
from collections import Counter
from email.message import EmailMessage

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import apart
from geo.article import MAX_BYTES, MAX_FILE_BYTES, parse_article, read_article
from geo.documents.blocks import MAX_DEPTH, MAX_PAGES, MAX_UNZIPPED_BYTES
from geo.documents.metadata import PageMetadata
from geo.documents.pdf import _blocks, _key, _Line
from geo.documents.tidying import iso_date
from geo.documents.webpage import _Rewriter, markup_blocks
from geo.errors import ArticleError

LINE = "The border followed the river, and the towns along it were few. "
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def parse(content, name, **options):
    return parse_article(content if isinstance(content, bytes) else content.encode(), name, (), **options)


def pairs(article):
    return [(passage.kind, passage.text) for passage in article.passages]


def refused(content, name):
    with pytest.raises(ArticleError) as caught:
        parse(content, name)
    message = str(caught.value)
    assert message.startswith(f"{name} ")
    assert "\n" not in message
    assert "Traceback" not in message
    return message


# Plain text


def test_a_word_broken_at_the_end_of_a_line_is_whole_where_the_text_knows_it():
    text = "He left Vladi-\nvostok in May.\n\nVladivostok was cold, Nikolayevsk-\non-Amur colder."
    assert [passage.text for passage in parse(text, "a.txt").passages] == [
        "He left Vladivostok in May.",
        "Vladivostok was cold, Nikolayevsk-on-Amur colder.",
    ]


def test_a_hyphen_that_may_belong_there_is_kept():
    text = "The Russian-\nChinese border of 1858-\n1860 was long-\nlived; Russianchinese is no word."
    assert parse(text, "a.txt").passages[0].text == (
        "The Russian-Chinese border of 1858-1860 was long-lived; Russianchinese is no word."
    )


def test_a_word_is_whole_where_a_list_of_words_knows_it_and_a_soft_hyphen_always_goes():
    text = "By Khaba-\nrovsk and Us\u00ad\nsuriysk, by sea to Vla\u00addivostok."
    assert parse(text, "a.txt", words=["Khabarovsk"]).passages[0].text == (
        "By Khabarovsk and Ussuriysk, by sea to Vladivostok."
    )


def test_five_megabytes_of_text_in_one_line_or_in_many_are_read_in_seconds():
    started = time.process_time()
    one = parse("x" * 100_000 + " word-" * 800_000, "a.txt")
    many = parse((LINE + "\n\n") * 19_000, "a.txt")
    assert len(one.passages[0].text) == 4_900_000
    assert len(many.passages) == 19_000
    assert time.process_time() - started < 10


def test_in_a_text_whose_words_are_broken_by_rule_unknown_ones_are_whole_too():
    broken = "The bor-\nder, the riv-\ner, the is-\nland and a representa-\ntive by a well-\nkept post."
    assert parse(f"{broken}\n\nBorder, river, island: well kept.", "a.txt").passages[0].text == (
        "The border, the river, the island and a representative by a well-kept post."
    )


# Markdown


def test_front_matter_says_what_the_file_is_and_is_no_text():
    article = parse(
        "---\ntitle: 'Old borders'\ndate: 2025-05-05\nauthor: [A. Writer]\nurl: https://example.org/a\n"
        "tags:\n  - x\n---\nThe border moved.\n",
        "a.md",
    )
    assert (article.title, article.date, article.author) == ("Old borders", "2025-05-05", "A. Writer")
    assert article.source == "https://example.org/a"
    assert pairs(article) == [("text", "The border moved.")]


def test_a_rule_at_the_top_of_markdown_is_no_front_matter():
    assert pairs(parse("---\n\nThe border moved.\n\n---\n\nTwice.", "a.md", trusted=True)) == [
        ("text", "The border moved."),
        ("text", "Twice."),
    ]


# Web pages

HEAD = """<!doctype html><!-- saved from url=(0021)https://example.org/a --><html><head>
<meta http-equiv="Content-Type" content="text/html; charset=windows-1251"><title>Site</title>
<meta property="og:title" content="Старые &amp; новые"><meta content='И. Автор' name=author>
<script type="application/ld+json">{"@graph": [{"@type": "Person", "name": "No"},
 {"@type": ["NewsArticle"], "headline": "H", "datePublished": "2025-05-05T10:00:00+10:00"}]}</script>
<script>alert(1)</script></head>"""


def test_a_web_page_says_its_title_date_author_address_and_encoding():
    page = f"{HEAD}<body onload='alert(2)'><p onclick=alert(3)>Граница прошла по Амуру.</body></html>"
    article = parse(page.encode("cp1251"), "a.html")
    assert (article.title, article.date, article.author) == ("H", "2025-05-05", "И. Автор")
    assert (article.source, article.encoding) == ("https://example.org/a", "Windows-1251")
    assert pairs(article) == [("text", "Граница прошла по Амуру.")]


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "//example.org/a",
        "https://u:p@example.org",
        "https://",
        "http://[",
        "/a",
        "data:,x",
    ],
)
def test_an_address_that_is_not_http_says_nothing(address):
    page = f'<link rel="canonical" href="{address}"><p>The border moved.</p>'
    assert parse(page, "a.html", trusted=True).source == ""


def test_what_a_page_says_of_itself_is_plain_short_and_on_one_line():
    author = f'<meta name=author content="A\u202e&#10;B\u200b <b>{"x" * 900}">'
    article = parse(
        f"{author}<meta property='og:site_name' content='S'><p>The border moved.</p>", "a.html", trusted=True
    )
    assert article.author == f"A B <b>{'x' * 900}"[:300]
    assert article.source == "S"


@pytest.mark.parametrize(
    "linked", ["[" * 100_000, '{"@type": "Article", "author": 9' + "9" * 5_000 + "}", "null", "[1]"]
)
def test_faulty_linked_data_says_nothing(linked):
    page = PageMetadata()
    markup_blocks(f'<script type="application/ld+json">{linked}</script>', page)
    assert (page.title, page.author) == ("", "")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("D:20250505101500+10'00'", "2025-05-05"),
        ("2025-05-05T10:15:00Z", "2025-05-05"),
        ("2025-02-31", "2025-02-31"),
        (" 5 May\n2025 ", "5 May 2025"),
        ("20250505", "20250505"),
        ("", ""),
    ],
)
def test_a_date_is_written_one_way_where_it_is_whole_and_else_left_as_it_is(given, kept):
    assert iso_date(given) == kept


def test_the_profile_of_an_author_is_no_name():
    page = PageMetadata()
    page.element("meta", {"property": "article:author", "content": "https://example.org/people/1"})
    page.element("meta", {"property": "article:author", "content": "A. Writer"})
    assert page.author == "A. Writer"


def test_authors_in_linked_data_are_named_one_after_another():
    page = PageMetadata()
    page.linked_data(json.dumps({"@type": "Article", "author": [{"name": "A"}, "B", {"name": ["C"]}, 7]}))
    assert page.author == "A, B, C"


def test_scripts_and_handlers_never_survive_and_furniture_is_told_apart_in_any_element():
    page = """<p>One. <a class="share-link" href="javascript:x">Tell</a>
    <my-cookies class="cookie-notice">We use cookies.</my-cookies>
    <svg><script>alert(1)</script></svg><img src=x onerror=alert(1)>
    <p>Two<noscript><p>no</p></noscript></b></i> & <unknown>three</unknown><scr<script>ipt>four"""
    found = pairs(parse(page, "a.html", trusted=True))
    assert ("furniture", "Tell") in found
    assert ("furniture", "We use cookies.") in found
    texts = " ".join(text for kind, text in found if kind == "text")
    assert "One." in texts
    assert "three" in texts
    assert "alert" not in texts


def test_the_sanitiser_holds_where_the_first_pass_would_not(monkeypatch):
    monkeypatch.setattr(_Rewriter, "rewrite", lambda _, text: text)
    page = "<p>One.<script>alert(1)</script><style>alert{}</style><p onclick='alert(2)'>Two."
    texts = [block.text for block in markup_blocks(page, PageMetadata())]
    assert texts == ["One.", "Two."]


@pytest.mark.parametrize("start", ["<?xml version='1.0' encoding='koi8-r'?>", "<meta charset=koi8-r>"])
def test_a_declared_encoding_is_believed_even_of_a_word(start):
    article = parse(f"{start}<p>Ё</p>".encode("koi8-r"), "a.html", trusted=True)
    assert (article.passages[0].text, article.encoding) == ("Ё", "KOI8-R")


def test_deep_nesting_is_cut_and_its_text_kept():
    page = "<div>" * 3 * MAX_DEPTH + "<p>Deep down.</p>" + "</div>" * 3 * MAX_DEPTH + "<p>After.</p>"
    assert _Rewriter(PageMetadata()).rewrite(page).count("<div>") == MAX_DEPTH
    assert [text for _, text in pairs(parse(page, "a.html", trusted=True))] == ["Deep down.", "After."]


def test_inline_elements_that_all_differ_do_not_multiply():
    page = "".join(f"<b class='c{n}'>" for n in range(20_000)) + "<p>word" * 19_000
    assert len(parse(page, "a.html").passages) == 19_000


# Pages saved as one file


def saved(html="<!doctype html><title>T</title><article><p>The border moved.</p></article>", charset="utf-8"):
    message = EmailMessage()
    message["From"] = "<Saved by Blink>"
    message["Snapshot-Content-Location"] = "https://example.org/a?b=1"
    message.set_content("no text")
    message.add_related(
        html.encode(charset), "text", "html", params={"charset": charset}, cte="quoted-printable"
    )
    message.add_related(b"\x89PNG" * 9, "image", "png")
    return message.as_bytes()


def test_a_page_saved_as_one_file_is_read_with_its_address_and_charset():
    article = parse(saved("<p>Граница прошла по Амуру.</p>", "koi8-r"), "a.mhtml")
    assert pairs(article) == [("text", "Граница прошла по Амуру.")]
    assert (article.source, article.encoding) == ("https://example.org/a?b=1", "KOI8-R")


def test_a_saved_file_without_a_page_is_refused():
    assert "holds no web page" in refused(b"MIME-Version: 1.0\nContent-Type: text/plain\n\nx", "a.mht")
    assert "parts" in refused(
        b"Content-Type: multipart/related; boundary=x\n\n" + b"--x\n\n" * 3_000, "a.mht"
    )


# Word


def word(body, **parts):
    """Return a .docx with this body and further parts, by their names without ``.xml``."""
    relations = "".join(
        f'<Relationship Id="r{name}" Type="{RELATIONS}/{name}" Target="{name}.xml"/>'
        for name in parts
        if name != "core"
    )
    package = "http://schemas.openxmlformats.org/package/2006"
    related = f'<Relationships xmlns="{package}/relationships">{{}}</Relationships>'.format
    core = parts.pop("core", "")
    files = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="xml" '
        'ContentType="application/xml"/></Types>',
        "_rels/.rels": related(
            f'<Relationship Id="d" Type="{RELATIONS}/officeDocument" Target="word/document.xml"/>'
        ),
        "word/_rels/document.xml.rels": related(relations),
        "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
        **{f"word/{name}.xml": content for name, content in parts.items()},
    }
    if core:
        files["docProps/core.xml"] = core
    return zipped(files)


def zipped(files):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def paragraph(text, style=""):
    styled = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{styled}<w:r><w:t xml:space='preserve'>{text}</w:t></w:r></w:p>"


def test_a_word_document_keeps_headings_tables_notes_insertions_and_what_it_says_of_itself():
    cell = "<w:tc>{}</w:tc>".format
    row = "<w:tr>{}{}</w:tr>".format
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    body = (
        paragraph("Old borders", "Heading1")
        + f"<w:p><w:r><w:t>It moved</w:t></w:r>{note}<w:ins><w:r><w:t> twice &lt;td&gt;.</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>Never.</w:delText></w:r></w:del></w:p>"
        + f"<w:tbl>{row(cell(paragraph('1858')), cell(paragraph('Aigun')))}"
        + f"{row(cell(paragraph('1860')), cell(paragraph('Peking')))}</w:tbl>"
    )
    footnotes = f'<w:footnotes {W}><w:footnote w:id="2">{paragraph("In winter.")}</w:footnote></w:footnotes>'
    core = (
        '<c:coreProperties xmlns:c="x" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:t="http://purl.org/dc/terms/"><dc:title>T</dc:title><dc:creator>A. Writer</dc:creator>'
        "<t:created>2025-05-05T08:00:00Z</t:created></c:coreProperties>"
    )
    article = parse(word(body, footnotes=footnotes, core=core), "a.docx")
    assert pairs(article) == [
        ("heading", "Old borders"),
        ("text", "It moved[1] twice <td>."),
        ("text", "1858 | Aigun"),
        ("text", "1860 | Peking"),
        ("text", "In winter."),
    ]
    assert (article.title, article.date, article.author) == ("Old borders", "2025-05-05", "A. Writer")


def lying_bomb():
    """Return a document that says it unpacks to a hundredth of what it does."""
    size = 30_000_000
    made = zipped({"word/document.xml": b"x" * size})
    return made.replace(size.to_bytes(4, "little"), (size // 100).to_bytes(4, "little"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            lambda: zipped({"word/document.xml": b" " * (MAX_UNZIPPED_BYTES + 1)}),
            "unpacks to more than 100 MB",
        ),
        (lambda: zipped({f"word/{n}.xml": b"" for n in range(2_001)}), "2,000 parts"),
        (lying_bomb, "damaged"),
        (lambda: word(paragraph("x"))[:-40], "damaged"),
        (lambda: zipped({"word/document.xml": b"<no"}), "damaged"),
        (lambda: word("<w:p>" * 50_000 + "</w:p>" * 50_000), "damaged"),
        (lambda: zipped({"content.xml": b"<office/>"}), "not a Word document"),
        (lambda: b"x", "not a Word document"),
        (lambda: word(""), "holds no text"),
        (lambda: b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "locked with a password"),
        (lambda: b"", "empty"),
    ],
    ids=["bomb", "parts", "lying", "cut", "markup", "nested", "odt", "text", "blank", "locked", "empty"],
)
def test_a_word_document_that_cannot_be_read_is_refused_in_one_sentence(content, words):
    assert words in refused(content(), "a.docx")


def test_entities_that_multiply_are_refused():
    entities = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
    body = f"<w:document {W}><w:body>{paragraph('&a11;')}</w:body></w:document>"
    bomb = f"<!DOCTYPE w [<!ENTITY a0 'x'>{entities}]>{body}"
    sound = zipfile.ZipFile(io.BytesIO(word("")))
    files = {name: sound.read(name) for name in ("[Content_Types].xml", "_rels/.rels")}
    assert "damaged" in refused(zipped(files | {"word/document.xml": bomb}), "a.docx")


# PDF

PAPER = """#set document(title: "Old borders", author: "A. Writer",
  date: datetime(year: 2025, month: 5, day: 5))
#set page(width: 12cm, height: 9cm, margin: 1.5cm, header: [Far East Review], numbering: "1 / 1")
#set text(size: 11pt, lang: "en", hyphenate: true)
#set par(justify: true)
= The border of the east
BODY
- One item
- Another item

== How it was drawn
黑龙江以北的土地在一八五八年由条约划定，乌苏里江以东的土地在一八六〇年划定，从此两国以江为界，各守一岸。

Граница прошла по Амуру и Уссури, и земли к востоку отошли России.
"""


WHERE = ("a post", "the ferry", "a rapid", "an islet", "the mill", "a cliff", "the cape")
SENTENCES = " ".join(
    f"Past {place} the representatives descended the river without interpreters." for place in WHERE
)


@pytest.fixture(scope="module")
def paper():
    return typst.compile(PAPER.replace("BODY", f"{SENTENCES}\n\n{SENTENCES.replace('Past', 'By')}").encode())


def test_a_pdf_becomes_headings_and_whole_paragraphs_with_running_heads_apart(paper):
    article = parse(paper, "a.pdf")
    furniture = [text for kind, text in pairs(article) if kind == "furniture"]
    assert furniture == ["Far East Review", "1 / 3"]
    own = pairs(article)[2:]
    assert [kind for kind, _ in own] == ["heading", *["text"] * 4, "heading", "text", "text"]
    assert own[0][1] == "The border of the east"
    assert own[1][1] == SENTENCES
    assert own[2][1] == SENTENCES.replace("Past", "By")
    assert [text for _, text in own[3:5]] == ["One item", "Another item"]
    assert own[6][1].startswith("黑龙江以北的土地在一八五八年由条约划定，乌苏里江以东")
    assert own[6][1].endswith("各守一岸。")
    assert " " not in own[6][1]
    assert own[7][1].startswith("Граница прошла по Амуру")
    assert (article.title, article.date, article.author) == (
        "The border of the east",
        "2025-05-05",
        "A. Writer",
    )
    assert article.encoding == ""


def test_notes_at_the_foot_of_a_page_follow_the_text_that_they_interrupt():
    sentence = SENTENCES.replace(". Past", ", past")
    text = PAPER.replace("BODY", sentence.replace("islet", "islet#footnote[A note in smaller type.]"))
    texts = [text for _, text in pairs(parse(typst.compile(text.encode()), "a.pdf"))]
    assert sentence.replace("islet", "islet1") in texts
    assert texts[-1] == "1A note in smaller type."


LINES = st.builds(
    _Line,
    st.text("Ab. -", min_size=1, max_size=9).map(lambda text: f"x{text.strip()}x"),
    *[st.floats(0, 600)] * 3,
    st.sampled_from([8.0, 10.0, 14.0]),
)


@settings(max_examples=100)
@given(st.lists(st.lists(LINES, max_size=6), min_size=1, max_size=4).filter(any))
def test_wherever_lines_stand_none_is_lost_but_a_running_head_that_returns(pages):
    blocks = list(_blocks(pages))
    kept = Counter(_key(line) for block in blocks for line in block.text.split("\n"))
    there = Counter(_key(line.text) for lines in pages for line in lines)
    running = {_key(block.text) for block in blocks if block.kind == "furniture"}
    assert set(kept) == set(there)
    assert all(kept[key] == there[key] for key in set(there) - running)


def locked_pdf():
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
        b"trailer<</Root 1 0 R/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<"
        + b"00" * 32
        + b">/U<"
        + b"11" * 32
        + b">>>>>\n%%EOF"
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (lambda: typst.compile(b"#rect(fill: red)\n#pagebreak()\n#circle()"), "holds pictures and no text"),
        (lambda: typst.compile(f"#for n in range({MAX_PAGES}) [x#pagebreak()]".encode()), "has 501 pages"),
        (lambda: typst.compile(b'#set page(numbering: "1")\n#rect()'), "holds pictures and no text"),
        (locked_pdf, "locked with a password"),
        (lambda: b"%PDF-1.7\n%%EOF", "damaged PDF"),
        (lambda: b"no PDF", "damaged PDF"),
    ],
    ids=["pictures", "numbers", "pages", "locked", "broken", "text"],
)
def test_a_pdf_that_cannot_be_read_is_refused_in_one_sentence(content, words):
    assert words in refused(content(), "a.pdf")


# Any file


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"\xd0\xcf\x11\xe0old", "a.doc", "save it as .docx"),
        (b"{\\rtf1 x}", "a.rtf", "save it as .docx or .txt"),
        (b"%PDF-1.7", "a.docx", "ending .pdf"),
        (b"PK\x03\x04", "a.txt", "ending .docx"),
        (b"x", "a.epub", ".mhtml, .docx and .pdf would do"),
        (b"x" * (MAX_BYTES + 1), "a.html", "larger than 5 MB"),
        (b"%PDF" + b"x" * MAX_FILE_BYTES, "a.pdf", "larger than 20 MB"),
        (bytes(range(256)) * 9, "a.md", "binary"),
        (b"", "a.pdf", "empty"),
        (b"\n", "a.html", "empty"),
    ],
)
def test_a_file_of_another_kind_or_size_is_refused_with_what_would_do(content, name, words):
    assert words in refused(content, name)


def test_a_large_file_on_disk_is_not_read_to_its_end(tmp_path):
    with (tmp_path / "a.txt").open("wb") as file:
        file.truncate(50_000_000_000)
    with pytest.raises(ArticleError, match=r"a\.txt is larger than 5 MB"):
        read_article(tmp_path / "a.txt", ())


# The process apart


def test_a_file_that_takes_too_long_ends_its_own_process_and_no_other(monkeypatch):
    monkeypatch.setattr(apart, "MAX_SECONDS", 1)
    assert "takes too long to read" in refused("[a" * 400_000, "a.md")


def test_a_plain_text_needs_no_process(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert parse("The border moved.", "a.txt").passages


@settings(max_examples=50)
@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</div>", "<div id='", "<!--", "<script>", "<title>", "<meta name=", "x", " ", "é"]
        )
    )
)
def test_any_markup_becomes_blocks_without_tags(pieces):
    assert all("<p>" not in block.text for block in markup_blocks("".join(pieces), PageMetadata()))
