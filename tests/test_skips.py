"""What becomes of a skip, at a desk and under CI."""

import pytest

MISSING_TOOLS = """
import pytest

def test_with_a_tool():
    pytest.skip("the tool is missing")

@pytest.mark.skipif(True, reason="there is no such browser")
def test_with_a_browser():
    pass
"""
WHOLE_FILE = """
import pytest

pytest.importorskip("no_such_module", reason="the module is missing")
"""
ALLOWED = """
import pytest

def test_in_firefox():
    pytest.skip("tests can drive Firefox from 153; this is 128")
"""
EXPECTED_FAILURE = """
import pytest

@pytest.mark.xfail
def test_that_fails():
    assert False
"""


def outcomes(pytester: pytest.Pytester, source: str) -> dict[str, int]:
    """How the tests of one file end under the rule."""
    pytester.makepyfile(source)
    return pytester.runpytest("-p", "tests.skips").parseoutcomes()


@pytest.fixture
def ci(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of a CI."""
    monkeypatch.setenv("CI", "true")


def test_a_missing_tool_skips_at_a_desk(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    assert outcomes(pytester, MISSING_TOOLS) == {"skipped": 2}


@pytest.mark.usefixtures("ci")
def test_a_missing_tool_fails_under_ci(pytester: pytest.Pytester) -> None:
    # What a mark skips is skipped in the test's set-up, so it is an error.
    assert outcomes(pytester, MISSING_TOOLS) == {"failed": 1, "errors": 1}


@pytest.mark.usefixtures("ci")
def test_a_file_that_is_skipped_as_a_whole_fails_under_ci(pytester: pytest.Pytester) -> None:
    assert outcomes(pytester, WHOLE_FILE) == {"errors": 1}


@pytest.mark.usefixtures("ci")
def test_an_allowed_reason_skips_under_ci(pytester: pytest.Pytester) -> None:
    assert outcomes(pytester, ALLOWED) == {"skipped": 1}


@pytest.mark.usefixtures("ci")
def test_an_expected_failure_is_no_skip(pytester: pytest.Pytester) -> None:
    assert outcomes(pytester, EXPECTED_FAILURE) == {"xfailed": 1}
