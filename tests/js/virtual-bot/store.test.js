import assert from "node:assert/strict";
import { test } from "node:test";

import { IDBFactory } from "fake-indexeddb";

import { BotStore } from "../../../static/js/virtual-bot/store.js";

/** @param {number} value @returns {import("../../../static/js/virtual-bot/nvs.js").NvsEntries} */
const entries = (value) => [["test\0starts", new Uint8Array([value])]];

test("what is written lies there for the next page", async () => {
  const browser = new IDBFactory();
  await new BotStore(browser).saveNvs("bot_001", entries(1));
  const kept = await new BotStore(browser).load("bot_001");
  assert.deepEqual(kept, { nvs: entries(1), flash: null });
});

test("of many values written at once the last one wins and all waits end", async () => {
  const browser = new IDBFactory();
  const store = new BotStore(browser);
  await Promise.all([1, 2, 3, 4].map((value) => store.saveNvs("bot_001", entries(value))));
  assert.deepEqual((await new BotStore(browser).load("bot_001")).nvs, entries(4));
});

test("a value written while another is on its way is kept too", async () => {
  const browser = new IDBFactory();
  const store = new BotStore(browser);
  const first = store.saveNvs("bot_001", entries(1));
  await store.ready;
  await Promise.resolve();
  const second = store.saveNvs("bot_002", entries(2));
  await Promise.all([first, second]);
  assert.deepEqual((await store.load("bot_001")).nvs, entries(1));
  assert.deepEqual((await store.load("bot_002")).nvs, entries(2));
});

test("a store that cannot write says so", async () => {
  const store = new BotStore(new IDBFactory());
  (await store.ready).close();
  await assert.rejects(store.saveNvs("bot_001", entries(1)));
});
