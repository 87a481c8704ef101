"""The demo bot on the command line: `python -m tools.demo_bot`."""

import argparse
import os
import select
import sys
import time
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from app.kernel.errors import AppError
from config import Settings, SettingsError
from tools.demo_bot.bot import FACTORY_DIGEST, DemoBot
from tools.demo_bot.keys import device_key, give_to_demo_account, running_digest
from tools.demo_bot.wire import WireError
from tools.setup.errors import SetupError
from tools.setup.paths import Paths
from tools.supervisor.environment import child_environment

# The bot needs no Redis, but the settings of the server name one.
_NO_REDIS = "redis://127.0.0.1:0/0"
_RETRY_S = 5
# The demo account's `bot_001` lives in a browser; two that use one key would shut each other out.
_OWN_PRODUCT_ID = "bot_002"


def main() -> int:
    """Run until Ctrl-C; 1 if the bot cannot start."""
    options = _options()
    try:
        bot = _bot(options)
    except (AppError, SetupError, SettingsError, SQLAlchemyError) as error:
        reason = str(error).splitlines()[0]
        print(f"The demo bot cannot start: {reason}", file=sys.stderr)
        print("Start the server with `make run` first, and register the bot.", file=sys.stderr)
        return 1
    bot.next_image_is_bad = options.rollback
    print(f"{options.product_id} is connected to {options.server}. Ctrl-C stops it.")
    if sys.stdin.isatty():
        print("Enter is the trigger button.")
    try:
        _live(bot)
    except KeyboardInterrupt:
        print()
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.demo_bot", description=__doc__)
    parser.add_argument("--product-id", default=_OWN_PRODUCT_ID)
    parser.add_argument("--server", default=f"http://127.0.0.1:{os.environ.get('PORT', '5000')}")
    parser.add_argument("--rollback", action="store_true", help="the next image crashes and is rolled back")
    parser.add_argument("--bytes-per-s", type=int, default=0, help="download speed; 0 = as fast as possible")
    return parser.parse_args()


def _bot(options: argparse.Namespace) -> DemoBot:
    settings = Settings.from_env(child_environment(Paths.from_env(), _NO_REDIS))
    if options.product_id == _OWN_PRODUCT_ID and give_to_demo_account(settings, _OWN_PRODUCT_ID):
        _tell(f"{_OWN_PRODUCT_ID} is new and belongs to the demo account")
    return DemoBot(
        options.server,
        options.product_id,
        device_key(settings, options.product_id),
        image_digest=running_digest(settings, options.product_id) or FACTORY_DIGEST,
        bytes_per_s=options.bytes_per_s,
        tell=_tell,
    )


def _live(bot: DemoBot) -> None:
    trigger = "boot"
    while True:
        try:
            bot.ask(trigger)
            wait_s = bot.poll_after_s
        except WireError as error:
            _tell(str(error))
            wait_s = _RETRY_S
        trigger = "button" if _is_pressed(wait_s) else "poll"


def _is_pressed(wait_s: float) -> bool:
    """Wait for Enter for at most this long; without a terminal just wait."""
    if not sys.stdin.isatty():
        time.sleep(wait_s)
        return False
    ready, _, _ = select.select([sys.stdin], [], [], wait_s)
    return bool(ready) and bool(sys.stdin.readline())


def _tell(line: str) -> None:
    print(f"{datetime.now().astimezone():%H:%M:%S}  {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
