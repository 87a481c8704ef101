"""What a person does on the pages, by the names a person sees."""

import secrets

from playwright.sync_api import BrowserContext, Page

from tools.trial.browser import see
from tools.trial.server import Owner, Server

PASSWORD = "correct horse 7"


def register(page: Page, server: Server, product_id: str | None = None) -> str:
    """Register a bot and its owner; the product id."""
    product_id = product_id or f"bot_{secrets.token_hex(4)}"
    page.goto(f"{server.url}/register")
    page.fill("[name=product_id]", product_id)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/sketches")
    return product_id


def log_in(context: BrowserContext, owner: Owner) -> None:
    """Let a browser go on with the session of an owner."""
    for cookie in owner.http.cookies:
        context.add_cookies([{"name": cookie.name, "value": cookie.value or "", "url": owner.url}])


def new_sketch(page: Page, name: str) -> None:
    """Make an empty sketch and wait until it can be worked on."""
    page.get_by_role("button", name="New sketch").first.click()
    page.get_by_role("textbox", name="Name").fill(name)
    page.get_by_role("button", name="Create").click()
    page.wait_for_url("**/sketches/*")
    see(page, "Saved", inside=".ide__title")
    page.wait_for_selector("[data-action=compile]:enabled")


def type_source(page: Page, text: str) -> None:
    """Replace the whole text of the editor by typing."""
    page.click(".cm-content[contenteditable=true]")
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)


def source(page: Page) -> str:
    """The text in the editor."""
    lines = page.locator(".cm-content .cm-line").all_text_contents()
    return "\n".join(line.rstrip("\n") for line in lines)


def build(page: Page) -> None:
    """Compile and wait for firmware of what is in the editor now."""
    with page.expect_response(lambda answer: answer.url.endswith("/builds") and answer.ok) as asked:
        page.keyboard.press("Control+Enter")
    revision = asked.value.json()["build"]["sketch_revision"]
    see(page, f"Revision {revision},", inside=".build-bar")
    see(page, "Built", inside=".build-bar__head")
