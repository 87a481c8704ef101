import assert from "node:assert/strict";
import test from "node:test";
import * as slots from "../../../static/js/virtual-bot/slots.js";

const { Reason } = slots;
const image = (project) => ({ bytes: new Uint8Array([1]), sha256: project, project, version: "1" });
const [first, second, third] = ["first", "second", "third"].map(image);
const running = (flash) => slots.runningImage(flash)?.project;
const flashed = () => slots.booted(slots.flashedOverUsb(slots.emptyFlash(), first), Reason.POWER_ON);
const updated = () => slots.booted(slots.withUpdate(flashed(), second), Reason.SOFTWARE);

test("what a cable wrote runs and is not on trial", () => {
  const flash = flashed();
  assert.deepEqual([running(flash), flash.onTrial, flash.boot, flash.running], ["first", false, "normal", 0]);
});

test("an update goes into the spare slot and runs only after a restart", () => {
  const written = slots.withUpdate(flashed(), second);
  assert.equal(running(written), "first");
  const flash = updated();
  assert.deepEqual([running(flash), flash.onTrial, flash.running], ["second", true, 1]);
  assert.equal(running(slots.booted(slots.withUpdate(slots.confirmed(flash), third), Reason.SOFTWARE)), "third");
});

test("a confirmed image stays, also after a crash and a loss of power", () => {
  let flash = slots.confirmed(updated());
  for (const reason of [Reason.POWER_ON, Reason.SOFTWARE, Reason.CRASH]) flash = slots.booted(flash, reason);
  assert.equal(running(flash), "second");
});

test("every end before it is confirmed brings the former image back", () => {
  for (const reason of [Reason.CRASH, Reason.WATCHDOG, Reason.SOFTWARE, Reason.POWER_ON]) {
    const flash = slots.booted(updated(), reason);
    assert.deepEqual([running(flash), flash.boot, flash.onTrial], ["first", "rolled_back", false]);
    assert.equal(slots.booted(flash, Reason.POWER_ON).boot, "normal");
  }
});

test("an unconfirmed image with an empty other slot boots again", () => {
  const alone = { ...updated(), slots: [null, second] };
  assert.equal(running(slots.booted(alone, Reason.CRASH)), "second");
});

test("three crashes in a row lead to the rescue, a switch of the power out of it", () => {
  let flash = flashed();
  for (let count = 0; count < 2; count += 1) flash = slots.booted(flash, Reason.CRASH);
  assert.equal(flash.boot, "normal");
  flash = slots.booted(flash, Reason.WATCHDOG);
  assert.equal(flash.boot, "rescue");
  assert.deepEqual([slots.booted(flash, Reason.POWER_ON).boot, slots.booted(flash, Reason.POWER_ON).badBoots], ["normal", 0]);
});

test("a minute without an error forgets earlier crashes; a restart by the program is none", () => {
  const crashed = slots.booted(slots.booted(flashed(), Reason.CRASH), Reason.CRASH);
  assert.equal(slots.booted(slots.stabilised(crashed), Reason.CRASH).boot, "normal");
  assert.equal(slots.booted(crashed, Reason.SOFTWARE).badBoots, 2);
});

test("a cable forgets an update that waits, a trial and crashes", () => {
  const messy = { ...slots.withUpdate(updated(), third), badBoots: 2 };
  const flash = slots.booted(slots.flashedOverUsb(messy, image("cable")), Reason.POWER_ON);
  assert.deepEqual([running(flash), flash.onTrial, flash.badBoots, flash.next], ["cable", false, 0, null]);
});

test("no step changes the state it was given", () => {
  const before = Object.freeze({ ...flashed(), slots: Object.freeze([first, null]) });
  slots.withUpdate(before, second);
  slots.booted(before, Reason.CRASH);
  assert.equal(before.slots[1], null);
});
