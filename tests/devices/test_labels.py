"""Labels of bots."""

import re
from xml.etree import ElementTree as Xml

import segno

from app.devices.enrolment import Enrolled
from app.devices.labels import make_labels
from app.devices.rules import DeviceId

BOTS = [
    Enrolled(product_id=DeviceId(f"bot_{number}"), initial_password=f"secret{number}") for number in (1, 2)
]


def test_a_label_tells_who_the_bot_is_and_where_to_log_in() -> None:
    labels = make_labels(BOTS, origin="https://bots.example.org")
    assert [(label.product_id, label.initial_password) for label in labels] == [
        ("bot_1", "secret1"),
        ("bot_2", "secret2"),
    ]
    assert {label.address for label in labels} == {"https://bots.example.org/login"}


def test_the_code_leads_to_the_login_page_and_holds_no_password() -> None:
    label = make_labels(BOTS, origin="https://bots.example.org")[0]
    drawing = Xml.fromstring(label.qr_svg)
    expected = segno.make("https://bots.example.org/login", error="m", micro=False)
    width = expected.symbol_size(border=2)[0]
    assert drawing.attrib["viewBox"] == f"0 0 {width} {width}"
    dark = sum(map(sum, expected.matrix))
    path = next(node.attrib["d"] for node in drawing.iter() if node.tag.endswith("path"))
    assert sum(map(int, re.findall(r"h(\d+)", path))) == dark


def test_each_address_has_a_code_of_its_own() -> None:
    codes = {make_labels(BOTS, origin=origin)[0].qr_svg for origin in ("http://a", "http://b")}
    assert len(codes) == 2
