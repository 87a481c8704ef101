"""What happens to a sketch elsewhere shows on its open page, and disturbs nobody who types there."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.system.pages import log_in, source
from tools.trial.browser import see
from tools.trial.server import Owner, Server, wait_until

pytestmark = pytest.mark.system
SKETCH = "void setup() {}\nvoid loop() {}\n"
OTHER_BOARD = "esp32:esp32:esp32c3"
SAVES = "**/files"


@pytest.fixture
def owner(server: Server) -> Owner:
    """Whose calls stand for another tab."""
    return Owner(server.url).register()


@pytest.fixture
def page(browser: Browser, owner: Owner) -> Iterator[Page]:
    with browser.new_context() as context:
        log_in(context, owner)
        yield context.new_page()


def open_sketch(page: Page, owner: Owner, text: str = SKETCH) -> str:
    """A sketch on an open page that receives events; its id."""
    sketch_id = owner.new_sketch("Shared", text)
    page.goto(f"{owner.url}/sketches/{sketch_id}")
    see(page, "Saved", inside=".ide__title")
    page.wait_for_selector("[data-action=compile]:enabled")
    return sketch_id


def change(owner: Owner, sketch_id: str, **facts: str) -> None:
    owner.call("PATCH", f"/sketches/{sketch_id}", facts, expect=200)


def read_if(owner: Owner, sketch_id: str, files: dict[str, str]) -> dict[str, Any]:
    """The sketch, once it has these files."""
    saved: dict[str, Any] = owner.call("GET", f"/sketches/{sketch_id}").json()
    return saved if saved["files"] == files else {}


def type_at_start(page: Page, text: str) -> None:
    page.click(".cm-content")
    page.keyboard.press("Control+Home")
    page.keyboard.type(text)


def board(page: Page) -> str:
    return page.locator(".board-picker select").input_value()


def see_board(page: Page, fqbn: str) -> None:
    wait_until(lambda: board(page) == fqbn, f"the board {fqbn}")


def test_a_board_chosen_elsewhere_is_shown_and_disturbs_no_typing(page: Page, owner: Owner) -> None:
    sketch_id = open_sketch(page, owner)
    page.route(SAVES, lambda route: route.abort())
    type_at_start(page, "// one")
    see(page, "kept in this browser", inside=".ide__title")
    change(owner, sketch_id, fqbn=OTHER_BOARD)
    see_board(page, OTHER_BOARD)
    page.keyboard.type(" two")
    page.unroute(SAVES)
    see(page, "Saved", inside=".ide__title")
    assert source(page) == "// one two" + SKETCH
    saved = owner.call("GET", f"/sketches/{sketch_id}").json()
    assert (saved["fqbn"], saved["files"]) == (OTHER_BOARD, {"Shared.ino": "// one two" + SKETCH})


def test_a_board_chosen_while_the_page_was_offline_is_shown_when_it_is_back(page: Page, owner: Owner) -> None:
    sketch_id = open_sketch(page, owner)
    page.context.set_offline(offline=True)
    change(owner, sketch_id, fqbn=OTHER_BOARD)
    page.context.set_offline(offline=False)
    see_board(page, OTHER_BOARD)


def test_a_new_name_reaches_a_page_with_unsaved_text_without_a_conflict(page: Page, owner: Owner) -> None:
    sketch_id = open_sketch(page, owner)
    page.route(SAVES, lambda route: route.abort())
    type_at_start(page, "// one")
    see(page, "kept in this browser", inside=".ide__title")
    change(owner, sketch_id, name="Renamed")
    see(page, "Renamed", inside="[data-sketch-name]")
    see(page, "Renamed.ino", inside=".file-tabs__list")
    # The cursor is where it was.
    page.keyboard.type(" two")
    page.unroute(SAVES)
    see(page, "Saved", inside=".ide__title")
    assert source(page) == "// one two" + SKETCH
    saved = owner.call("GET", f"/sketches/{sketch_id}").json()
    assert saved["files"] == {"Renamed.ino": "// one two" + SKETCH}


def test_a_save_refused_because_of_a_new_name_is_no_conflict_once_the_event_has_arrived(
    page: Page, owner: Owner
) -> None:
    sketch_id = open_sketch(page, owner)
    page.context.set_offline(offline=True)
    type_at_start(page, "// typed offline\n")
    see(page, "kept in this browser", inside=".ide__title")
    change(owner, sketch_id, name="Renamed")
    page.context.set_offline(offline=False)
    see(page, "Saved", inside=".ide__title")
    see(page, "Renamed", inside="[data-sketch-name]")
    saved = owner.call("GET", f"/sketches/{sketch_id}").json()
    assert saved["files"] == {"Renamed.ino": "// typed offline\n" + SKETCH}


def test_other_text_elsewhere_is_a_conflict_still_and_the_board_follows_even_then(
    page: Page, owner: Owner
) -> None:
    sketch_id = open_sketch(page, owner)
    page.route(SAVES, lambda route: route.abort())
    type_at_start(page, "// mine\n")
    see(page, "kept in this browser", inside=".ide__title")
    owner.save(sketch_id, {"Shared.ino": "// theirs\n"}, base_revision=2)
    see(page, "Newer revision on the server", inside=".ide__title")
    change(owner, sketch_id, fqbn=OTHER_BOARD)
    see_board(page, OTHER_BOARD)
    assert source(page) == "// mine\n" + SKETCH


def test_what_others_change_leaves_the_cursor_and_the_undo_of_this_page(page: Page, owner: Owner) -> None:
    sketch_id = open_sketch(page, owner)
    type_at_start(page, "// first\n")
    mine = {"Shared.ino": "// first\n" + SKETCH}
    saved = wait_until(lambda: read_if(owner, sketch_id, mine), "the save")
    owner.save(sketch_id, {"Shared.ino": mine["Shared.ino"] + "// theirs\n"}, base_revision=saved["revision"])
    wait_until(lambda: "// theirs" in source(page), "their line")
    page.keyboard.type("// second\n")
    assert source(page) == "// first\n// second\n" + SKETCH + "// theirs\n"
    for _ in range(8):
        page.keyboard.press("Control+Z")
    wait_until(lambda: source(page) == SKETCH + "// theirs\n", "only what was typed here is undone")


def test_a_long_text_that_becomes_short_elsewhere_is_not_scrolled_past_its_end(
    page: Page, owner: Owner
) -> None:
    long = "".join(f"// line {number}\n" for number in range(500))
    sketch_id = open_sketch(page, owner, long)
    page.click(".cm-content")
    page.keyboard.press("Control+End")
    see(page, "// line 499", inside=".cm-content")
    owner.save(sketch_id, {"Shared.ino": SKETCH}, base_revision=2)
    wait_until(lambda: source(page) == SKETCH, "the short text")
    scroller = page.locator(".cm-scroller")
    wait_until(lambda: scroller.evaluate("(at) => at.scrollTop") == 0, "the text scrolled back into sight")
    line, frame = page.locator(".cm-line").first.bounding_box(), scroller.bounding_box()
    assert line is not None
    assert frame is not None
    assert line["y"] >= frame["y"]
