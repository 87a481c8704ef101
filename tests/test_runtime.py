"""The composition root."""

from dataclasses import replace

from app.builds.queue import RqJobQueue
from app.kernel.database import make_sessions, open_engine
from app.runtime import make_runtime
from config import Settings


def test_the_real_parts_are_made_without_reaching_for_redis(settings: Settings) -> None:
    engine = open_engine(settings.database_url)
    away = replace(settings, redis_url="redis://127.0.0.1:1/0")
    runtime = make_runtime(away, make_sessions(engine))
    assert isinstance(runtime.queue, RqJobQueue)
    assert runtime.builds is runtime.builds
    engine.dispose()
