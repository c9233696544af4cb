import csv
import hashlib
import unicodedata
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from geo.article import MAX_BYTES, MAX_PASSAGES, FurnitureRule, parse_article, read_article
from geo.documents.blocks import MAX_MARKDOWN_BYTES, MAX_TAGS
from geo.errors import ArticleError

REPOSITORY = Path(__file__).parents[1]
PASTED = REPOSITORY.parent / "shared" / "article" / "original_page.txt"
RULES = tuple(
    FurnitureRule(form=form, lang="en", kind=kind)
    for form, kind in (
        ("Get link", "furniture"),
        ("X", "furniture"),
        ("Other Apps", "furniture"),
        ("Comments", "comments"),
        ("Reply", "reply"),
        ("ReplyDelete", "reply"),
    )
)


def parse(text, name="a.txt"):
    content = text if isinstance(text, bytes) else text.encode()
    return parse_article(content, name, RULES, trusted=True)


def pairs(text, name="a.txt"):
    return [(passage.kind, passage.text) for passage in parse(text, name).passages]


def shipped_rules():
    with (REPOSITORY / "data" / "linking" / "furniture.csv").open(encoding="utf-8", newline="") as file:
        return [FurnitureRule.model_validate(row) for row in csv.DictReader(file)]


def test_a_pasted_page_is_told_apart_into_article_buttons_and_comments():
    page = (
        "- Get link\n- X\nThe border moved.\nIt moved twice.\n- Get link\nComments\nI doubt it.\nReplyDelete"
    )
    assert pairs(page) == [
        ("furniture", "Get link"),
        ("furniture", "X"),
        ("text", "The border moved."),
        ("text", "It moved twice."),
        ("furniture", "Get link"),
        ("furniture", "Comments"),
        ("comment", "I doubt it."),
        ("furniture", "ReplyDelete"),
    ]


def test_a_reply_button_stuck_to_a_comment_becomes_a_passage_of_its_own():
    found = pairs("It moved.\nI doubt it.ReplyDelete\nHe sent no Reply")
    assert found == [
        ("text", "It moved."),
        ("comment", "I doubt it."),
        ("furniture", "ReplyDelete"),
        ("text", "He sent no Reply"),
    ]


def test_the_number_of_comments_below_a_title_starts_no_comments():
    found = pairs("Old borders\n3 Comments\nThe border moved a long way.\nComments (3)\nNo!")
    assert found == [
        ("heading", "Old borders"),
        ("furniture", "3 Comments"),
        ("text", "The border moved a long way."),
        ("furniture", "Comments (3)"),
        ("comment", "No!"),
    ]


def test_an_unknown_button_among_known_ones_is_furniture_but_a_list_of_towns_is_text():
    assert pairs("- Get link\n- Frobnicate")[1] == ("furniture", "Frobnicate")
    assert pairs("- Khabarovsk\n- Ussuriysk\n- X")[:2] == [("text", "Khabarovsk"), ("text", "Ussuriysk")]


def test_a_text_broken_at_the_margin_is_joined_where_blank_lines_part_its_paragraphs():
    line = "word " * 11 + "word"
    assert pairs(f"{line}\n{line}\nend.\n\n{line}\nend.") == [
        ("text", f"{line} {line} end."),
        ("text", f"{line} end."),
    ]
    assert len(pairs(f"{line}\n{line}\nend.")) == 3


def test_chinese_broken_at_the_margin_is_joined_without_a_space():
    line = "黑龙江" * 9
    assert pairs(f"{line}\n{line}。\n\n完。")[0] == ("text", f"{line}{line}。")


def test_a_byline_and_a_date_stay_text():
    found = pairs("Old borders\nBy A. Writer\n5 May 2025\nThe border moved a long way.")
    assert [kind for kind, _ in found] == ["heading", "text", "text", "text"]


def test_passages_are_numbered_over_all_kinds():
    page = parse("- Get link\nThe border moved.\nComments\nNo.")
    assert [passage.id for passage in page.passages] == ["p1", "p2", "p3", "p4"]


def test_markdown_gives_headings_plain_text_and_list_items():
    found = parse("# A *title*\n\nSee [the\nmap](u) &amp; `it`.\n\n- Get link\n- X\n\n<b>raw</b>", "a.md")
    assert found.title == "A title"
    assert [(passage.kind, passage.text) for passage in found.passages] == [
        ("heading", "A title"),
        ("text", "See the map & it."),
        ("furniture", "Get link"),
        ("furniture", "X"),
        ("text", "<b>raw</b>"),
    ]


PAGE = """<!doctype html><html><head><title>Site</title><script>"<p>no</p>"</script></head>
<body class="has-sidebar"><nav>Menu</nav><p>Teaser.</p><article><header><h1>Old <em>borders</em></h1></header>
<p>One <b>bold</b>
word.<p>Two<br>lines.<br><br>1 < 2 <!-- no --><div class="shareButtons">Tell</div>
<div id="comments"><p>No.</p></div></article><footer>Imprint</footer></body></html>"""


@pytest.mark.parametrize("name", ["a.html", "a.htm", "a.txt"])
def test_a_web_page_is_read_by_its_structure_under_any_ending(name):
    found = parse(PAGE, name)
    assert found.title == "Old borders"
    assert [(passage.kind, passage.text) for passage in found.passages] == [
        ("heading", "Old borders"),
        ("text", "One bold word."),
        ("text", "Two lines."),
        ("text", "1 < 2"),
        ("furniture", "Tell"),
        ("comment", "No."),
    ]


def test_a_web_page_without_an_article_keeps_its_menu_apart():
    found = parse("<title>Site</title><nav>Menu</nav><p>The border moved.</p><aside>Ad</aside>", "a.html")
    assert found.title == "Site"
    assert [passage.kind for passage in found.passages] == ["furniture", "text", "furniture"]


def test_structure_that_leaves_no_text_is_not_believed():
    assert pairs("<form><p>The border moved.</p></form>", "a.html") == [("text", "The border moved.")]


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Khabarovsk is a town.", "en"),
        ("Хабаровск, город на Amur.", "ru"),
        ("哈巴罗夫斯克（伯力）Khabarovsk", "zh"),
    ],
)
def test_the_language_is_the_one_whose_script_prevails(text, lang):
    assert parse(text).lang == lang


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_encodings_give_the_same_passages(encoding):
    assert pairs("Хабаровск – город.".encode(encoding)) == [("text", "Хабаровск – город.")]


def test_hidden_characters_drop_out_and_marks_are_limited_before_composing():
    assert pairs("Vla\u200bdi\u202evo\u00adstok\x07 e\u0301\u00a0 end")[0][1] == "Vladivostok é end"
    assert parse("a" + "\u0301" * 1000).passages[0].text == unicodedata.normalize("NFC", "a" + "\u0301" * 30)


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.txt", "no text"),
        (b" \n\t", "a.md", "no text"),
        (b"<!-- only -->", "a.html", "no text"),
        (b"a\0b", "a.txt", "binary"),
        (b"\x81\x8d\x8f\xff\x90", "a.txt", "UTF-8"),
        (b"\xff\xfea", "a.txt", "UTF-16"),
        (b"%PDF-1.7", "a.txt", "a PDF"),
        (b"x", "a.odt", "unknown ending"),
        (b"x", "", "unknown ending"),
        (b"x" * (MAX_BYTES + 1), "a.txt", "5 MB"),
        (b"x" * (MAX_MARKDOWN_BYTES + 1), "a.md", "2 MB"),
        (b"<b></b>" * (MAX_TAGS + 1), "a.html", "tags"),
        (b"a\n" * (MAX_PASSAGES + 1), "a.txt", "paragraphs"),
    ],
)
def test_what_is_no_article_is_refused_in_one_sentence(content, name, words):
    with pytest.raises(ArticleError, match=words) as caught:
        parse_article(content, name, RULES, trusted=True)
    assert str(caught.value).startswith(name)
    assert "\n" not in str(caught.value)


def test_files_that_cannot_be_read_are_named(tmp_path):
    with pytest.raises(ArticleError, match=r"no file .*none\.txt"):
        read_article(tmp_path / "none.txt", RULES)
    with pytest.raises(ArticleError, match="is a folder"):
        read_article(tmp_path, RULES)
    with pytest.raises(ArticleError, match="cannot be read"):
        read_article(tmp_path / ("x" * 5000), RULES)
    (tmp_path / "a.txt").write_text("The border moved.", encoding="utf-8")
    assert read_article(tmp_path / "a.txt", RULES).passages[0].text == "The border moved."


@pytest.mark.parametrize(
    "bait",
    [
        "<div>" * 39_000,
        "<a " + " ".join(f'x{n}=">"' for n in range(100_000)),
        '<a x="' * 100_000,
        "<!--" * 100_000,
        "<script></script" * 100_000,
        "<a class='class=\"" * 100_000,
        "a" + "\u0301\u0316" * 500_000,
        "<" * 500_000,
    ],
    ids=["nested", "attributes", "quotes", "comments", "scripts", "classes", "marks", "brackets"],
)
def test_bait_is_read_or_refused_and_never_written_out_as_more_markup(bait):
    try:
        found = parse(bait, "a.html")
    except ArticleError:
        return
    assert sum(len(passage.text) for passage in found.passages) <= len(bait)


def test_a_rule_without_a_letter_is_refused():
    with pytest.raises(ValidationError, match="no letter"):
        FurnitureRule(form="- 12!", lang="en", kind="furniture")


def check(article):
    assert [passage.id for passage in article.passages] == [
        f"p{n}" for n in range(1, len(article.passages) + 1)
    ]
    for passage in article.passages:
        assert passage.text
        assert passage.text == " ".join(unicodedata.normalize("NFC", passage.text).split())
    assert article.passages


NAMES = st.sampled_from(["a.txt", "a.md", "a.html"])
PIECES = st.sampled_from(
    ["<p>", "</p>", "<b class='x", "<!--", "- X\n", "Comments\n", "\n\n", "# ", "&#", "é", ">"]
)


@given(st.binary(max_size=300), NAMES)
def test_of_any_bytes_only_an_article_or_an_article_error_comes(content, name):
    with suppress(ArticleError):
        check(parse(content, name))


@given(st.lists(st.one_of(st.text(max_size=20), PIECES)).map("".join), NAMES)
def test_of_any_text_passages_are_whole_and_numbered(text, name):
    with suppress(ArticleError):
        check(parse(text.encode("utf-8", "replace"), name))


def test_the_shipped_rules_are_sound_and_each_form_stands_once():
    forms = [rule.form.casefold() for rule in shipped_rules()]
    assert len(forms) == len(set(forms)) > 50


@pytest.mark.skipif(not PASTED.exists(), reason="the pasted page is not kept in the repository")
def test_the_pasted_page_has_eight_paragraphs_and_one_comment():
    found = read_article(PASTED, shipped_rules())
    kinds = [passage.kind for passage in found.passages]
    assert kinds == ["furniture"] * 6 + ["text"] * 8 + ["furniture"] * 4 + ["comment", "furniture"]
    assert (found.title, found.lang) == ("", "en")


def test_positions_count_in_the_authors_passages_alone():
    article = parse("Share\n\nA heading\n\nThe river froze early 🧊 that year, they said.\n\nThe end came.")
    assert article.text == "\n\n".join(passage.text for passage in article.own)
    for passage in article.own:
        start = article.starts[passage.id]
        assert article.text[start : start + len(passage.text)] == passage.text
    assert set(article.starts) == {passage.id for passage in article.own}
    assert article.digest == hashlib.sha256(article.text.encode()).hexdigest()
