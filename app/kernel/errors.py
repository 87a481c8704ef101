"""The one tree of expected errors.

AppError
  Invalid          the request breaks a stated rule
  NotFound         no such thing, or not yours
  Forbidden        you may not do this
  Conflict         the thing is no longer in the state you think
    IllegalTransition   a state machine refuses the event
  LimitExceeded    a stated limit is reached
  Unavailable      a part of the system is away; try again

Domain and services raise these; `app/http.py`, `compiler_worker/jobs.py` and
`app/live/namespace.py` are the only places that catch them.
"""

from collections.abc import Mapping


class AppError(Exception):
    """An expected error with a permanent code, a sentence for people, and facts.

    Args:
        code: permanent, lower-case, words joined by underscores; part of the API.
        message: a full sentence that says what is wrong and what to do.
        details: JSON-ready facts, for example the name of the refused file.
    """

    def __init__(self, code: str, message: str, details: Mapping[str, object] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details: dict[str, object] = dict(details or {})


class Invalid(AppError):
    """The request breaks a stated rule."""


class NotFound(AppError):
    """There is no such thing, or it belongs to somebody else."""


class Forbidden(AppError):
    """The caller may not do this."""


class Conflict(AppError):
    """The thing is no longer in the state the caller thinks it is in."""


class IllegalTransition(Conflict):
    """A state machine refuses an event in its present state."""

    def __init__(self, machine: str, state: str, event: str) -> None:
        super().__init__(
            "illegal_transition",
            f"This {machine} is {state}; that is not possible now.",
            {"machine": machine, "state": state, "event": event},
        )


class LimitExceeded(AppError):
    """A stated limit is reached."""


class Unavailable(AppError):
    """A part of the system is away; the same request may work later."""
