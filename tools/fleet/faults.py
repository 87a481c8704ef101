"""Faults on demand: what goes wrong with a bot's update, where, and how the update may then end."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.updates.rules import UpdateState

_FIRMWARE = "/device/v1/firmware/"
_REPORTS = "/device/v1/updates/"
_CHECK_IN = "/device/v1/check-in"
# An offer holds at least a digest and an address; nothing else makes an answer to a check-in so much longer.
_OFFER_ADDS_BYTES = 150
OFFER_CALL = -1
"""The call that begins an update: the check-in that is answered with an offer."""
# The calls after the offer, besides the image: three reports, and the first check-in of the new image.
_CALLS = 4
# The last part of the scale means: after the last byte, when the new image is already marked to start.
_AFTER_LAST_BYTE = 1.0
_SCALE = 1.1
_SHARE_OF_CALLS = 0.25


class FaultKind(StrEnum):
    """What can go wrong; the words of `--faults`."""

    CUT = "cut"
    STALL = "stall"
    CORRUPT = "corrupt"
    CRASH = "crash"
    HANG = "hang"
    POWER_CUT = "power-cut"


NETWORK_FAULTS = frozenset({FaultKind.CUT, FaultKind.STALL, FaultKind.CORRUPT})
IMAGE_FAULTS = frozenset({FaultKind.CRASH, FaultKind.HANG})
"""The new image itself does it, on this bot only: it reads the fault's name from the bot's memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault of one bot; it happens once.

    Attributes:
        place: where in the image or answer, from 0 to 1; from 1 on after the last byte.
        call: which call of the update besides the image is hit, `OFFER_CALL` or from 0 on; None: the image.
    """

    kind: FaultKind
    place: float = 0.5
    call: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disturbance:
    """A network fault on its way: what happens at which byte of an answer."""

    kind: FaultKind
    at_byte: int


def ends_of(kind: FaultKind | None) -> frozenset[UpdateState]:
    """The honest ends of an update that met this fault."""
    if kind in IMAGE_FAULTS:
        return frozenset({UpdateState.ROLLED_BACK})
    return frozenset({UpdateState.CONFIRMED})


def parse_rates(text: str) -> dict[FaultKind, float]:
    """Read `cut=0.05,crash=0.1`: which part of all bots gets which fault.

    Raises:
        ValueError: an unknown fault, a number that is no part, or more than all.
    """
    rates: dict[FaultKind, float] = {}
    for entry in filter(None, text.split(",")):
        name, _, number = entry.partition("=")
        rates[FaultKind(name)] = float(number)
    if any(not 0 <= rate <= 1 for rate in rates.values()) or sum(rates.values()) > 1:
        raise ValueError("the rates of all faults together are between 0 and 1")
    return rates


def hand_out(rates: Mapping[FaultKind, float], bots: int, seed: int) -> list[Fault | None]:
    """A fault or none for each bot; every fault that was asked for comes at least once if bots suffice."""
    chance = random.Random(seed)
    kinds = [kind for kind, rate in rates.items() if rate > 0 for _ in range(max(1, round(rate * bots)))]
    faults: list[Fault | None] = [_place(kind, chance) for kind in kinds[:bots]]
    faults += [None] * (bots - len(faults))
    chance.shuffle(faults)
    return faults


def _place(kind: FaultKind, chance: random.Random) -> Fault:
    if kind in NETWORK_FAULTS:
        call = chance.randrange(OFFER_CALL, _CALLS) if chance.random() < _SHARE_OF_CALLS else None
        return Fault(kind=kind, place=chance.random(), call=call)
    return Fault(kind=kind, place=chance.random() * _SCALE)


class Injector:
    """Makes one bot's fault happen, once, and remembers whether it did."""

    def __init__(self, fault: Fault | None) -> None:
        self.fault = fault
        self.has_happened = False
        self._calls = 0
        self._shortest_bytes = 0

    def disturbance(self, path: str, size_bytes: int) -> Disturbance | None:
        """What should happen to the next response; the caller then calls `happened`.

        An answer without a body has nothing to be hit, and is not counted as a call.

        Args:
            path: of the request.
            size_bytes: of the answer's body.
        """
        if size_bytes <= 0:
            return None
        fault = self.fault
        is_image = path.startswith(_FIRMWARE)
        call = None if is_image else self._call(path, size_bytes)
        if fault is None or fault.kind not in NETWORK_FAULTS or self.has_happened:
            return None
        if is_image != (fault.call is None) or fault.call != call:
            return None
        return Disturbance(kind=fault.kind, at_byte=int(fault.place * size_bytes))

    def cuts_power_within(self, done_bytes: int, size_bytes: int, all_bytes: int) -> int | None:
        """How many of the next bytes reach the flash memory before the power fails; None: all of them."""
        if not self._cuts_power() or all_bytes <= 0:
            return None
        left = int(self._fault().place * all_bytes) - done_bytes
        return left if 0 <= left < size_bytes else None

    def cuts_power_after_switch(self) -> bool:
        """Whether the power fails when the new image is marked, before the bot restarts."""
        return self._cuts_power() and self._fault().place >= _AFTER_LAST_BYTE

    def happened(self) -> None:
        """The fault took effect."""
        self.has_happened = True

    def _cuts_power(self) -> bool:
        return self.fault is not None and self.fault.kind is FaultKind.POWER_CUT and not self.has_happened

    def _fault(self) -> Fault:
        assert self.fault is not None
        return self.fault

    def _call(self, path: str, size_bytes: int) -> int | None:
        """Which call of the update an answer belongs to; None before the offer."""
        if self._calls or path.startswith(_REPORTS):
            self._calls += 1
            return self._calls - 1
        if path != _CHECK_IN:
            return None
        self._shortest_bytes = min(self._shortest_bytes or size_bytes, size_bytes)
        return OFFER_CALL if size_bytes - self._shortest_bytes >= _OFFER_ADDS_BYTES else None
