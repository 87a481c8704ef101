"""Under CI a skipped test is a failed one; otherwise what is missing there would be tested nowhere."""

import os
import re
from collections.abc import Generator

import pytest

# What the set-up cannot provide everywhere.
_ALLOWED = (
    # Debian's long-term Firefox may still be one that cannot be driven.
    re.compile(r"tests can drive Firefox from \d+"),
)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Judge the skip of one test."""
    report = yield
    # A test that is expected to fail is reported as skipped too.
    if not hasattr(report, "wasxfail"):
        _judge(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Judge the skip of a whole file."""
    report = yield
    _judge(report)
    return report


def _judge(report: pytest.TestReport | pytest.CollectReport) -> None:
    if not report.skipped or not os.environ.get("CI"):
        return
    reason = _reason(report)
    if not any(allowed.search(reason) for allowed in _ALLOWED):
        report.outcome = "failed"
        report.longrepr = f"Under CI nothing is skipped; the set-up must provide what is missing. {reason}"


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """The text of the skip; pytest keeps it as file, line and text."""
    return str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
