"""The throw-away copy of a sketch, named as arduino-cli demands, with the agent added."""

from pathlib import Path

from app.sketches.sources import Sources

# “+” cannot occur in a user's file name, so this file never hides one of theirs.
AGENT_FILE = "airsketch+agent.cpp"
_AGENT_SOURCE = """\
// Makes every image updatable, whatever the sketch does.
#include <AirsketchBot.h>
"""


def prepare(sources: Sources, parent: Path, *, with_agent: bool) -> Path:
    """Write the sources to `parent/<sketch_name>` and add the file that brings in the agent."""
    folder = parent / sources.sketch_name
    folder.mkdir()
    for path, content in sources.files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    if with_agent:
        (folder / AGENT_FILE).write_text(_AGENT_SOURCE, encoding="ascii")
    return folder
