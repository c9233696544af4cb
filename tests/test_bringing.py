"""What a reader brings to the dashboard, without a browser."""

from __future__ import annotations

import json
import sys
from dataclasses import fields, replace
from pathlib import Path

import pytest
import shapely
from shapely.geometry import mapping
from streamlit.testing.v1 import AppTest

from geo.dashboard.bringing import Brought
from tests.unpacking import said_of, text_of

APP = Path(__file__).parents[1] / "streamlit_app.py"
TEXT = "A note on the coast\n\nThe ship left Posyet for Vladivostok in the autumn, so they told us at noon.\n"
TABLE = b"name,lat,lon\nPosyet,42.65,130.8\n"


@pytest.fixture
def app(monkeypatch) -> AppTest:
    monkeypatch.setattr(sys, "argv", ["streamlit_app.py"])
    return AppTest.from_file(str(APP), default_timeout=60).run()


def labelled(elements, start):
    return next(element for element in elements if element.label.startswith(start))


def bring(app, start, name, content, kind="text/plain"):
    return labelled(app.file_uploader, start).set_value((name, content, kind)).run()


def article_of(app):
    return app.session_state.document_of[0].article


def said(elements):
    return [element.value.replace("\\", "") for element in elements]


def test_all_that_a_server_started_anew_would_not_have_is_known():
    there = {field.name for field in fields(Brought)} - {"alone", "lasting"}
    brought = Brought(**dict.fromkeys(there, ("brought",)), lasting=False)
    assert set(brought.by_hand) == there - {"curated"} | {"marks"}
    assert Brought().by_hand == []


def test_an_article_that_is_missing_at_the_start_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "argv", ["streamlit_app.py", "--article", str(tmp_path / "nowhere.txt")])
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    (fault,) = said(app.error)
    assert "nowhere.txt" in fault
    assert [*app.exception] == []


def test_an_article_is_read_and_how_it_was_read_is_said(app):
    text = "Осенью корабль ушёл из Посьета во Владивосток, как рассказывали нам в гостинице у моря.\n"
    bring(app, "A file: text", "note.txt", text.encode("windows-1251"))
    assert article_of(app).encoding == "Windows-1251 (guessed)"
    assert "Windows-1251 (guessed) · 1 paragraph" in said(app.caption)
    assert text.strip() in said(app.text)
    assert [*app.exception, *app.error] == []


def test_the_reader_can_choose_another_encoding_than_was_guessed(app):
    text = "海参崴的港口在冬天结冰。"
    bring(app, "A file: text", "note.txt", text.encode("gb18030"))
    labelled(app.selectbox, "Encoding").set_value("Windows-1251").run()
    assert article_of(app).text != text
    labelled(app.selectbox, "Encoding").set_value("GB18030").run()
    assert article_of(app).text == text


def test_an_article_is_read_once_and_not_on_every_click(app):
    bring(app, "A file: text", "note.txt", TEXT.encode())
    article = article_of(app)
    labelled(app.radio, "Online basemap").set_value("OpenTopoMap").run()
    assert article_of(app) is article


def test_what_cannot_be_read_is_one_sentence_and_leaves_the_gazetteer(app):
    bring(app, "A file: CSV", "mine.csv", TABLE)
    bring(app, "A file: text", "note.pdf", b"%PDF-1.7 broken")
    (fault,) = said(app.error)
    assert fault.startswith("note.pdf ")
    assert app.session_state.document_of[0].gazetteer.title == "mine"
    assert article_of(app) is None
    assert [*app.exception] == []


def test_the_address_of_the_article_goes_with_it_and_another_word_does_not(app):
    bring(app, "A file: text", "note.txt", TEXT.encode())
    labelled(app.text_input, "Where it is published").set_value("https://example.org/note").run()
    assert article_of(app).source == "https://example.org/note"
    labelled(app.text_input, "Where it is published").set_value("javascript:1").run()
    assert article_of(app).source == ""
    assert "javascript:1 is no address of a page" in said(app.error)[0]


def test_a_gazetteer_becomes_a_layer_and_links_the_text(app):
    bring(app, "A file: text", "note.txt", TEXT.encode())
    bring(app, "A file: CSV", "mine.csv", TABLE)
    assert "mine: 1 place (1 point)" in said(app.caption)
    assert "own" in app.session_state.view.layers
    targets = [each["targets"] for each in said_of(app.session_state.document)]
    assert sorted(targets) == [["own-1"], ["vladivostok"]]
    labelled(app.radio, "Names sought").set_value("Yours alone").run()
    assert [each["targets"] for each in said_of(app.session_state.document)] == [["own-1"]]


def test_a_page_that_grows_too_heavy_is_told_with_offers_that_make_it_lighter(app, monkeypatch):
    monkeypatch.setattr("geo.budget.BUDGET", 600_000)
    monkeypatch.setattr("geo.budget._LEAST", 100_000)
    rings = [shapely.Point(125 + n, 50).buffer(0.4, quad_segs=2400) for n in range(4)]
    places = [*(("Reserve", ring) for ring in rings), ("London", shapely.Point(0, 51.5))]
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": mapping(shape)}
        for name, shape in places
    ]
    content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    bring(app, "A file: CSV", "mine.geojson", content, "application/json")
    (told,) = said(app.warning)
    assert told.startswith("The page weighs 0.")
    assert [button.label for button in app.button if button.key.startswith("offer-")] == [
        "Simplify the outlines",
        "Only places on the map",
        "Only places that the text names",
        "Leave it as it is",
    ]
    app.session_state.view = replace(app.session_state.view, place=("own-5",))
    labelled(app.button, "Only places on the map").click().run()
    assert "4 of 5 places are shown." in said(app.caption)
    assert app.session_state.document_of[0].gazetteer.left_out == 1
    assert app.session_state.view.place == ()
    assert said(app.warning) == [told]
    labelled(app.button, "Leave it").click().run()
    assert [*app.warning] == []
    labelled(app.radio, "Places shown").set_value("All of them").run()
    assert said(app.warning) == [told]
    labelled(app.button, "Simplify the outlines").click().run()
    assert [*app.warning, *app.exception, *app.error] == []
    assert any(caption.startswith("Outlines are simplified: they lie up to") for caption in said(app.caption))
    assert app.session_state.document_of[0].gazetteer.moved > 1
    labelled(app.radio, "Places shown").set_value("Those that the text names").run()
    assert "none of its places" in said(app.error)[0]
    assert app.session_state.document_of[0].gazetteer.moved == 0
    labelled(app.file_uploader, "A file: CSV").set_value(None).run()
    assert [*app.error, *app.exception] == []


def test_a_gazetteer_taken_away_leaves_no_layer_and_no_place_behind(app):
    bring(app, "A file: CSV", "mine.csv", TABLE)
    app.session_state.view = app.session_state.view.__class__(
        layers=app.session_state.view.layers, place=("own-1", "vladivostok")
    )
    labelled(app.file_uploader, "A file: CSV").set_value(None).run()
    assert "own" not in app.session_state.view.layers
    assert app.session_state.view.place == ("vladivostok",)
    assert app.session_state.document == ""  # the one of all readers


def test_every_problem_of_a_gazetteer_is_listed_and_nothing_of_it_used(app):
    bring(app, "A file: CSV", "mine.csv", b"name,lat,lon\nPosyet,131,43\n,42,131\n")
    (fault,) = said(app.error)
    assert "1 more problem is listed where you brought the file" in fault
    assert len(app.dataframe[0].value) == 2
    assert app.session_state.document_of[0].gazetteer is None


def test_what_is_refused_is_told_in_the_language_of_the_reader(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["streamlit_app.py"])
    # The test asks widgets for their words too, outside of any session.
    monkeypatch.setattr("geo.dashboard.wording.tongue", lambda: "ru")
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    bring(app, "Файл: CSV", "mine.csv", b"name,lat,lon\nPosyet,131,43\n,42,131\n")
    (fault,) = said(app.error)
    assert fault.startswith("mine.csv, строка 2: lat 131, lon 43: похоже, lat и lon переставлены; ")
    rows = app.dataframe[0].value
    assert list(rows) == ["файл", "запись", "поле", "что не так"]
    assert list(rows["запись"]) == ["строка 2", "строка 3"]
    bring(app, "Файл: CSV", "mine.csv", TABLE + "Аян,56.4,138.2\n".encode())
    assert "mine: 2 места (2 точки)" in said(app.caption)
    bring(app, "Файл: текст", "note.pdf", b"%PDF-1.7 broken")
    assert said(app.error)[0].startswith("note.pdf: файл PDF повреждён; ")
    assert [*app.exception] == []


def test_marks_come_back_into_a_text_that_has_changed(app):
    old = TEXT.replace("so they told us", "they say")
    passage = "The ship left Posyet for Vladivostok in the autumn, they say"
    page = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "type": "AnnotationPage",
        "items": [
            {
                "id": f"a{number}",
                "type": "Annotation",
                "body": [
                    {"type": "TextualBody", "purpose": "classifying", "value": "place"},
                    {"purpose": "identifying", "source": "urn:far-east-atlas:place:nerchinsk"},
                ],
                "target": {
                    "source": "note.txt",
                    "selector": {"type": "TextQuoteSelector", "exact": words, "prefix": before, "suffix": ""},
                },
            }
            for number, (words, before) in enumerate([("Posyet", "left "), ("they say", "autumn, ")], 1)
        ],
    }
    assert passage in old
    bring(app, "A file: text", "note.txt", TEXT.encode())
    bring(app, "Marks made in it", "marks.jsonld", json.dumps(page).encode(), "application/ld+json")
    (mention,) = app.session_state.document_of[0].curated
    assert (mention.exact, mention.targets, mention.rule) == ("Posyet", ("nerchinsk",), "curated")
    assert any(caption.startswith("2 annotations: ") and "1 lost" in caption for caption in said(app.caption))
    assert "they say" in list(app.dataframe[0].value["words"])
    labelled(app.text_input, "Where it is published").set_value("https://example.org/note").run()
    anchored = app.session_state.brought["marks"][1]
    labelled(app.radio, "Online basemap").set_value("OpenTopoMap").run()
    assert app.session_state.brought["marks"][1] is anchored
    assert app.session_state.document_of[0].curated == (mention,)
    assert "curated" in {each["rule"] for each in said_of(app.session_state.document)}


def test_marks_that_are_none_are_one_sentence_and_the_article_stays(app):
    bring(app, "A file: text", "note.txt", TEXT.encode())
    bring(app, "Marks made in it", "marks.json", b"[1", "application/json")
    assert len(app.error) == 1
    assert article_of(app).title == "A note on the coast"


def test_the_dashboard_starts_with_an_article_and_a_gazetteer(monkeypatch, tmp_path):
    (tmp_path / "note.txt").write_text(TEXT)
    (tmp_path / "mine.csv").write_bytes(TABLE)
    arguments = ["--article", str(tmp_path / "note.txt"), "--gazetteer", str(tmp_path / "mine.csv")]
    monkeypatch.setattr(sys, "argv", ["streamlit_app.py", *arguments])
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.query_params["place"] = "own-1"
    app.run()
    assert [*app.exception, *app.error, *app.toast] == []
    assert app.session_state.view.place == ("own-1",)
    assert article_of(app).title == "A note on the coast"


def test_a_missing_gazetteer_at_the_start_is_one_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "argv", ["streamlit_app.py", "--gazetteer", str(tmp_path / "none.csv")])
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    assert "the file cannot be read" in said(app.error)[0]
    assert [*app.exception] == []


def test_a_tour_takes_the_place_of_ours_and_a_faulty_one_leaves_ours(app):
    words = {"en": "Two *posts*", "ru": "Два поста"}
    step = {"id": "one", "title": words, "text": words, "view": "place=khabarovsk"}
    tour = {"version": 1, "title": words, "steps": [step]}
    bring(app, "A file: a tour", "mine.json", json.dumps(tour).encode(), "application/json")
    assert app.session_state.document_of[0].tour.title.en == "Two *posts*"
    assert '"tour":{"own":true,' in text_of(app.session_state.document, "content")
    assert "Two *posts*: 1 step" in said(app.caption)
    assert any("missing in 简体中文" in caption for caption in said(app.caption))
    faulty = {**tour, "steps": [step | {"view": "place=own-1"}]}
    bring(app, "A file: a tour", "mine.json", json.dumps(faulty).encode(), "application/json")
    assert "place=own-1" in said(app.error)[0]
    assert app.session_state.document == ""  # the one of all readers
    bring(app, "A file: CSV", "mine.csv", TABLE)
    assert [*app.error, *app.exception] == []
    assert '"view":"place=own-1"' in text_of(app.session_state.document, "content")
