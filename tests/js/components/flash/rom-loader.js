/**
 * A serial port with an ESP32-C3 in its boot loader behind it, as far as writing flash needs it.
 *
 * The protocol is Espressif's "Serial Protocol" of esptool: SLIP frames, a request and an answer each.
 */

import { createHash } from "node:crypto";
import { inflateSync } from "node:zlib";

const SYNC = 0x08;
const MEM_END = 0x06;
const READ_REG = 0x0a;
const FLASH_DEFL_BEGIN = 0x10;
const FLASH_DEFL_DATA = 0x11;
const SPI_FLASH_MD5 = 0x13;
const GET_SECURITY_INFO = 0x14;
const FLASH_ID_REG = 0x60002058;
const FLASH_ID = 0x164020;
const CHIP_ID = 5;
const FLASH_BYTES = 4 * 1024 * 1024;

export class RomLoader {
  constructor({ spoilFlash = false } = {}) {
    this.flash = new Uint8Array(FLASH_BYTES).fill(0xff);
    this.opened = [];
    this.signals = [];
    this.spoilFlash = spoilFlash;
    this.readable = null;
    this.writable = null;
  }

  async open({ baudRate }) {
    this.opened.push(baudRate);
    this.inbox = [];
    this.readable = new ReadableStream({ start: (stream) => { this.stream = stream; } });
    this.writable = new WritableStream({ write: (bytes) => this.#take(bytes) });
  }

  async close() {
    this.readable = null;
    this.writable = null;
  }

  async setSignals(signals) {
    this.signals.push(signals);
  }

  getInfo() {
    return {};
  }

  /** What a started sketch prints. */
  print(text) {
    this.stream.enqueue(new TextEncoder().encode(text));
  }

  #take(bytes) {
    for (const byte of bytes) {
      if (byte !== 0xc0) this.inbox.push(byte);
      else if (this.inbox.length > 0) {
        const frame = Uint8Array.from(unescape(this.inbox));
        this.inbox = [];
        this.#answer(frame);
      }
    }
  }

  #answer(frame) {
    const words = new DataView(frame.buffer, 8);
    const command = frame[1];
    if (command === SYNC) for (let count = 0; count < 8; count += 1) this.#reply(SYNC, 0x20120707);
    else if (command === READ_REG) this.#reply(command, words.getUint32(0, true) === FLASH_ID_REG ? FLASH_ID : 0);
    else if (command === GET_SECURITY_INFO) this.#reply(command, 0, securityInfo());
    else if (command === SPI_FLASH_MD5) this.#reply(command, 0, this.#digest(words.getUint32(0, true), words.getUint32(4, true)));
    else {
      if (command === FLASH_DEFL_BEGIN) this.region = { offset: words.getUint32(12, true), chunks: [] };
      if (command === FLASH_DEFL_DATA) this.region.chunks.push(frame.slice(24));
      this.#reply(command, 0);
      if (command === MEM_END) this.#send([..."OHAI"].map((letter) => letter.charCodeAt(0)));
    }
  }

  #digest(offset, size) {
    if (this.region?.offset === offset) this.flash.set(inflateSync(Buffer.concat(this.region.chunks)), offset);
    if (this.spoilFlash) this.flash[offset] ^= 1;
    return [...createHash("md5").update(this.flash.subarray(offset, offset + size)).digest()];
  }

  #reply(command, value, data = []) {
    const body = [...data, 0, 0];
    const words = [value, value >> 8, value >> 16, value >> 24].map((part) => part & 0xff);
    this.#send([1, command, body.length, 0, ...words, ...body]);
  }

  #send(bytes) {
    const escaped = bytes.flatMap((byte) => (byte === 0xc0 ? [0xdb, 0xdc] : byte === 0xdb ? [0xdb, 0xdd] : [byte]));
    this.stream.enqueue(Uint8Array.from([0xc0, ...escaped, 0xc0]));
  }
}

function securityInfo() {
  return [0, 0, 0, 0, 0, ...new Array(7).fill(0), CHIP_ID, 0, 0, 0, 0, 0, 0, 0];
}

function unescape(bytes) {
  const plain = [];
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at] !== 0xdb) plain.push(bytes[at]);
    else plain.push(bytes[(at += 1)] === 0xdc ? 0xc0 : 0xdb);
  }
  return plain;
}
