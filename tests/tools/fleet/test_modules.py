"""The gate before an image is started."""

from collections.abc import Iterator

import pytest
import wasmtime

from app.kernel.errors import Invalid
from tests.firmware import virtual_image
from tests.tools.fleet.tiny import REST, tiny_image
from tools.fleet.modules import IMPORTS, Modules


@pytest.fixture
def modules() -> Iterator[Modules]:
    found = Modules()
    yield found
    found.stop()


def test_an_image_is_compiled_once(modules: Modules) -> None:
    assert modules.module(tiny_image(REST)) is modules.module(tiny_image(REST))


def test_imports_of_the_platform_are_known() -> None:
    assert {"now_us", "http_open", "ota_confirm", "nvs_del"} <= IMPORTS


@pytest.mark.parametrize(
    "image",
    [
        b"",
        b"no module",
        tiny_image(REST)[:-13],
        bytes(wasmtime.wat2wasm("(module)")),
        virtual_image(),
        tiny_image(REST, imports='(import "bot" "open_door" (func))'),
        tiny_image(REST, imports='(import "wasi" "idle" (func))'),
        tiny_image(REST).replace(b"\x01\x01\x01\x20", b"\x01\x01\x01\x21"),
    ],
    ids=[
        "empty",
        "text",
        "cut",
        "no bot.app",
        "no memory",
        "unknown import",
        "other module",
        "too much memory",
    ],
)
def test_what_no_bot_could_run_is_refused(modules: Modules, image: bytes) -> None:
    with pytest.raises(Invalid):
        modules.module(image)
