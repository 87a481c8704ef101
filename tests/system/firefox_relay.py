"""A Firefox as Playwright wants it: what it is asked for and does not know counts as done.

Playwright drives an unchanged Firefox over WebDriver BiDi and begins with a few commands, such as
`emulation.setMediaFeaturesOverride`, that a long-term release may not know yet; then it would give up. This
program takes Firefox's place: it starts the real one with the same arguments and hands the messages on.
Remove it when Debian's Firefox knows them all.
"""

import asyncio
import json
import re
import signal
import sys

from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve

_LISTENING = re.compile(rb"WebDriver BiDi listening on (ws://\S+)")


async def _started(command: list[str]) -> tuple[asyncio.subprocess.Process, str]:
    """Firefox, and the address at which it listens."""
    firefox = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, firefox.terminate)
    assert firefox.stderr is not None
    async for line in firefox.stderr:
        if found := _LISTENING.search(line):
            return firefox, found[1].decode()
        sys.stderr.buffer.write(line)
        sys.stderr.flush()
    raise SystemExit("Firefox ended before it listened.")


def _forgiven(answer: str | bytes) -> str | bytes:
    """The same answer, or a good one where the command is unknown."""
    body = json.loads(answer)
    if body.get("error") != "unknown command":
        return answer
    return json.dumps({"type": "success", "id": body["id"], "result": {}})


async def _hand_on(playwright: ServerConnection, firefox: ClientConnection) -> None:
    async def answers() -> None:
        async for message in firefox:
            await playwright.send(_forgiven(message))
        await playwright.close()

    answering = asyncio.create_task(answers())
    async for message in playwright:
        await firefox.send(message)
    await firefox.close()
    await answering


async def main(command: list[str]) -> None:
    """Run Firefox until it ends."""
    firefox, address = await _started(command)

    async def serve_playwright(playwright: ServerConnection) -> None:
        async with connect(f"{address}/session", max_size=None, compression=None) as connection:
            await _hand_on(playwright, connection)

    async with serve(serve_playwright, "127.0.0.1", 0, max_size=None, compression=None) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        sys.stderr.write(f"WebDriver BiDi listening on ws://127.0.0.1:{port}\n")
        sys.stderr.flush()
        assert firefox.stderr is not None
        await asyncio.gather(firefox.wait(), firefox.stderr.read())


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
