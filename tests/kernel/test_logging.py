"""A log line carries its facts, cannot be forged, and has an end."""

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextvars import copy_context

import pytest

from app.kernel.logging import JsonFormatter, KeyValueFormatter, bind, bound, bound_facts, unbind_all
from config import ROOT

logger = logging.getLogger("app.somewhere")


@pytest.fixture(autouse=True)
def nothing_bound() -> Iterator[None]:
    unbind_all()
    yield
    unbind_all()


def record(message: str = "build_lost", **facts: object) -> logging.LogRecord:
    return logger.makeRecord(logger.name, logging.WARNING, __file__, 1, message, (), None, extra=facts)


def line(message: str = "build_lost", **facts: object) -> str:
    return KeyValueFormatter().format(record(message, **facts))


def as_object(message: str = "build_lost", **facts: object) -> dict[str, object]:
    found: dict[str, object] = json.loads(JsonFormatter().format(record(message, **facts)))
    return found


def test_a_line_says_when_where_what_and_all_facts() -> None:
    time, rest = line(build_id="b1", count=3, ready=True, none=None).split(" ", 1)
    assert time.startswith("time=20")
    assert time.endswith("Z")
    assert rest == (
        "level=warning logger=app.somewhere message=build_lost build_id=b1 count=3 ready=true none=null"
    )


def test_json_has_the_same_facts() -> None:
    found = as_object(build_id="b1", count=3)
    assert list(found) == ["time", "level", "logger", "message", "build_id", "count"]
    assert (found["level"], found["count"]) == ("warning", 3)


@pytest.mark.parametrize(
    "value",
    [
        "two words",
        "a=b",
        'a"b',
        "a\nlevel=error",
        "a\r\nb",
        "\u2028",
        "\x1b[31m",
        "\x7f",
        "\x9b",
        "a\\b",
        "",
        "ä",
    ],
)
def test_a_value_makes_no_second_pair_or_line(value: str) -> None:
    text = line(value=value)
    assert text.isascii()
    assert text.isprintable()
    quoted = text.partition(" value=")[2]
    assert json.loads(quoted) == value


def test_a_message_with_a_newline_stays_one_line() -> None:
    assert "\n" not in line("first\nlevel=error message=forged")


def test_long_values_are_cut() -> None:
    assert len(line(value="x" * 100_000)) < 2_000
    assert len(JsonFormatter().format(record(value="x" * 100_000))) < 2_000


def test_a_traceback_stays_on_the_line_and_its_end_is_kept() -> None:
    def deep(level: int) -> None:
        if level == 0:
            raise ValueError("the real cause")
        deep(level - 1)

    try:
        deep(200)
    except ValueError:
        failed = logger.makeRecord("app", logging.ERROR, __file__, 1, "x", (), sys.exc_info())
    text = KeyValueFormatter().format(failed)
    assert "\n" not in text
    assert "ValueError: the real cause" in text
    assert len(text) < 12_000


def test_bound_facts_are_on_every_line_of_the_block() -> None:
    with bound(request_id="r1"), bound(build_id="b1"):
        assert line().endswith("request_id=r1 build_id=b1")
    assert "request_id" not in line()


def test_facts_of_a_record_win_over_bound_ones_and_the_fixed_over_both() -> None:
    bind(build_id="bound", level="error")
    assert as_object(build_id="own")["build_id"] == "own"
    assert as_object()["level"] == "warning"


def test_another_thread_has_only_the_facts_it_was_given() -> None:
    seen: list[dict[str, str]] = []

    def note() -> None:
        seen.append(dict(bound_facts()))

    bind(request_id="r1")
    handed_on = copy_context()
    for thread in (threading.Thread(target=note), threading.Thread(target=handed_on.run, args=(note,))):
        thread.start()
        thread.join()
    assert seen == [{}, {"request_id": "r1"}]


@pytest.mark.parametrize(("as_json", "begin"), [(False, "time="), (True, '{"time": ')])
def test_a_configured_process_writes_its_lines_to_standard_error(as_json: bool, begin: str) -> None:
    code = f"""
import logging
from app.kernel.logging import configure_logging
configure_logging("info", as_json={as_json})
logging.getLogger("app.a").info("ours", extra={{"fact": "f1"}})
logging.getLogger("app.a").debug("too_fine")
logging.getLogger("sqlalchemy.engine").info("a statement")
logging.getLogger("gunicorn.error").info("Booting worker")
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    lines = done.stderr.splitlines()
    assert [each.startswith(begin) for each in lines] == [True, True]
    assert "f1" in lines[0]
    assert "Booting worker" in lines[1]
    assert done.stdout == ""


def test_socket_servers_print_no_lines_of_their_own() -> None:
    code = (
        "import logging, engineio, socketio\n"
        "from app.kernel.logging import configure_logging\n"
        "configure_logging()\n"
        "engineio.Server(async_mode='threading'), socketio.Server(async_mode='threading')\n"
        "print([logging.getLogger(name).handlers for name in ('engineio.server', 'socketio.server')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[[], []]"
