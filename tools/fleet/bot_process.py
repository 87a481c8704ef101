"""The bots of one process, each in a thread of its own."""

import signal
import threading
from collections.abc import Sequence
from multiprocessing.connection import Connection

from tools.fleet.bot import BotPlan, FleetBot
from tools.fleet.modules import Modules

STATUS_INTERVAL_S = 0.5


def run_bots(plans: Sequence[BotPlan], image: bytes, pipe: "Connection[object, object]") -> None:
    """Run bots until the pipe gets a message or its other end closes; send their statuses meanwhile."""
    # Ctrl-C reaches the whole group; who started the fleet ends it in order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    stop = threading.Event()
    modules = Modules()
    bots = [FleetBot(plan, image, modules, stop) for plan in plans]
    threads = [threading.Thread(target=bot.live, daemon=True, name=bot.plan.product_id) for bot in bots]
    for thread in threads:
        thread.start()
    try:
        while not pipe.poll(STATUS_INTERVAL_S):
            pipe.send([bot.status() for bot in bots])
        # While they still run: afterwards nobody has called.
        pipe.send([bot.status() for bot in bots])
    except OSError:
        pass
    stop.set()
    for thread in threads:
        thread.join()
    modules.stop()
