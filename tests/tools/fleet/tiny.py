"""Hand-made images of a few instructions, for tests of the host."""

import wasmtime

from tests.firmware import virtual_image

_MODULE_HEADER_BYTES = 8
_IMAGE = """
(module
  (import "bot" "sleep_us" (func $sleep_us (param f64)))
  (import "bot" "restart" (func $restart (param i32)))
  (import "bot" "ota_begin" (func $ota_begin (param i32) (result i32)))
  (import "bot" "ota_write" (func $ota_write (param i32 i32) (result i32)))
  (import "bot" "ota_end" (func $ota_end (result i32)))
  (import "bot" "ota_confirm" (func $ota_confirm))
  (import "bot" "nvs_set" (func $nvs_set (param i32 i32 i32 i32 i32 i32) (result i32)))
  {imports}
  (memory (export "memory") {pages} 32)
  (data (i32.const 0) "{data}")
  (func (export "_initialize"))
  (func (export "bot_isr") (param i32))
  (func (export "bot_main") {body}))
"""
CRASH = "unreachable"
HANG = "(loop br 0)"
CONFIRM = "call $ota_confirm"
REST = "(loop f64.const 20000 call $sleep_us br 0)"
RESTART = "i32.const 3 call $restart"


def tiny_image(*body: str, data: bytes = b"", imports: str = "", pages: int = 1) -> bytes:
    """An image whose main function has this body.

    Args:
        data: what lies at the start of its memory.
        imports: further imports.
        pages: of memory, at the start.
    """
    text = "".join(f"\\{byte:02x}" for byte in data)
    filled = _IMAGE.format(body=" ".join(body), data=text, imports=imports, pages=pages)
    return bytes(wasmtime.wat2wasm(filled)) + virtual_image(padding=0)[_MODULE_HEADER_BYTES:]


def fetches(image: bytes, piece_bytes: int = 64) -> bytes:
    """An image that brings another one into the spare slot, piece by piece, and restarts into it."""
    pages = len(image) // 65_536 + 1
    writes = [
        f"i32.const {at} i32.const {min(piece_bytes, len(image) - at)} call $ota_write drop"
        for at in range(0, len(image), piece_bytes)
    ]
    begin = f"i32.const {len(image)} call $ota_begin drop"
    return tiny_image(CONFIRM, begin, *writes, "call $ota_end drop", RESTART, data=image, pages=pages)
