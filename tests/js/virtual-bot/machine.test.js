import assert from "node:assert/strict";
import test from "node:test";
import { INBOX_BYTES, Inbox, Input, RELEASED } from "../../../static/js/virtual-bot/inbox.js";
import { Machine } from "../../../static/js/virtual-bot/machine.js";
import { throttleFor } from "../../../static/js/virtual-bot/throttle.js";
import { PinMode, Pins } from "../../../static/js/virtual-bot/pins.js";
import { Parts } from "../../../static/js/virtual-bot/parts.js";
import { Plot, valuesOf } from "../../../static/js/virtual-bot/plot.js";
import { Radio, WifiStatus } from "../../../static/js/virtual-bot/radio.js";
import { Serial } from "../../../static/js/virtual-bot/serial.js";
import { causeOf, traceOf } from "../../../static/js/virtual-bot/trace.js";
import { REPLY_BYTES, AtomicsBlocking, JspiBlocking, sendReply, encodeReply, decodeReply, blockingFor } from "../../../static/js/virtual-bot/blocking.js";

const level = (pin, value) => ({ kind: Input.LEVEL, pin, value });

test("the inbox hands inputs over in order and refuses what does not fit", () => {
  const inbox = new Inbox(new SharedArrayBuffer(INBOX_BYTES));
  assert.equal(inbox.take(), null);
  inbox.push(Input.ANALOG, 63, 4095);
  inbox.push(Input.BYTE, 0, 255);
  assert.deepEqual(inbox.take(), { kind: Input.ANALOG, pin: 63, value: 4095 });
  assert.deepEqual(inbox.take(), { kind: Input.BYTE, pin: 0, value: 255 });
  let count = 0;
  while (inbox.push(Input.BYTE, 0, count & 0xff)) count += 1;
  assert.equal(count, 4096);
  for (let at = 0; at < count; at += 1) assert.equal(inbox.take()?.value, at & 0xff);
  assert.ok(inbox.push(Input.BYTE, 0, 1));
});

test("a waiting worker does not sleep over an input", () => {
  const inbox = new Inbox(new SharedArrayBuffer(INBOX_BYTES));
  inbox.push(Input.BYTE, 0, 1);
  const start = performance.now();
  inbox.sleep(5000);
  assert.ok(performance.now() - start < 1000);
});

/** A machine whose rests are noted and take no time; `at` sets the clock. @param {import("node:test").TestContext} t */
function machineThatRests(t) {
  const inbox = new Inbox(new SharedArrayBuffer(INBOX_BYTES));
  const machine = new Machine({ facts: {}, nvs: [], inbox, post: () => inbox.frameSeen() });
  const clock = t.mock.method(performance, "now", () => 0).mock;
  const rests = [];
  machine.startMs = 0;
  machine.activeAtMs = 0;
  machine.blocking = { pause: (ms) => rests.push(ms), needsYield: () => false };
  const at = (ms) => clock.mockImplementation(() => ms);
  const restAt = (ms) => {
    at(ms);
    [...machine.idle()];
    return rests.at(-1);
  };
  return { machine, inbox, restAt };
}

test("a sketch that does nothing rests as long as the page asks, but only after a while", (t) => {
  const { inbox, restAt } = machineThatRests(t);
  assert.deepEqual([restAt(10), restAt(1000)], [1, 1]);
  inbox.throttleMs = 10;
  assert.equal(restAt(1010), 10);
  inbox.throttleMs = 0;
  assert.equal(restAt(1020), 1);
});

test("output of the sketch or a press of a button ends the throttling at once", (t) => {
  const { machine, inbox, restAt } = machineThatRests(t);
  inbox.throttleMs = 10;
  assert.equal(restAt(1000), 10);
  machine.pins.setMode(2, PinMode.OUTPUT);
  machine.pins.write(2, 1);
  assert.deepEqual([restAt(1100), restAt(1300), restAt(1400)], [1, 1, 10]);
  inbox.push(Input.LEVEL, 0, 0);
  assert.deepEqual([restAt(2000), restAt(2200), restAt(2300)], [1, 1, 10]);
  machine.serial.send(new Uint8Array(3), 2300);
  assert.deepEqual([restAt(2400), restAt(2700)], [1, 10]);
});

test("a sketch that paces itself by delay() keeps its short rests", (t) => {
  const { machine, inbox, restAt } = machineThatRests(t);
  inbox.throttleMs = 10;
  assert.equal(restAt(1000), 10);
  machine.sleep(20).next();
  assert.equal(restAt(1020), 1);
});

test("the more bots on a page, the longer each rests, within bounds", () => {
  assert.deepEqual([0, 1, 5, 6, 25, 50, 500].map(throttleFor), [1, 1, 1, 2, 5, 10, 10]);
});

test("pins tell what the sketch did with them, each edge counted", () => {
  const pins = new Pins();
  pins.setMode(2, PinMode.OUTPUT);
  for (const value of [1, 1, 0, 1]) pins.write(2, value);
  const [led] = pins.snapshot();
  assert.deepEqual([led.pin, led.mode, led.level, led.edges, led.bits], [2, PinMode.OUTPUT, 1, 3, 0]);
  assert.equal(pins.hasChanges, false);
  pins.write(2, 1);
  assert.equal(pins.hasChanges, false);
  pins.writePwm(2, 128, 8);
  assert.deepEqual([pins.snapshot()[0].duty, pins.snapshot()[0].bits], [128, 8]);
  pins.write(2, 0);
  assert.equal(pins.snapshot()[0].bits, 0);
});

test("an input follows its pull, the trigger's resistor, and the finger", () => {
  const pins = new Pins();
  pins.setMode(4, PinMode.PULL_UP);
  pins.setMode(5, PinMode.PULL_DOWN);
  pins.setMode(0, PinMode.INPUT);
  assert.deepEqual([pins.read(4), pins.read(5), pins.read(0)], [1, 0, 1]);
  pins.apply(level(4, 0));
  pins.apply(level(0, 0));
  assert.deepEqual([pins.read(4), pins.read(0)], [0, 0]);
  pins.apply(level(4, RELEASED));
  assert.equal(pins.read(4), 1);
});

test("pins that do not exist do nothing", () => {
  const pins = new Pins();
  pins.write(64, 1);
  pins.setMode(-1, 3);
  pins.apply(level(200, 1));
  assert.deepEqual([pins.read(99), pins.snapshot()], [0, []]);
});

test("interrupts come on their edge, once; level interrupts as long as the level lasts", () => {
  const pins = new Pins();
  pins.setMode(4, PinMode.PULL_UP);
  pins.setInterrupt(4, 2);
  pins.apply(level(4, 0));
  assert.deepEqual(pins.takeInterrupts(), [4]);
  assert.deepEqual(pins.takeInterrupts(), []);
  pins.apply(level(4, 1));
  assert.deepEqual(pins.takeInterrupts(), []);
  pins.setInterrupt(4, 5);
  assert.deepEqual([pins.takeInterrupts(), pins.takeInterrupts()], [[4], [4]]);
  pins.setInterrupt(4, 0);
  assert.deepEqual(pins.takeInterrupts(), []);
});

test("analog inputs stay within their 12 bits", () => {
  const pins = new Pins();
  pins.apply({ kind: Input.ANALOG, pin: 34, value: 65535 });
  assert.equal(pins.readAnalog(34), 4095);
  assert.equal(pins.snapshot()[0].reads, "analog");
});

test("serial output costs the time it would take at 115200 baud", () => {
  const serial = new Serial();
  assert.equal(serial.send(new Uint8Array(100), 0), 0);
  const wait = serial.send(new Uint8Array(1152), 0);
  assert.ok(wait > 95 && wait < 100, String(wait));
  assert.equal(serial.takeOutput().bytes.length, 1252);
  assert.ok(!serial.hasChanges);
});

test("a page that does not listen loses output, counted, and never stops the sketch", () => {
  const serial = new Serial();
  for (let count = 0; count < 20; count += 1) serial.send(new Uint8Array(1000), 1e9 * count);
  const { bytes, dropped } = serial.takeOutput();
  assert.deepEqual([bytes.length, dropped], [16_000, 4000]);
});

test("typed bytes wait for the sketch, at most 1 KiB", () => {
  const serial = new Serial();
  for (let count = 0; count < 2000; count += 1) serial.receive(count & 0xff);
  assert.equal(serial.waiting, 1024);
  assert.deepEqual([serial.read(true), serial.read(false), serial.read(false)], [0, 0, 1]);
  assert.equal(new Serial().read(false), -1);
});

test("the radio joins after a moment, and loses a network that is switched off", () => {
  let isOn = true;
  const radio = new Radio({ isOn: () => isOn, homeName: () => "Home" });
  assert.equal(radio.status(0), WifiStatus.IDLE);
  radio.begin("", 0);
  assert.equal(radio.ssid, "Home");
  assert.equal(radio.status(100), WifiStatus.DISCONNECTED);
  assert.equal(radio.status(300), WifiStatus.CONNECTED);
  isOn = false;
  assert.equal(radio.status(400), WifiStatus.LOST);
  radio.begin("x", 500);
  assert.equal(radio.status(900), WifiStatus.NO_SUCH_NETWORK);
  radio.end();
  assert.equal(radio.status(1000), WifiStatus.DISCONNECTED);
  assert.equal(radio.scan(), "");
});

test("the page decides how a sketch blocks: atomics, else JSPI, else not at all", () => {
  const jspi = { Suspending() {}, promising() {} };
  assert.equal(blockingFor({ crossOriginIsolated: true, SharedArrayBuffer, WebAssembly: jspi }), "atomics");
  assert.equal(blockingFor({ crossOriginIsolated: false, SharedArrayBuffer, WebAssembly: jspi }), "jspi");
  assert.equal(blockingFor({ crossOriginIsolated: false, WebAssembly: {} }), "none");
  assert.equal(blockingFor({}), "none");
});

test("an answer arrives unchanged through shared memory", () => {
  const answer = { code: 0, head: { status: 206, size: 3, headers: [["x-a", "ü"]] }, bytes: new Uint8Array([1, 2, 3]) };
  assert.deepEqual(decodeReply(encodeReply(answer)), answer);
  assert.equal(decodeReply(encodeReply({ code: 0, bytes: new Uint8Array(70_000) })).code, 0 - 5);
});

test("by shared memory a host function asks and waits in one call", () => {
  const reply = new SharedArrayBuffer(REPLY_BYTES);
  const send = (ask) => sendReply(reply, { code: 0, bytes: new Uint8Array([ask.id]) });
  const blocking = new AtomicsBlocking({ inbox: new Inbox(new SharedArrayBuffer(INBOX_BYTES)), reply, send, tick: () => {} });
  const read = blocking.imported(function* readOne(id) {
    const answer = yield blocking.ask({ op: "read", id, size: 1 });
    return answer.bytes[0];
  });
  assert.equal(read(7), 7);
});

test("a suspended pause ends by its time or by a word of the page", async () => {
  const blocking = new JspiBlocking(() => {});
  await blocking.pause(0);
  await blocking.pause(5);
  const start = performance.now();
  setTimeout(() => blocking.wake(), 5);
  await blocking.pause(5000);
  assert.ok(performance.now() - start < 2000);
  blocking.channel.port1.close();
});

test("while suspended, each question gets its own answer, whatever their order", async () => {
  const sent = [];
  const blocking = new JspiBlocking((ask, number) => sent.push([ask.id, number]));
  const [one, two] = [blocking.ask({ op: "close", id: 1 }), blocking.ask({ op: "close", id: 2 })];
  blocking.answered(sent[1][1], { code: -2 });
  blocking.answered(sent[0][1], { code: -1 });
  blocking.answered(99, { code: -99 });
  assert.deepEqual([(await one).code, (await two).code], [-1, -2]);
  blocking.channel.port1.close();
});

test("a crash is told by the sketch's own names", () => {
  const chromium = `RuntimeError: divide by zero
    at Crash.ino.elf.divide(int, int) (wasm://wasm/Crash.ino.elf-0a1b:wasm-function[12]:0x3f1)
    at loop() (wasm://wasm/Crash-0a1b:wasm-function[13]:0x400)
    at wasm://wasm/0a1b:wasm-function[14]:0x420
    at run (http://localhost/static/js/virtual-bot/worker.js:60:3)`;
  assert.deepEqual(traceOf(chromium), ["divide(int, int)", "loop()", "function 14"]);
  const firefox = "loop()@http://localhost/worker.js:wasm-function[13]:0x400\nrun@http://localhost/worker.js:60:3";
  assert.deepEqual(traceOf(firefox), ["loop()"]);
  assert.match(causeOf("divide by zero"), /divided by zero/);
  assert.equal(causeOf("something new"), "something new");
});

test("numbers in a line become values, with names where they have some", () => {
  assert.deepEqual(valuesOf("23.5"), [["value 1", 23.5]]);
  assert.deepEqual(valuesOf("1 -2 3e2"), [["value 1", 1], ["value 2", -2], ["value 3", 300]]);
  assert.deepEqual(valuesOf("temperature:21.5,humidity: 40"), [["temperature", 21.5], ["humidity", 40]]);
  assert.deepEqual(valuesOf("light = 7\r"), [["light", 7]]);
  for (const line of ["", "hello", "I am 3", "1 apple", "12:30:01"]) assert.equal(valuesOf(line), null, line);
});

test("a plot joins lines that come in pieces and keeps the newest numbers", () => {
  const plot = new Plot();
  assert.equal(plot.add("1"), false);
  assert.equal(plot.add("2\nhello\n"), true);
  for (let count = 0; count < 400; count += 1) plot.add(`${count}\n`);
  const numbers = plot.series.get("value 1") ?? [];
  assert.deepEqual([numbers.length, numbers.at(-1)], [300, 399]);
});

test("of a part only the newest look counts, and it is told once", () => {
  const parts = new Parts();
  const look = new Uint8Array([1, 2]);
  parts.set(2, 5, look);
  look[0] = 9;
  parts.set(2, 5, look);
  assert.deepEqual(parts.takeChanges(), [{ kind: 2, id: 5, bytes: new Uint8Array([9, 2]) }]);
  assert.ok(!parts.hasChanges);
  assert.deepEqual(parts.takeChanges(), []);
});

test("a sketch cannot fill the page with parts, nor a part with bytes", () => {
  const parts = new Parts();
  for (let id = 0; id < 100; id += 1) parts.set(1, id, new Uint8Array(10_000));
  const changes = parts.takeChanges();
  assert.deepEqual([changes.length, changes[0].bytes.length], [16, 4096]);
});
