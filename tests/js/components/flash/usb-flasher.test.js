import assert from "node:assert/strict";
import { test } from "node:test";
import { UsbFlasher } from "../../../../static/js/components/flash/usb-flasher.js";

/** A port, a loader and a diary of what was done with them. */
function bench({ main = async () => {}, failingOpens = 0, chunks = [] } = {}) {
  const diary = [];
  let opens = 0;
  const port = {
    open: async ({ baudRate }) => {
      opens += 1;
      if (opens <= failingOpens) throw new Error("not there yet");
      diary.push(`open ${baudRate}`);
      port.readable = new ReadableStream({
        start(stream) {
          for (const chunk of chunks) stream.enqueue(chunk);
          stream.close();
        },
      });
    },
    close: async () => diary.push("close"),
    setSignals: async (signals) => diary.push(`signals ${signals.dataTerminalReady} ${signals.requestToSend}`),
  };
  class Transport {
    async disconnect() {
      diary.push("disconnect");
    }
  }
  class ESPLoader {
    constructor(options) {
      this.options = options;
    }

    async main() {
      await main();
      this.chip = { CHIP_NAME: "ESP32-C6" };
    }

    async writeFlash(options) {
      diary.push(`write ${options.fileArray.map((piece) => piece.address)} ${options.eraseAll} ${options.calculateMD5Hash("x")}`);
      options.reportProgress(0, 5, 10);
      options.reportProgress(0, 0, 0);
    }

    async after(mode) {
      diary.push(mode);
    }
  }
  const serial = { requestPort: async () => port };
  const flasher = new UsbFlasher({ serial, load: async () => ({ ESPLoader, Transport, md5: (text) => `md5 of ${text}` }), pause: async () => void diary.push("pause") });
  return { flasher, diary, serial, port };
}

test("a chosen port tells its chip", async () => {
  const { flasher } = bench();
  assert.equal(await flasher.connect(() => {}), "esp32c6");
});

test("the port is given back when the bot does not answer", async () => {
  const { flasher, diary } = bench({ main: async () => { throw new Error("Failed to connect"); } });
  await assert.rejects(flasher.connect(() => {}), /Failed/);
  assert.deepEqual(diary, ["disconnect"]);
  await assert.rejects(flasher.write([], () => {}), /No bot/);
});

test("the library is not loaded before a port is chosen", async () => {
  let loaded = false;
  const serial = { requestPort: async () => { throw new DOMException("none", "NotFoundError"); } };
  const flasher = new UsbFlasher({ serial, load: async () => { loaded = true; } });
  await assert.rejects(flasher.connect(() => {}), { name: "NotFoundError" });
  assert.equal(loaded, false);
});

test("pieces are written, progress is told, the bot restarts", async () => {
  const { flasher, diary } = bench();
  const told = [];
  await flasher.connect(() => {});
  await flasher.write([{ address: 0x8000, data: new Uint8Array(10) }], (index, share) => told.push([index, share]));
  assert.deepEqual(diary, ["write 32768 false md5 of x", "hard_reset"]);
  assert.deepEqual(told, [[0, 0.5], [0, 1]]);
});

test("the bot is listened to, also when its port is away for a moment and a letter is cut in two", async () => {
  const bytes = new TextEncoder().encode("Grüße\n");
  const { flasher, diary } = bench({ failingOpens: 2, chunks: [bytes.slice(0, 3), bytes.slice(3)] });
  let heard = "";
  flasher.addEventListener("text", (event) => { heard += /** @type {CustomEvent} */ (event).detail; });
  await flasher.connect(() => {});
  await flasher.listen();
  assert.equal(heard, "Grüße\n");
  assert.deepEqual(diary, ["disconnect", "pause", "pause", "open 115200", "signals false false"]);
});

test("a port that stays away is an error", async () => {
  const { flasher } = bench({ failingOpens: 99 });
  await flasher.connect(() => {});
  await assert.rejects(flasher.listen(), /not there/);
});

test("a cable that is pulled out is told", async () => {
  const { flasher, port } = bench();
  let lost = 0;
  flasher.addEventListener("lost", () => { lost += 1; });
  await flasher.connect(() => {});
  const open = port.open;
  port.open = async (options) => {
    await open(options);
    port.readable = new ReadableStream({ start: (stream) => stream.error(new Error("The device has been lost.")) });
  };
  await flasher.listen();
  assert.equal(lost, 1);
});
