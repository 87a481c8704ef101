"""How much the fuzz tests try: little and always the same under CI, little and ever new at a desk.

`pytest tests/fuzz --hypothesis-profile=long` tries for minutes.
"""

import os

from hypothesis import settings

settings.register_profile("quick", max_examples=60, deadline=None)
settings.register_profile("ci", settings.get_profile("quick"), derandomize=True, database=None)
settings.register_profile("long", max_examples=5000, deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "quick")
