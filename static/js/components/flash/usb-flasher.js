/** A bot on a USB port: find out its chip, write its flash, listen to what it says. */

import { chipOf } from "./plan.js";

const WRITE_BAUD = 460_800;
const LISTEN_BAUD = 115_200;
// A chip with USB of its own leaves the bus when it restarts and is back within about two seconds.
const REOPEN_TRIES = 20;
const REOPEN_PAUSE_MS = 250;

/** esptool-js is large and needed on this page alone. */
const loadTool = () => import("../../../vendor/esptool.js");

/** Fires `text` (detail: string) with what the bot says, and `lost` when it is unplugged while it is listened to. */
export class UsbFlasher extends EventTarget {
  /**
   * @param {object} parts
   * @param {any} parts.serial the browser's `navigator.serial`.
   * @param {() => Promise<any>} [parts.load] gives `ESPLoader`, `Transport` and `md5`.
   * @param {(ms: number) => Promise<void>} [parts.pause]
   */
  constructor({ serial, load = loadTool, pause = wait }) {
    super();
    this.serial = serial;
    this.load = load;
    this.pause = pause;
    this.port = null;
    this.transport = null;
    this.loader = null;
    this.md5 = null;
    this.reader = null;
  }

  /**
   * Let the person choose a port and start the chip's loader.
   * @param {(line: string) => void} say gets the loader's lines.
   * @returns {Promise<string>} the chip, as builds call it.
   */
  async connect(say) {
    // Asked for first: browsers show the choice only right after a press.
    const port = await this.serial.requestPort();
    await this.close();
    const { ESPLoader, Transport, md5 } = await this.load();
    this.md5 = md5;
    this.port = port;
    this.transport = new Transport(port, false);
    const terminal = { clean() {}, writeLine: say, write() {} };
    this.loader = new ESPLoader({ transport: this.transport, baudrate: WRITE_BAUD, terminal });
    try {
      await this.loader.main();
    } catch (error) {
      await this.close();
      throw error;
    }
    return chipOf(this.loader.chip.CHIP_NAME);
  }

  /**
   * Write pieces, each compared with what the flash holds then, and restart the bot.
   * @param {import("./plan.js").FlashPiece[]} pieces
   * @param {(index: number, share: number) => void} onProgress
   */
  async write(pieces, onProgress) {
    if (!this.loader) throw new Error("No bot is connected.");
    await this.loader.writeFlash({
      fileArray: pieces,
      flashMode: "keep",
      flashFreq: "keep",
      flashSize: "keep",
      eraseAll: false,
      compress: true,
      calculateMD5Hash: this.md5,
      reportProgress: (/** @type {number} */ index, /** @type {number} */ written, /** @type {number} */ total) =>
        onProgress(index, total ? written / total : 1),
    });
    await this.loader.after("hard_reset");
  }

  /** Listen until `close`, or until the bot is unplugged. */
  async listen() {
    const { port, transport } = this;
    if (!port) return;
    this.transport = null;
    this.loader = null;
    await quietly(() => transport?.disconnect());
    await this.#reopen(port);
    const decoder = new TextDecoder();
    this.reader = port.readable.getReader();
    try {
      for (;;) {
        const { value, done } = await this.reader.read();
        if (done) break;
        const text = decoder.decode(value, { stream: true });
        this.dispatchEvent(new CustomEvent("text", { detail: text }));
      }
    } catch {
      this.dispatchEvent(new Event("lost"));
    } finally {
      this.reader?.releaseLock();
      this.reader = null;
    }
  }

  /** Give the port back. */
  async close() {
    const { port, transport, reader } = this;
    this.port = null;
    this.transport = null;
    this.loader = null;
    await quietly(() => reader?.cancel());
    await quietly(() => (transport ? transport.disconnect() : port?.close()));
  }

  /** @param {any} port */
  async #reopen(port) {
    for (let tries = 1; ; tries += 1) {
      try {
        await port.open({ baudRate: LISTEN_BAUD });
        break;
      } catch (error) {
        if (tries === REOPEN_TRIES) throw error;
        await this.pause(REOPEN_PAUSE_MS);
      }
    }
    // Many boards take these two lines for their reset and BOOT buttons.
    await quietly(() => port.setSignals({ dataTerminalReady: false, requestToSend: false }));
  }
}

/** @param {number} ms @returns {Promise<void>} */
function wait(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** A port that is gone already cannot be tidied up any more. @param {() => unknown} work */
async function quietly(work) {
  try {
    await work();
  } catch {
    // Nothing is left to do.
  }
}
