"""The one tree of expected errors.

AppError
  Invalid          the request breaks a stated rule
NotFound         no such object, or not yours
  Forbidden        you may not do this
Conflict         the object is no longer in the expected state
    IllegalTransition   a state machine refuses the event
  LimitExceeded    a stated limit is reached
  Unavailable      a part of the system is away; try again

Domain and services raise these; `app/http.py`, `compiler_worker/jobs.py` and
`app/http/pages/live.py` are the only places that catch them.
"""

from collections.abc import Mapping


class AppError(Exception):
    """An expected error with a permanent code, a sentence for people, and facts.

    Args:
        code: permanent, lower-case, words joined by underscores; part of the API.
        message: a full sentence about what is wrong and what to do.
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
    """The object does not exist, or belongs to somebody else."""


class Forbidden(AppError):
    """The caller may not do this."""


class Conflict(AppError):
    """The object is no longer in the state that the caller expects."""


class IllegalTransition(Conflict):
    """A state machine refuses an event in its current state."""

    def __init__(self, machine: str, state: str, event: str) -> None:
        super().__init__(
            "illegal_transition",
            f"This {machine} is {state}; that is not possible now.",
            {"machine": machine, "state": state, "event": event},
        )


class LimitExceeded(AppError):
    """A stated limit is reached."""


class Unavailable(AppError):
    """A part of the system is unavailable; the same request may work later."""
