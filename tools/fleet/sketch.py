"""What the bots of a fleet run: one release, and a next one that does harm where the memory asks for it."""

from tools.fleet.bot import FAULT_KEY, FAULT_SPACE
from tools.fleet.faults import FaultKind

_SOURCE = """\
#include <Preferences.h>
#include <stdlib.h>

const int kRelease = {release};
volatile bool isForEver = true;

void setup() {{
  if (kRelease == 1) return;
  Preferences memory;
  memory.begin("{space}", true);
  const String fault = memory.getString("{key}");
  if (fault == "{crash}") abort();
  while (fault == "{hang}" && isForEver) {{
  }}
}}

void loop() {{
  delay(1000);
}}
"""


def source(release: int) -> str:
    """The sketch of a release; release 1 never does harm."""
    return _SOURCE.format(
        release=release, space=FAULT_SPACE, key=FAULT_KEY, crash=FaultKind.CRASH, hang=FaultKind.HANG
    )
