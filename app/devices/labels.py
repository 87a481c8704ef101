"""Printable labels for bots, with a QR code that opens the login page."""

from collections.abc import Sequence
from dataclasses import dataclass

import segno

from app.devices.enrolment import Enrolled

LOGIN_PATH = "/login"


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What is printed for one bot; `qr_svg` is an `<svg>` element without a size of its own."""

    product_id: str
    initial_password: str
    address: str
    qr_svg: str


def make_labels(entered: Sequence[Enrolled], *, origin: str) -> list[Label]:
    """A label for each bot.

    Args:
        origin: scheme, host and port of the page as its future owner reaches it.
    """
    address = f"{origin}{LOGIN_PATH}"
    # Error correction M: a scratched label still reads.
    code = segno.make(address, error="m", micro=False).svg_inline(border=2, omitsize=True)
    return [
        Label(
            product_id=one.product_id,
            initial_password=one.initial_password,
            address=address,
            qr_svg=code,
        )
        for one in entered
    ]
