import assert from "node:assert/strict";
import test from "node:test";
import { SingleTabLock } from "../../../static/js/virtual-bot/single-tab-lock.js";

/** Two tabs of one browser that hear each other. */
function tabs(count, id = () => "bot_1") {
  const channels = Array.from({ length: count }, () => ({ onmessage: null, postMessage: null }));
  return channels.map((channel, at) => {
    channel.postMessage = (data) => channels.forEach((other, index) => index !== at && other.onmessage({ data }));
    const bot = { running: false, isRunning: () => bot.running, stop: () => { bot.running = false; } };
    return { bot, here: new SingleTabLock(id(at), bot, channel) };
  });
}

test("a bot that starts in one tab stops in the other", () => {
  const [first, second] = tabs(2);
  first.bot.running = true;
  second.bot.running = true;
  second.here.acquire();
  assert.deepEqual([first.bot.running, second.bot.running], [false, true]);
});

test("bots of other names go on", () => {
  const [first, second] = tabs(2, (at) => `bot_${at}`);
  first.bot.running = true;
  second.here.acquire();
  assert.ok(first.bot.running);
});

test("a tab learns whether another one runs the bot", async () => {
  const [first, second] = tabs(2);
  assert.equal(await second.here.isHeldElsewhere(), false);
  first.bot.running = true;
  assert.equal(await second.here.isHeldElsewhere(), true);
  assert.equal(await first.here.isHeldElsewhere(), false);
});
