"""Slots and their bootloader."""

from tools.fleet.slots import SLOT_BYTES, BootKind, Slots


def with_update(image: bytes) -> Slots:
    slots = Slots(b"old")
    slots.boot()
    assert slots.begin(len(image))
    assert slots.write(image)
    slots.switch()
    return slots


def test_what_a_cable_wrote_boots_and_is_not_on_trial() -> None:
    slots = Slots(b"old")
    slots.boot()
    assert (slots.image, slots.name, slots.is_on_trial) == (b"old", "ota_0", False)


def test_a_new_image_boots_in_the_other_slot_on_trial() -> None:
    slots = with_update(b"new")
    assert slots.image == b"old"
    slots.boot()
    assert (slots.image, slots.name, slots.is_on_trial) == (b"new", "ota_1", True)


def test_an_image_that_was_not_confirmed_gives_way_to_its_predecessor() -> None:
    slots = with_update(b"new")
    slots.boot()
    slots.boot()
    assert (slots.image, slots.boot_kind) == (b"old", BootKind.ROLLED_BACK)
    slots.boot()
    assert (slots.image, slots.boot_kind) == (b"old", BootKind.NORMAL)


def test_a_confirmed_image_stays() -> None:
    slots = with_update(b"new")
    slots.boot()
    slots.confirm()
    slots.boot()
    assert (slots.image, slots.boot_kind, slots.is_on_trial) == (b"new", BootKind.NORMAL, False)


def test_half_an_image_never_boots() -> None:
    slots = Slots(b"old")
    slots.boot()
    slots.begin(3)
    slots.write(b"ne")
    slots.boot()
    assert (slots.image, slots.spare) == (b"old", b"ne")


def test_a_slot_that_was_overwritten_is_no_way_back() -> None:
    slots = with_update(b"new")
    slots.boot()
    slots.confirm()
    slots.begin(5)
    slots.write(b"th")
    slots.boot()
    assert slots.image == b"new"


def test_an_image_on_trial_cannot_overwrite_the_way_back() -> None:
    slots = with_update(b"new")
    slots.boot()
    assert not slots.begin(5)


def test_a_slot_takes_no_more_than_it_holds() -> None:
    slots = Slots(b"old")
    assert not slots.begin(SLOT_BYTES + 1)
    assert not slots.write(b"x"), "the slot was not opened"
    slots.begin(-1)
    assert slots.write(bytes(SLOT_BYTES))
    assert not slots.write(b"x")
