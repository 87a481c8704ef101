/** The buzzer of a virtual bot: square waves, muted until somebody wants them. */

const VOLUME = 0.05;

export class VirtualSound {
  constructor() {
    this.isOn = false;
    /** @type {AudioContext | null} */
    this.context = null;
    /** @type {Map<number, OscillatorNode>} */
    this.playing = new Map();
  }

  /** @param {boolean} isOn from a person's click: only then browsers allow sound. */
  setOn(isOn) {
    this.isOn = isOn;
    if (isOn) this.context ??= new AudioContext();
    else this.stopAll();
  }

  stopAll() {
    for (const pin of [...this.playing.keys()]) this.#stop(pin);
  }

  /** @param {{pin: number, hz: number, ms: number}} tone `hz` 0 stops it; a negative pin stops all. */
  play({ pin, hz, ms }) {
    if (pin < 0) return this.stopAll();
    this.#stop(pin);
    if (!this.isOn || !this.context || hz < 20 || hz > 20_000) return undefined;
    const wave = this.context.createOscillator();
    const volume = this.context.createGain();
    wave.type = "square";
    wave.frequency.value = hz;
    volume.gain.value = VOLUME;
    wave.connect(volume).connect(this.context.destination);
    wave.start();
    if (ms > 0) wave.stop(this.context.currentTime + ms / 1000);
    this.playing.set(pin, wave);
    return undefined;
  }

  /** @param {number} pin */
  #stop(pin) {
    this.playing.get(pin)?.stop();
    this.playing.delete(pin);
  }
}
