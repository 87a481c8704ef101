/** Takes the place of static/vendor/esptool.js in browser tests: the chip is what the test says, the flash is a list. */
export class Transport {
  constructor(port) {
    this.port = port;
  }

  async disconnect() {
    window.fakeBot.deeds.push("disconnect");
  }
}

export class ESPLoader {
  constructor({ transport, terminal }) {
    this.transport = transport;
    this.terminal = terminal;
  }

  async main() {
    if (window.fakeBot.silent) throw new Error("Failed to connect with the device");
    this.chip = { CHIP_NAME: window.fakeBot.chip };
    this.terminal.writeLine("Chip is " + window.fakeBot.chip);
  }

  async writeFlash({ fileArray, eraseAll, reportProgress }) {
    window.fakeBot.eraseAll = eraseAll;
    for (const [index, { address, data }] of fileArray.entries()) {
      reportProgress(index, data.length / 2, data.length);
      reportProgress(index, data.length, data.length);
      window.fakeBot.written.push([address, Array.from(data)]);
    }
  }

  async after(mode) {
    window.fakeBot.deeds.push(mode);
  }
}

export const md5 = () => "";
