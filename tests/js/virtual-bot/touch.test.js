import assert from "node:assert/strict";
import test from "node:test";
import { RELEASED } from "../../../static/js/virtual-bot/inbox.js";
import { Pins } from "../../../static/js/virtual-bot/pins.js";
import { Touch } from "../../../static/js/virtual-bot/touch.js";

const TRIGGER = 0;

/** A bot whose sketch reads its trigger every 20 ms. */
function bot() {
  const pins = new Pins();
  const touch = new Touch(pins, 0);
  const seen = [];
  let nowMs = 0;
  const run = (ms, { readCounts = true } = {}) => {
    for (const end = nowMs + ms; nowMs < end; nowMs += 20) {
      touch.turn(nowMs);
      if (readCounts) seen.push(pins.read(TRIGGER));
    }
  };
  const press = () => {
    touch.push({ pin: TRIGGER, value: 0 });
    touch.push({ pin: TRIGGER, value: RELEASED });
  };
  return { pins, touch, seen, run, press, waitMs: (ms) => (nowMs += ms) };
}

test("a press without any length is down for as long as the agent needs to believe it", () => {
  const { run, press, seen } = bot();
  run(200);
  press();
  seen.length = 0;
  run(400);
  const down = seen.filter((level) => level === 0).length;
  assert.ok(down >= 4, `seen down ${down} times`);
  assert.equal(seen.at(-1), 1);
});

test("a press before the sketch has looked comes after it has", () => {
  const { run, press, seen } = bot();
  press();
  run(60, { readCounts: false });
  run(400);
  assert.deepEqual(seen.slice(0, 3), [1, 1, 1]);
  assert.ok(seen.includes(0));
});

test("a press is not used up while the bot waits for its server", () => {
  const { run, press, seen, waitMs } = bot();
  run(200);
  press();
  run(20);
  seen.length = 0;
  waitMs(10_000);
  run(400);
  assert.ok(seen.filter((level) => level === 0).length >= 3);
});

test("a pin that nobody reads follows all the same, and one with an interrupt soon", () => {
  const { pins, run, press } = bot();
  press();
  run(2100, { readCounts: false });
  assert.equal(pins.driven[TRIGGER], RELEASED);
  pins.setInterrupt(TRIGGER, 2);
  press();
  run(20, { readCounts: false });
  assert.deepEqual(pins.takeInterrupts(), [TRIGGER]);
});

test("pins have levels of their own, and those that do not exist have none", () => {
  const { pins, touch, run } = bot();
  touch.push({ pin: 4, value: 1 });
  touch.push({ pin: 200, value: 1 });
  run(1100, { readCounts: false });
  assert.deepEqual([pins.driven[4], touch.waiting.size], [1, 0]);
});
