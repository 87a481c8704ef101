"""Updates: what is legal, what a check-in means, what people read."""

import itertools

import pytest

from app.devices.rules import Boot, CheckIn, Trigger, UpdateStatus
from app.kernel.errors import IllegalTransition
from app.updates import rules as updates
from app.updates.rules import (
    END_STATES,
    OPEN_STATES,
    OpenUpdate,
    UpdateError,
    UpdateEvent,
    UpdateState,
    advance,
    decide,
    decide_by_digest,
)

TARGET = "a" * 64
OTHER = "b" * 64


def said(digest: str = OTHER, boot: Boot = Boot.NORMAL, trigger: Trigger = Trigger.POLL) -> CheckIn:
    return CheckIn(
        board="airsketch:virtual:bot",
        image_digest=digest,
        version="1",
        slot="ota_0",
        boot=boot,
        reset_reason="",
        uptime_s=1,
        free_heap_bytes=1,
        rssi_dbm=None,
        trigger=trigger,
        network_revision=0,
        network_failed_revision=0,
        network_trouble=None,
        wish=None,
        log=None,
    )


def opened(state: UpdateState, *, fits: bool = True) -> OpenUpdate:
    return OpenUpdate(state=state, target_digest=TARGET, fits=fits)


@pytest.mark.parametrize(("state", "event"), list(itertools.product(END_STATES, UpdateEvent)))
def test_an_ended_update_takes_no_event(state: UpdateState, event: UpdateEvent) -> None:
    with pytest.raises(IllegalTransition):
        advance(state, event)


@pytest.mark.parametrize(("state", "event"), list(itertools.product(OPEN_STATES, UpdateEvent)))
def test_the_guard_of_a_compare_and_set_agrees_with_the_rule(state: UpdateState, event: UpdateEvent) -> None:
    if state in updates.sources_of(event):
        assert advance(state, event) is updates.target_of(event)
    else:
        with pytest.raises(IllegalTransition):
            advance(state, event)


def test_a_bot_may_skip_a_step_whose_report_was_lost() -> None:
    assert advance(UpdateState.OFFERED, UpdateEvent.RESTART) is UpdateState.RESTARTING
    assert advance(UpdateState.ARMED, UpdateEvent.CONFIRM) is UpdateState.CONFIRMED


@pytest.mark.parametrize(
    ("state", "event"),
    [
        (UpdateState.INSTALLING, UpdateEvent.DOWNLOAD),
        (UpdateState.RESTARTING, UpdateEvent.INSTALL),
        (UpdateState.RESTARTING, UpdateEvent.OFFER),
        (UpdateState.DOWNLOADING, UpdateEvent.ARM),
    ],
)
def test_progress_never_goes_backwards(state: UpdateState, event: UpdateEvent) -> None:
    with pytest.raises(IllegalTransition):
        advance(state, event)


@pytest.mark.parametrize("state", [UpdateState.OFFERED, UpdateState.DOWNLOADING, UpdateState.INSTALLING])
def test_a_bot_that_lost_power_before_the_restart_is_offered_again(state: UpdateState) -> None:
    assert decide(opened(state), said(trigger=Trigger.BOOT)).offer
    assert advance(state, UpdateEvent.OFFER) is UpdateState.OFFERED


def test_an_update_can_be_called_back_until_the_download() -> None:
    assert advance(UpdateState.OFFERED, UpdateEvent.CANCEL) is UpdateState.CANCELLED
    with pytest.raises(IllegalTransition):
        advance(UpdateState.DOWNLOADING, UpdateEvent.CANCEL)


@pytest.mark.parametrize("state", sorted(OPEN_STATES))
def test_the_new_digest_confirms_whatever_was_reported(state: UpdateState) -> None:
    decision = decide(opened(state), said(TARGET))
    assert (decision.event, decision.offer) == (UpdateEvent.CONFIRM, False)


@pytest.mark.parametrize("state", [UpdateState.RESTARTING, UpdateState.VERIFYING])
def test_the_old_digest_after_the_restart_is_a_rollback(state: UpdateState) -> None:
    decision = decide(opened(state), said(OTHER))
    assert (decision.event, decision.offer) == (UpdateEvent.ROLL_BACK, False)


def test_a_rolled_back_boot_counts_when_the_restart_was_not_reported() -> None:
    back = said(boot=Boot.ROLLED_BACK, trigger=Trigger.BOOT)
    assert decide(opened(UpdateState.DOWNLOADING), back).event is UpdateEvent.ROLL_BACK


def test_an_earlier_rollback_does_not_end_the_next_update() -> None:
    still = said(boot=Boot.ROLLED_BACK, trigger=Trigger.POLL)
    assert decide(opened(UpdateState.DOWNLOADING), still).offer
    assert decide(opened(UpdateState.ARMED), said(boot=Boot.ROLLED_BACK, trigger=Trigger.BOOT)).offer


def test_a_scheduled_update_is_not_offered() -> None:
    decision = decide(opened(UpdateState.SCHEDULED), said())
    assert (decision.event, decision.offer) == (None, False)


def test_offer_is_withheld_when_board_differs() -> None:
    decision = decide(opened(UpdateState.ARMED, fits=False), said())
    assert (decision.event, decision.offer) == (UpdateEvent.REFUSE, False)


def test_a_bot_of_the_static_link_is_judged_by_its_digest() -> None:
    def judge(state: UpdateState, running: str) -> UpdateEvent | None:
        return decide_by_digest(state, target_digest=TARGET, running_digest=running)

    assert judge(UpdateState.ARMED, TARGET) is UpdateEvent.CONFIRM
    assert judge(UpdateState.DOWNLOADING, OTHER) is None
    assert judge(UpdateState.INSTALLING, OTHER) is UpdateEvent.ROLL_BACK


def test_every_state_in_which_a_bot_must_speak_has_a_deadline_and_words() -> None:
    for state in OPEN_STATES - {UpdateState.SCHEDULED, UpdateState.ARMED}:
        assert updates.deadline_after(state) is not None
        assert "then send again" in updates.words_of_time_out(state)
    assert updates.deadline_after(UpdateState.ARMED) is None


@pytest.mark.parametrize("error", list(UpdateError))
def test_every_error_has_words_that_fit_the_column(error: UpdateError) -> None:
    assert 20 < len(updates.words_of_error(error)) <= 200


def test_an_unknown_error_is_quoted_short_and_printable() -> None:
    words = updates.words_of_error("odd\x00\n" + "x" * 500)
    assert "odd" in words
    assert len(words) <= 200
    assert words.isprintable()


@pytest.mark.parametrize(
    ("latest", "status"),
    [
        (None, UpdateStatus.UNKNOWN),
        (UpdateState.ARMED, UpdateStatus.PENDING),
        (UpdateState.CONFIRMED, UpdateStatus.IN_SYNC),
        (UpdateState.ROLLED_BACK, UpdateStatus.ERROR),
        (UpdateState.TIMED_OUT, UpdateStatus.ERROR),
    ],
)
def test_status_follows_the_latest_update(latest: UpdateState | None, status: UpdateStatus) -> None:
    assert updates.status_of(latest) is status
