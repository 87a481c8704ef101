"""One bot of the fleet: its memory, its slots, its fault, and its boots one after the other."""

import hashlib
import threading
from collections import Counter
from dataclasses import dataclass, replace

from tools.fleet.faults import IMAGE_FAULTS, Fault, Injector
from tools.fleet.host import Boot, Ending, run_boot
from tools.fleet.modules import Modules
from tools.fleet.nvs import Nvs, set_up
from tools.fleet.slots import BootKind, Reason, Slots

FAULT_SPACE, FAULT_KEY = "fleet", "fault"
"""Where the images of the fleet read their fault."""
_RESTART_S = 0.15
_POWER_OFF_S = 1.0
_REASONS = {
    Ending.RESTART: Reason.BY_PROGRAM,
    Ending.CRASH: Reason.CRASH,
    Ending.HANG: Reason.WATCHDOG,
    Ending.POWER_CUT: Reason.POWER_ON,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BotPlan:
    """What a process must know to run a bot."""

    product_id: str
    key: bytes
    server: str
    fault: Fault | None
    start_after_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BotStatus:
    """How a bot stands.

    Attributes:
        boots: how often it started.
        check_ins: answered check-ins of all boots.
        has_called: whether this boot has checked in.
        digest: SHA-256 of the image that runs, lower-case hex.
        endings: how its boots ended, and how often each.
        fault_happened: whether its fault took effect.
    """

    product_id: str
    boots: int = 0
    check_ins: int = 0
    has_called: bool = False
    is_updating: bool = False
    rollbacks: int = 0
    digest: str = ""
    endings: tuple[tuple[Ending, int], ...] = ()
    fault_happened: bool = False


class FleetBot:
    """A bot that boots again whatever happens to it, until the fleet stops."""

    def __init__(self, plan: BotPlan, image: bytes, modules: Modules, stop: threading.Event) -> None:
        self.plan = plan
        self.slots = Slots(image)
        self.memory: Nvs = set_up(plan.product_id, plan.key, plan.server)
        self.injector = Injector(plan.fault)
        if plan.fault is not None and plan.fault.kind in IMAGE_FAULTS:
            self.memory.set_text(FAULT_SPACE, FAULT_KEY, plan.fault.kind)
        self._modules = modules
        self._stop = stop
        self._boot: Boot | None = None
        self._endings: Counter[Ending] = Counter()
        self._past = BotStatus(product_id=plan.product_id)

    def live(self) -> None:
        """Boot again and again."""
        reason = Reason.POWER_ON
        self._stop.wait(self.plan.start_after_s)
        while not self._stop.is_set():
            ending = self._live_once(reason)
            reason = _REASONS.get(ending, Reason.POWER_ON)
            self._stop.wait(_POWER_OFF_S if ending is Ending.POWER_CUT else _RESTART_S)

    def status(self) -> BotStatus:
        """How it stands now."""
        boot = self._boot
        called = boot.check_ins if boot else 0
        return replace(
            self._past,
            check_ins=self._past.check_ins + called,
            has_called=called > 0,
            is_updating=boot is not None and boot.is_updating,
            endings=tuple(self._endings.items()),
            fault_happened=self.injector.has_happened,
        )

    def _live_once(self, reason: Reason) -> Ending:
        self.slots.boot()
        boot = Boot(
            server=self.plan.server,
            memory=self.memory,
            flash=self.slots,
            injector=self.injector,
            reason=reason,
            stop=self._stop,
        )
        self._past = replace(
            self._past,
            boots=self._past.boots + 1,
            rollbacks=self._past.rollbacks + (self.slots.boot_kind is BootKind.ROLLED_BACK),
            digest=hashlib.sha256(self.slots.image).hexdigest(),
        )
        self._boot = boot
        ending = run_boot(boot, self._modules)
        if ending is Ending.STOPPED:
            return ending
        self._count(boot, ending)
        return ending

    def _count(self, boot: Boot, ending: Ending) -> None:
        self._boot = None
        self._endings[ending] += 1
        self._past = replace(self._past, check_ins=self._past.check_ins + boot.check_ins)
        fault = self.plan.fault
        if fault is not None and fault.kind in IMAGE_FAULTS and ending.value == fault.kind.value:
            self.injector.happened()
