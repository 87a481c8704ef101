"""The history of a sketch in a real browser: look at what was, bring it back, lose nothing."""

import pytest
from playwright.sync_api import Browser, Page

from app.sketches.revisions import PAGE_ROWS
from tests.system.pages import log_in, source
from tools.trial.browser import see
from tools.trial.server import ROOT, Owner, Server, wait_until

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
pytestmark = pytest.mark.system
SKETCH = "void setup() {}\nvoid loop() { delay(%d); }\n"
LIST = ".revisions__list"
DETAIL = ".revisions__detail"


@pytest.fixture
def owner(server: Server) -> Owner:
    return Owner(server.url).register()


def saved_times(owner: Owner, name: str, count: int) -> str:
    """A sketch with `count` revisions more than the empty one; its id."""
    sketch_id = owner.new_sketch(name, SKETCH % 2)
    for number in range(3, count + 2):
        owner.save(sketch_id, {f"{name}.ino": SKETCH % number}, base_revision=number - 1)
    return sketch_id


def open_sketch(browser: Browser, owner: Owner, sketch_id: str, **look: object) -> Page:
    context = browser.new_context(reduced_motion="reduce", **look)  # type: ignore[arg-type]
    log_in(context, owner)
    page = context.new_page()
    page.goto(f"{owner.url}/sketches/{sketch_id}")
    see(page, "Saved", inside=".ide__title")
    return page


def open_history(page: Page) -> None:
    page.get_by_role("button", name="History", exact=True).click()
    see_compared(page)


def see_compared(page: Page) -> None:
    """Wait until a revision is shown beside the present state."""
    see(page, "the current version.", inside=".revisions__state")


def revision_of(owner: Owner, sketch_id: str) -> int:
    return int(owner.call("GET", f"/sketches/{sketch_id}").json()["revision"])


def test_an_earlier_revision_comes_back_as_a_new_one_and_undo_takes_it_away(
    browser: Browser, owner: Owner
) -> None:
    sketch_id = saved_times(owner, "Restore", 3)
    page = open_sketch(browser, owner, sketch_id)
    open_history(page)
    see(page, "Revision 4", inside=f"{LIST} li:first-child")
    see(page, "now", inside=f"{LIST} li:first-child")
    see(page, "Restore.ino", inside=f"{LIST} li:first-child .revision__what")
    see(page, "Created", inside=f"{LIST} li:last-child")

    page.get_by_role("option", name="Revision 2").click()
    see(page, "delay(2)", inside=DETAIL)
    see(page, "delay(4)", inside=DETAIL)
    assert page.locator(f"{DETAIL} [contenteditable=true]").count() == 0
    page.get_by_role("button", name="Restore revision 2").click()
    see(page, "Restored revision 2 as revision 5", inside=".notices")
    assert source(page) == SKETCH % 2
    previous = owner.call("GET", f"/sketches/{sketch_id}/revisions/4").json()["files"]
    assert previous == {"Restore.ino": SKETCH % 4}

    page.click(".cm-content")
    page.keyboard.press("Control+Z")
    wait_until(lambda: source(page) == SKETCH % 4, "undo brings the text of before back")
    wait_until(lambda: revision_of(owner, sketch_id) == 6, "which is saved, too")


def test_what_is_typed_and_not_saved_yet_is_a_revision_before_another_comes_back(
    browser: Browser, owner: Owner
) -> None:
    sketch_id = saved_times(owner, "Typed", 1)
    page = open_sketch(browser, owner, sketch_id)
    page.click(".cm-content")
    page.keyboard.press("Control+Home")
    page.keyboard.type("// just typed\n")
    open_history(page)
    page.get_by_role("option", name="Revision 2").click()
    page.get_by_role("button", name="Restore revision 2").click()
    see(page, "Restored revision 2 as revision", inside=".notices")
    assert source(page) == SKETCH % 2
    before = revision_of(owner, sketch_id) - 1
    files = owner.call("GET", f"/sketches/{sketch_id}/revisions/{before}").json()["files"]
    assert files == {"Typed.ino": "// just typed\n" + SKETCH % 2}


def test_the_keys_alone_lead_to_the_oldest_of_many_revisions(browser: Browser, owner: Owner) -> None:
    sketch_id = saved_times(owner, "Many", PAGE_ROWS + 5)
    page = open_sketch(browser, owner, sketch_id)
    history = page.get_by_role("button", name="History", exact=True)
    history.focus()
    page.keyboard.press("Enter")
    see_compared(page)
    assert page.locator(f"{LIST} li").count() == PAGE_ROWS
    page.keyboard.press("End")
    see(page, "Revision 7", inside=f"{LIST} [aria-selected=true]")
    page.keyboard.press("ArrowDown")
    wait_until(lambda: page.locator(f"{LIST} li").count() == PAGE_ROWS + 6, "the older ones")
    page.keyboard.press("End")
    see(page, "Restore revision 1", inside="dialog")
    page.keyboard.press("ArrowUp")
    see(page, "Restore revision 2", inside="dialog")
    see(page, "delay(2)", inside=DETAIL)
    page.keyboard.press("Escape")
    wait_until(lambda: page.query_selector("dialog") is None, "the closed dialog")
    wait_until(lambda: history.evaluate("(at) => at === document.activeElement"), "focus where it was")
    assert revision_of(owner, sketch_id) == PAGE_ROWS + 6


def test_files_that_came_later_go_and_those_that_went_come_back(browser: Browser, owner: Owner) -> None:
    sketch_id = owner.new_sketch("Parts", SKETCH % 2)
    main = {"Parts.ino": SKETCH % 2}
    owner.save(sketch_id, {**main, "old.h": "int old;\n"}, base_revision=2)
    owner.save(sketch_id, {**main, "new.h": "int fresh;\n"}, base_revision=3)
    owner.call("PATCH", f"/sketches/{sketch_id}", {"name": "Pieces"})
    page = open_sketch(browser, owner, sketch_id)
    open_history(page)
    see(page, "Renamed from Parts", inside=f"{LIST} li:first-child")
    page.get_by_role("option", name="Revision 3").click()
    see(page, "new.h (only in the current version)", inside=f"{DETAIL} select")
    see(page, "old.h (only in this revision)", inside=f"{DETAIL} select")
    page.locator(f"{DETAIL} select").select_option("old.h")
    see(page, "int old;", inside=DETAIL)
    page.get_by_role("button", name="Restore revision 3").click()
    see(page, "Restored revision 3", inside=".notices")
    restored = owner.call("GET", f"/sketches/{sketch_id}").json()
    assert restored["files"] == {"Pieces.ino": SKETCH % 2, "old.h": "int old;\n"}


def test_a_save_in_another_tab_joins_the_open_history(browser: Browser, owner: Owner) -> None:
    sketch_id = saved_times(owner, "Joined", 2)
    page = open_sketch(browser, owner, sketch_id)
    open_history(page)
    owner.save(sketch_id, {"Joined.ino": SKETCH % 9}, base_revision=3)
    see(page, "Revision 4", inside=f"{LIST} li:first-child")
    see(page, "now", inside=f"{LIST} li:first-child")
    see(page, "delay(9)", inside=DETAIL)
    page.get_by_role("button", name="Restore revision 2").click()
    see(page, "Restored revision 2 as revision 5", inside=".notices")


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed; run `npm ci`")
@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["wide", "phone"])
def test_the_history_can_be_used_by_everybody(
    browser: Browser, owner: Owner, size: tuple[int, int], colours: str
) -> None:
    sketch_id = saved_times(owner, "Access", 3)
    viewport = {"width": size[0], "height": size[1]}
    page = open_sketch(browser, owner, sketch_id, viewport=viewport, color_scheme=colours)
    open_history(page)
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(
        "async () => (await axe.run(document)).violations.map((one) => one.id + one.nodes[0].target)"
    )
    assert found == []
    box = page.get_by_role("button", name="Restore revision").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= size[1]
    assert box["x"] + box["width"] <= size[0]
