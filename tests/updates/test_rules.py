"""Updates: what is legal, what a check-in means, which image fits a bot."""

import itertools

import pytest

from app.devices.rules import Boot, CheckInReport, Trigger, UpdateStatus
from app.kernel.errors import IllegalTransition
from app.updates import rules as updates
from app.updates.rules import (
    END_STATES,
    OPEN_STATES,
    InferredError,
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


def report(digest: str = OTHER, boot: Boot = Boot.NORMAL, trigger: Trigger = Trigger.POLL) -> CheckInReport:
    return CheckInReport(
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
        network_error=None,
        wants_rollback=False,
        log=None,
    )


def opened(state: UpdateState, *, fits: bool = True) -> OpenUpdate:
    return OpenUpdate(state=state, target_digest=TARGET, fits=fits)


@pytest.mark.parametrize(("state", "event"), list(itertools.product(sorted(END_STATES), UpdateEvent)))
def test_an_ended_update_takes_no_event(state: UpdateState, event: UpdateEvent) -> None:
    with pytest.raises(IllegalTransition):
        advance(state, event)


@pytest.mark.parametrize(("state", "event"), list(itertools.product(sorted(OPEN_STATES), UpdateEvent)))
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
    assert decide(opened(state), report(trigger=Trigger.BOOT)).offer
    assert advance(state, UpdateEvent.OFFER) is UpdateState.OFFERED


def test_an_update_can_be_called_back_until_the_download() -> None:
    assert advance(UpdateState.OFFERED, UpdateEvent.CANCEL) is UpdateState.CANCELLED
    with pytest.raises(IllegalTransition):
        advance(UpdateState.DOWNLOADING, UpdateEvent.CANCEL)


@pytest.mark.parametrize("state", sorted(OPEN_STATES))
def test_the_new_digest_confirms_whatever_was_reported(state: UpdateState) -> None:
    decision = decide(opened(state), report(TARGET))
    assert (decision.event, decision.offer) == (UpdateEvent.CONFIRM, False)


@pytest.mark.parametrize("state", [UpdateState.RESTARTING, UpdateState.VERIFYING])
def test_the_old_digest_after_the_restart_is_a_rollback(state: UpdateState) -> None:
    decision = decide(opened(state), report(OTHER))
    assert (decision.event, decision.offer) == (UpdateEvent.ROLL_BACK, False)


def test_a_rolled_back_boot_counts_when_the_restart_was_not_reported() -> None:
    back = report(boot=Boot.ROLLED_BACK, trigger=Trigger.BOOT)
    assert decide(opened(UpdateState.DOWNLOADING), back).event is UpdateEvent.ROLL_BACK


def test_an_earlier_rollback_does_not_end_the_next_update() -> None:
    still = report(boot=Boot.ROLLED_BACK, trigger=Trigger.POLL)
    assert decide(opened(UpdateState.DOWNLOADING), still).offer
    assert decide(opened(UpdateState.ARMED), report(boot=Boot.ROLLED_BACK, trigger=Trigger.BOOT)).offer


def test_a_scheduled_update_is_not_offered() -> None:
    decision = decide(opened(UpdateState.SCHEDULED), report())
    assert (decision.event, decision.offer) == (None, False)


def test_offer_is_withheld_when_board_differs() -> None:
    decision = decide(opened(UpdateState.ARMED, fits=False), report())
    assert (decision.event, decision.offer) == (UpdateEvent.REFUSE, False)


def test_a_bot_of_the_static_link_is_judged_by_its_digest() -> None:
    def judge(state: UpdateState, downloads: int, *, is_target: bool = False) -> UpdateEvent | None:
        return decide_by_digest(state, is_target=is_target, whole_downloads=downloads)

    last = updates.MAX_WHOLE_DOWNLOADS
    assert judge(UpdateState.ARMED, 0, is_target=True) is UpdateEvent.CONFIRM
    assert judge(UpdateState.INSTALLING, last, is_target=True) is UpdateEvent.CONFIRM
    assert judge(UpdateState.DOWNLOADING, last) is None
    assert judge(UpdateState.INSTALLING, last - 1) is UpdateEvent.OFFER
    assert judge(UpdateState.INSTALLING, last) is UpdateEvent.ROLL_BACK
    assert judge(UpdateState.VERIFYING, 0) is UpdateEvent.ROLL_BACK


def test_every_state_in_which_a_bot_must_speak_has_a_deadline_and_a_code() -> None:
    silent = OPEN_STATES - {UpdateState.SCHEDULED, UpdateState.ARMED}
    assert all(updates.deadline_after(state) is not None for state in silent)
    assert len({updates.error_of_time_out(state) for state in silent}) == len(silent)
    assert updates.deadline_after(UpdateState.ARMED) is None


@pytest.mark.parametrize("error", list(UpdateError))
def test_an_error_that_is_known_needs_no_words(error: UpdateError) -> None:
    assert updates.error_of_report(error) == (error, "")


def test_an_unknown_error_is_kept_short_and_printable() -> None:
    code, detail = updates.error_of_report("odd\x00\n" + "x" * 500)
    assert code is UpdateError.OTHER
    assert detail.startswith("odd")
    assert len(detail) <= 80
    assert detail.isprintable()


def test_codes_of_bots_and_of_the_server_do_not_overlap() -> None:
    assert not set(UpdateError) & set(InferredError)


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


@pytest.mark.parametrize(
    ("bot_chip", "bot_board", "expected"),
    [
        ("esp32", "esp32:esp32:esp32doit", True),
        ("esp32c3", "esp32:esp32:esp32", False),
        ("", "esp32:esp32:esp32:PartitionScheme=min_spiffs", True),
        ("", "esp32:esp32:esp32c3", False),
        ("", "", True),
    ],
)
def test_the_chip_decides_and_the_board_where_the_chip_is_unknown(
    bot_chip: str, bot_board: str, expected: bool
) -> None:
    assert (
        updates.fits(chip="esp32", fqbn="esp32:esp32:esp32", bot_chip=bot_chip, bot_board=bot_board)
        is expected
    )
