import assert from "node:assert/strict";
import { test } from "node:test";
import { Live } from "../../../static/js/core/live.js";
import { settle } from "../fakes.js";

/** A socket whose other end is the test. */
class FakeSocket {
  constructor() {
    this.handlers = new Map();
    this.connected = false;
    this.sent = [];
    this.answer = { ok: true };
  }

  on(name, handler) {
    this.handlers.set(name, handler);
  }

  connect() {
    this.connected = true;
    this.handlers.get("connect")();
  }

  drop() {
    this.connected = false;
    this.handlers.get("disconnect")("transport close");
  }

  emit(name, body) {
    this.sent.push([name, body.room]);
  }

  timeout() {
    return { emitWithAck: async (name, body) => (this.sent.push([name, body.room]), this.answer) };
  }
}

test("rooms are joined before anything is asked for", async () => {
  const socket = new FakeSocket();
  const live = new Live(socket);
  await live.join("build:1");
  live.onSync(() => socket.sent.push(["sync"]));
  live.start();
  await settle();
  assert.deepEqual(socket.sent, [["subscribe", "build:1"], ["sync"]]);
});

test("a reconnect joins the rooms again and asks again", async () => {
  const socket = new FakeSocket();
  const live = new Live(socket);
  let syncs = 0;
  live.onSync(() => { syncs += 1; });
  live.start();
  await settle();
  await live.join("build:1");
  socket.drop();
  assert.equal(live.state, "offline");
  socket.connect();
  await settle();
  assert.equal(live.state, "online");
  assert.equal(syncs, 2);
  assert.deepEqual(socket.sent, [["subscribe", "build:1"], ["subscribe", "build:1"]]);
});

test("a refused room is not asked for again", async () => {
  const socket = new FakeSocket();
  const live = new Live(socket);
  live.start();
  await settle();
  socket.answer = { ok: false, code: "no_such_room" };
  await live.join("build:9");
  assert.equal(live.rooms.size, 0);
});

test("leaving a room is told once", async () => {
  const socket = new FakeSocket();
  const live = new Live(socket);
  live.start();
  await settle();
  await live.join("build:1");
  live.leave("build:1");
  live.leave("build:1");
  assert.deepEqual(socket.sent, [["subscribe", "build:1"], ["unsubscribe", "build:1"]]);
});
