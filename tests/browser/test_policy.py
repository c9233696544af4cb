"""What the policy of the page forbids, in Chromium and, where they are installed, Firefox and WebKit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from geo.page import Page as AtlasPage
from geo.view import View
from tests.browser import webkit
from tests.browser.firefox import INSTALLED, Firefox

pytestmark = pytest.mark.browser

HOSTILE = '<img src="x" onerror="window.ran = 1"><script>window.ran = 1</script>&amp;'
WRITE = f"""(() => {{
  const element = document.createElement("p");
  element.innerHTML = {HOSTILE!r};
  document.body.append(element);
  return element.childElementCount + element.textContent;
}})()"""
BADGES = "String(document.querySelectorAll('.leaflet-marker-icon.badge').length)"
SETTLED = f"""new Promise((done) => {{
  const look = () => {BADGES} === "8" ? done("8") : setTimeout(look, 50);
  look();
}})"""
UNPACKED = """new Promise((done) => {
  const menu = document.querySelector("#lang"), relief = document.querySelector(".leaflet-image-layer");
  const look = () => {
    if (!window.Atlas) return setTimeout(look, 50);
    if (menu.value !== "zh-Hant") {
      menu.value = "zh-Hant";
      menu.dispatchEvent(new Event("change"));
    }
    const { lang } = document.documentElement, there = lang === "zh-Hant" && relief.complete;
    if (!there && document.querySelector("#notice").hidden) return setTimeout(look, 50);
    done(`${lang} ${T("Language")} ${relief.naturalWidth > 100}`);
  };
  look();
})"""
READ = "zh-Hant 語言 true"
ASK = "const image = new Image(); image.src = 'http://a.example/'"
FRAMED = """new Promise((done) => {
  const look = () => (document.querySelector("iframe[title^=Map]") ? done("there") : setTimeout(look, 50));
  look();
})"""
# In a task of its own: what a tool of developers evaluates is not held to the policy.
RUN = """() => setTimeout(() => {
  const script = document.createElement("script");
  window.told = [
    () => eval("window.ran = 1"),
    () => new Function("window.ran = 1")(),
    () => setTimeout("window.ran = 1"),
    () => { script.textContent = "window.ran = 1"; },
    () => { script.text = "window.ran = 1"; },
    () => { script.src = "data:text/javascript,window.ran = 1"; },
    () => { new Worker("data:,"); },
    () => { document.body.setAttribute("onclick", "window.ran = 1"); },
  ].map((attempt) => { try { attempt(); return "done"; } catch (error) { return error.name; } });
  document.body.append(script);
  document.body.click();
})"""


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    if INSTALLED is None:
        pytest.skip("Firefox is not installed")
    with Firefox(tmp_path_factory.mktemp("firefox")) as opened:
        yield opened


def test_html_that_a_script_would_write_comes_out_as_text(visit, exported):
    tab = visit(exported).page
    expect(tab.locator(".leaflet-marker-icon.badge")).to_have_count(8)
    assert tab.evaluate(WRITE) == f"0{HOSTILE}"
    assert tab.evaluate("window.ran") is None
    # Leaflet's own snippets are let through.
    expect(tab.locator(".leaflet-control-zoom-in span")).to_have_text("+")


def test_text_is_never_run(browser: Browser, exported):
    # The attempts are printed as errors, which a visit would not allow.
    tab = browser.new_page()
    tab.goto(exported)
    tab.evaluate(RUN)
    told = tab.wait_for_function("window.told").json_value()
    assert tab.evaluate("window.ran") is None
    assert set(told) == {"EvalError", "TypeError"}
    tab.close()


@pytest.mark.parametrize("kind", ["document", "embed_document"])
def test_firefox_opens_the_file_without_a_request_or_a_violation(
    firefox: Firefox, page: AtlasPage, tmp_path, kind
):
    path = tmp_path / "page.html"
    path.write_text(getattr(page, kind)(View()), "utf-8")
    firefox.open(path.as_uri())
    assert firefox.run(SETTLED) == "8"
    assert firefox.run(UNPACKED) == READ
    assert firefox.run("broken.join()") == ""
    assert [url for url in firefox.requests if not url.startswith(("file:", "data:"))] == []
    assert firefox.run("String(typeof trustedTypes)") == "object"
    assert firefox.run(WRITE) == f"0{HOSTILE}"
    assert firefox.run("String(window.ran)") == "undefined"


@pytest.mark.skipif(not webkit.INSTALLED, reason="WebKit and a screen that nobody sees are not installed")
def test_webkit_opens_the_files_without_a_request_or_a_violation(page: AtlasPage, tmp_path):
    with webkit.WebKit(tmp_path) as opened:
        for kind in ("embed_document", "document"):
            opened.show(getattr(page, kind)(View()))
            assert opened.run(SETTLED) == "8"
            assert opened.run(UNPACKED) == READ
            assert opened.run("broken.join()") == ""
            assert opened.run("performance.getEntriesByType('resource').length") == 0
            assert not opened.heard(0.01)
        # In a task of its own: what the driver evaluates has no default policy of Trusted Types.
        assert opened.run(f"new Promise((done) => setTimeout(() => done({WRITE})))") == f"0{HOSTILE}"
        assert opened.run("String(window.ran)") == "undefined"
        # What would be seen, had the page asked for anything.
        opened.run(f"new Promise((done) => {{ {ASK}; image.onerror = () => done(1); }})")
        assert opened.run("broken.join()").startswith("img-src")
        assert not opened.heard(0.01)
        opened.show("<!DOCTYPE html>")
        opened.run(f"(() => {{ {ASK} }})()")
        assert opened.heard(20)


def test_firefox_shows_the_dashboard_and_asks_only_it(firefox: Firefox, dashboard: str):
    firefox.open(dashboard)
    assert firefox.run(FRAMED) == "there"
    assert firefox.run(SETTLED, framed=True) == "8"
    assert firefox.run("broken.join()", framed=True) == ""
    # Streamlit asks whether it may compile WebAssembly, and does without.
    assert set(firefox.run("broken.join()").split(",")) <= {"", "script-src "}
    place = dashboard.partition("://")[2]
    assert all(
        url.partition("://")[2].startswith(place) for url in firefox.requests if not url.startswith("data:")
    )


def test_the_dashboard_lets_no_other_page_frame_it(browser: Browser, dashboard: str, tmp_path: Path):
    outer = tmp_path / "outer.html"
    outer.write_text(f'<iframe src="{dashboard}"></iframe>', "utf-8")
    tab = browser.new_page()
    with tab.expect_event("console", lambda message: "frame-ancestors" in message.text):
        tab.goto(outer.as_uri())
    assert tab.frames[1].evaluate("document.querySelector('#root')") is None
    tab.close()
