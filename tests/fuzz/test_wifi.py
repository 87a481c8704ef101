"""Wi-Fi settings, whatever somebody types."""

from hypothesis import assume, example, given
from hypothesis import strategies as st

from app.devices.rules import MAX_SSID_BYTES, parse_wifi
from app.flashing.nvs import make_nvs
from app.kernel.errors import Invalid
from tests.esp_flash import read_nvs

_ANY = st.text(st.characters(), max_size=70)
_PASSWORDS = (
    st.just("")
    | st.from_regex(r"[ -~]{8,63}", fullmatch=True)
    | st.from_regex(r"[0-9a-fA-F]{64}", fullmatch=True)
)


@given(ssid=_ANY, password=_ANY)
@example(ssid="\ud800", password="")
def test_settings_are_taken_unchanged_or_refused(ssid: str, password: str) -> None:
    try:
        wifi = parse_wifi(ssid, password)
    except Invalid as refusal:
        assert refusal.details["field"] in {"ssid", "password"}
        return
    assert (wifi.ssid, wifi.password) == (ssid, password)
    assert 1 <= len(ssid.encode()) <= MAX_SSID_BYTES
    assert password.isascii()
    assert len(password) == 0 or 8 <= len(password) <= 64


@given(ssid=st.text(min_size=1, max_size=MAX_SSID_BYTES), password=_PASSWORDS)
def test_a_bot_reads_the_settings_that_were_taken(ssid: str, password: str) -> None:
    assume(len(ssid.encode()) <= MAX_SSID_BYTES and "\0" not in ssid)
    wifi = parse_wifi(ssid, password)
    image = make_nvs([("ssid", wifi.ssid), ("pass", wifi.password)], 0x5000)
    assert read_nvs(image) == {"airsketch": {"ssid": ssid, "pass": password}}
