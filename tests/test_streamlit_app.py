"""The dashboard's logic, without a browser."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geo.dashboard.bringing import Brought
from geo.language import Catalogue
from geo.language.phrases import collect_phrases
from geo.page import Page
from geo.reading import DATA_DIR, pack_data
from geo.view import LANGS, View

APP = Path(__file__).parents[1] / "streamlit_app.py"


@pytest.fixture
def app(monkeypatch) -> AppTest:
    monkeypatch.setattr(sys, "argv", ["streamlit_app.py"])
    return AppTest.from_file(str(APP), default_timeout=60)


def address_of(app: AppTest) -> dict[str, str]:
    return {name: value if isinstance(value, str) else value[0] for name, value in app.query_params.items()}


def test_the_dashboard_opens_without_an_error(app):
    app.run()
    assert [*app.exception, *app.error, *app.warning] == []
    assert app.session_state.view.query() == ""


def test_the_address_gives_the_opening_view(app):
    app.query_params["place"] = "khabarovsk"
    app.query_params["map"] = "6/48.46/135.1"
    app.run()
    assert app.session_state.view.place == ("khabarovsk",)
    assert app.session_state.opened.query() == "place=khabarovsk&map=6/48.46/135.1"
    assert address_of(app) == {"place": "khabarovsk", "map": "6/48.46/135.1"}


def test_what_the_address_gets_wrong_is_named_and_dropped(app):
    app.query_params["place"] = "atlantis"
    app.query_params["lang"] = "ru"
    app.run()
    (toast,) = app.toast
    assert toast.value.replace("\\", "").startswith("Пропущено place=atlantis: ")
    assert address_of(app) == {"lang": "ru"}
    assert [*app.exception] == []


def test_a_pasted_text_becomes_the_article(app):
    app.run()
    app.text_area[0].set_value("A short note\n\nThe train left Vladivostok for Khabarovsk at noon, they say.")
    app.button[0].click().run()
    article = app.session_state.document_of[0].article
    assert article.title == "A short note"
    assert [*app.exception, *app.error] == []


def test_a_missing_article_at_the_start_is_one_sentence_and_our_account_stays(app, monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "argv", ["streamlit_app.py", "--article", str(tmp_path / "none.txt")])
    app.run()
    assert len(app.error) == 1
    assert "there is no file" in app.error[0].value
    assert app.session_state.document_of == (Brought(), "")


def test_what_is_refused_leaves_one_line_in_the_log_without_a_word_of_it(app, monkeypatch, caplog):
    monkeypatch.setattr(sys, "argv", ["streamlit_app.py", "--article", "secret.txt"])
    app.query_params["place"] = "atlantis"
    app.run()
    app.run()
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("geo")]
    assert lines == ["refused article: text-unreadable", "refused view: view-part-unknown"]


def test_an_online_basemap_is_chosen_by_hand_only(app):
    app.run()
    assert app.radio[0].value == ""
    app.radio[0].set_value("OpenTopoMap").run()
    assert app.session_state.view.basemap == "OpenTopoMap"
    assert address_of(app) == {"basemap": "OpenTopoMap"}
    app.radio[0].set_value("").run()
    assert app.session_state.view.basemap == ""


def test_a_link_that_was_sent_does_not_go_online_by_itself(app):
    app.query_params["basemap"] = "OpenTopoMap"
    app.run()
    assert "OpenTopoMap" in app.toast[0].value
    assert app.session_state.view.basemap == ""
    assert app.session_state.document == ""


def test_the_document_is_made_once_and_not_on_every_click(app, monkeypatch):
    made = []
    whole = Page.document
    monkeypatch.setattr(Page, "document", lambda *given, **more: made.append(given) or whole(*given, **more))
    app.run()
    app.run()
    assert len(made) <= 1  # the one that all readers share
    made.clear()
    app.radio[0].set_value("OpenTopoMap").run()
    document = app.session_state.document
    assert "opentopomap.org" in document
    assert len(made) == 1
    app.run()
    assert app.session_state.document is document
    app.radio[0].set_value("").run()
    assert app.session_state.document == ""
    assert len(made) == 1


def test_the_option_article_without_a_file_opens_our_account(app, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["streamlit_app.py", "--article"])
    app.run()
    assert [*app.exception, *app.error] == []
    assert app.session_state.document_of == (Brought(), "")


def test_text_shown_by_streamlit_is_never_markdown():
    from geo.dashboard.wording import plain

    hostile = (
        "![x](http://example.org/a.png) **b** `c` :red[d] $e$ <b>f</b> [g](javascript:h) #i ~j~ {k} | - + ."
    )
    shown = plain(hostile)
    assert "".join(char for index, char in enumerate(shown) if shown[index] != "\\") == hostile
    assert "](" not in shown
    assert "http:" not in shown


def test_the_data_archive_holds_every_file_of_the_manifest_and_no_script():
    with zipfile.ZipFile(io.BytesIO(pack_data())) as archive:
        names = {name.removeprefix("far-east-atlas-data/") for name in archive.namelist()}
        assert archive.read("far-east-atlas-data/places.csv") == (DATA_DIR / "places.csv").read_bytes()
    assert {"places.csv", "areas.geojson", "datapackage.json", "account/account.md"} <= names
    assert not any(name.startswith("build/") for name in names)


def test_every_format_and_picture_can_be_chosen(app):
    from geo.exports import FORMATS
    from geo.picture import KINDS

    app.query_params["date"] = "1859-06-01"
    app.run()
    formats, pictures = app.selectbox[:2]
    assert formats.options == [known.title for known in FORMATS.values()]
    for kind in FORMATS:
        formats.set_value(kind).run()
        assert [*app.exception, *app.error] == []
        formats, pictures = app.selectbox[:2]
    for form in KINDS:
        pictures.set_value(form).run()
        assert [*app.exception, *app.error] == []
        formats, pictures = app.selectbox[:2]


def test_a_map_without_records_offers_no_data_of_itself(app):
    app.query_params["layers"] = "relief"
    app.run()
    app.checkbox[0].check().run()
    assert any("shows no records" in caption.value for caption in app.caption)


def test_what_is_downloaded_is_what_the_view_shows(page):
    from geo.dashboard.taking import make_data, make_picture

    day = View(date=date(1859, 6, 1), layers=("areas",))
    features = json.loads(make_data(page, "geojson", day))["features"]
    assert {feature["properties"]["layer"] for feature in features} == {"areas"}
    assert len(json.loads(make_data(page, "geojson", None))["features"]) > len(features)
    assert b"paint-common-russia-china" in make_picture(page, ".svg", day)
    assert make_picture(page, ".pdf", day).startswith(b"%PDF")


def test_references_are_written_when_asked_for_and_a_strange_address_is_refused(app):
    app.query_params["place"] = "khabarovsk"
    app.run()
    _part, style = app.selectbox[2:4]
    style.set_value("gost").run()
    assert len(app.code) == 0
    next(button for button in app.button if button.label == "Write the references").click().run()
    assert "with Khabarovsk" in app.code[0].value
    address = next(field for field in app.text_input if field.label.startswith("Where others"))
    address.set_value("ftp://example.org").run()
    assert "is no address of a page" in app.error[0].value.replace("\\", "")
    assert [*app.exception] == []


# The builder of embedded maps


@pytest.fixture
def builder(page: Page) -> AppTest:
    """The panel by itself: a test of the whole app would close its dialog at each run."""

    def script(page, view):
        from geo.dashboard.embedding import build_embed

        build_embed(page, view)

    view = View(date=date(1859, 6, 1), lang="ru")
    return AppTest.from_function(script, args=(page, view), default_timeout=60).run()


def test_the_button_opens_the_builder(app):
    app.query_params["date"] = "1859-06-01"
    app.run()
    assert not app.code
    labelled(app.button, "Embed").click().run()
    assert 'src="far-east-atlas_1859-06-01_en_embed.html#date=1859-06-01"' in app.code[0].value


def labelled(elements, label):
    return next(element for element in elements if element.label == label)


def test_the_builder_starts_from_the_view_at_hand_and_follows_what_is_chosen(builder):
    name = "far-east-atlas_1859-06-01_ru_embed.html"
    assert f'src="{name}#date=1859-06-01&amp;lang=ru"' in builder.code[0].value
    assert 'title="Far East Atlas: 1 June 1859"' in builder.code[0].value
    labelled(builder.selectbox, "Language").set_value("zh-Hans").run()
    labelled(builder.multiselect, "Layers").set_value(["lines", "areas"]).run()
    labelled(builder.date_input, "Date (empty: all acts at once)").set_value(None).run()
    assert 'src="far-east-atlas_all-dates_zh-Hans_embed.html#lang=zh-Hans&amp;layers=areas,lines"' in (
        builder.code[0].value
    )
    labelled(builder.selectbox, "Shape").set_value("16:9").run()
    assert "aspect-ratio:16/9" in builder.code[0].value
    assert [*builder.exception, *builder.error] == []


def test_the_builder_makes_the_file_in_the_languages_chosen_and_says_what_each_choice_weighs(builder, page):
    choice = builder.button_group(key="embed-languages")
    assert choice.value == list(LANGS)
    every, one = page.weigh(embed=True), page.weigh(("en",), embed=True)
    assert one < every - 3000
    said = f"in all four languages {every / 1000:.0f} kB, in English alone {one / 1000:.0f} kB."
    assert labelled_caption(builder, said) == f"About {every / 1000:.0f} kB; {said}"
    choice.set_value(["en"]).run()
    assert labelled_caption(builder, said) == f"About {one / 1000:.0f} kB; {said}"
    assert labelled(builder.selectbox, "Language").options == ["the reader’s own", "English"]
    assert "lang=" not in builder.code[0].value  # the view asked for Russian
    builder.button_group(key="embed-languages").set_value([]).run()
    assert labelled_caption(builder, said) == f"About {every / 1000:.0f} kB; {said}"
    assert [*builder.exception, *builder.error] == []


def labelled_caption(app, part):
    (found,) = [caption.value for caption in app.caption if part in caption.value]
    return found


def test_the_builder_says_what_is_wrong_and_gives_no_snippet(builder):
    labelled(builder.text_input, "Address of the full map, if there is one").set_value("javascript:1").run()
    assert len(builder.code) == 0
    assert "is no web address" in builder.text[0].value
    assert [*builder.exception] == []


def test_an_address_that_the_browser_went_back_to_is_taken_over(app):
    app.query_params["place"] = "khabarovsk"
    app.run()
    app.query_params["place"] = "sakhalin"
    app.run()
    assert app.session_state.view.place == ("sakhalin",)
    assert address_of(app) == {"place": "sakhalin"}


@pytest.mark.parametrize("lang", ["ru", "zh-Hant"])
def test_what_stands_around_the_page_speaks_the_language_of_the_view(app, monkeypatch, lang):
    forms = {each.english: (f"[{lang}] {each.english}",) for each in collect_phrases()}
    catalogues = {"en": Catalogue("en", {}), lang: Catalogue(lang, forms)}
    monkeypatch.setattr("geo.dashboard.wording.interface", catalogues.__getitem__)
    app.query_params["lang"] = lang
    app.run()
    labels = [each.label for each in (*app.button, *app.selectbox, *app.radio, *app.text_input)]
    assert f"[{lang}] Embed" in labels
    assert [label for label in labels if not label.startswith(f"[{lang}] ")] == []
    assert [*app.exception] == []


def test_a_choice_whose_words_were_said_in_another_language_falls_back_to_the_first():
    from geo.dashboard.wording import kept

    assert kept(("", "Big5"), "as found in the text") == ""
    assert kept(("", "Big5"), "Big5") == "Big5"
    assert kept(("", "Big5"), None) == ""
