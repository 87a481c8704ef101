"""The NVS content that the initial flash gives a bot: its identity, its network, its wiring.

The keys are in `docs/FIRST_FLASH.md`; bots read the same names.
"""

from dataclasses import dataclass

from app.kernel.errors import Invalid
from app.kernel.origins import read_origin

NVS_NAMESPACE = "airsketch"
MAX_NVS_KEY_CHARS = 15  # ESP-IDF NVS_KEY_NAME_MAX_SIZE, less the ending zero.
MAX_SERVER_CHARS = 128
MAX_PIN = 54  # The highest GPIO of any chip that is flashed over USB, on the ESP32-P4.


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """The hardware connected to a bot, and how its agent uses it.

    Attributes:
        trigger_pin: GPIO of the trigger button; None for the board's own (BOOT).
        trigger_active_high: the button connects its pin to 3.3 V instead of ground.
        led_pin: GPIO of an LED that shows the state of the bot; None for no LED.
        led_active_low: the LED lights up when its pin is low.
        serial_verbose: the agent reports on the serial port what it does.
        logs: what the sketch prints is sent to the server, where its owner reads it.
    """

    trigger_pin: int | None = None
    trigger_active_high: bool = False
    led_pin: int | None = None
    led_active_low: bool = False
    serial_verbose: bool = False
    logs: bool = False

    def entries(self) -> tuple[tuple[str, str], ...]:
        """Keys and texts; defaults have none."""
        flags = {
            "trig_high": self.trigger_active_high,
            "led_low": self.led_active_low,
            "say": self.serial_verbose,
            "log": self.logs,
        }
        pins = {"trig_pin": self.trigger_pin, "led_pin": self.led_pin}
        return (
            *((key, str(pin)) for key, pin in pins.items() if pin is not None),
            *((key, "1") for key, is_set in flags.items() if is_set),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a bot must know to join its network and find its server.

    Attributes:
        device_key: 32 bytes.
        server: an address as `parse_server` gives it.
        network_revision: revision of the network settings, so that the bot does not ask for them again.
        wiring: what is connected to the bot, and what it tells of itself.
        ca_pem: the authority that signs the server's certificate; empty if the bot needs none.
    """

    product_id: str
    device_key: bytes
    server: str
    ssid: str
    password: str
    network_revision: int = 0
    wiring: Wiring = Wiring()
    ca_pem: str = ""

    def entries(self) -> tuple[tuple[str, str], ...]:
        """Keys and texts for the NVS namespace `airsketch`; the table is in `docs/FIRST_FLASH.md`."""
        return (
            ("ssid", self.ssid),
            ("pass", self.password),
            # As the agent keeps networks; the name comes last, for it may hold anything.
            ("wifi", f"{self.network_revision}\n{self.password}\n{self.ssid}"),
            ("server", self.server),
            ("product_id", self.product_id),
            ("device_key", self.device_key.hex()),
            *self.wiring.entries(),
            # An absent key says that there is no authority; an empty text would be a wrong one.
            *((("ca", self.ca_pem),) if self.ca_pem else ()),
        )


def check_nvs_key(key: str) -> str:
    """Accept a key that NVS can find again.

    Raises:
        ValueError: not 1 to 15 ASCII characters; the maker of the partition would write it all the same.
    """
    if not key.isascii() or not 1 <= len(key) <= MAX_NVS_KEY_CHARS:
        raise ValueError(f"an NVS key has 1 to {MAX_NVS_KEY_CHARS} ASCII characters, not {key!r}")
    return key


def parse_server(text: str) -> str:
    """Accept the address by which a bot reaches this server, without an ending slash.

    Raises:
        Invalid: not `http://` or `https://` with a host, an optional port and nothing else.
    """
    try:
        server = str(read_origin(text.strip().rstrip("/")))
    except ValueError:
        raise _bad_server(text) from None
    if len(server) > MAX_SERVER_CHARS:
        raise _bad_server(text)
    return server


def _bad_server(text: str) -> Invalid:
    return Invalid(
        "bad_server",
        "Enter a server address like http://192.168.1.20:5000 or https://bots.example.org, without a path.",
        {"field": "server", "server": text[:MAX_SERVER_CHARS]},
    )
