/**
 * The Wi-Fi of a virtual bot: the browser is the network, so every name and password is taken.
 * The person can switch the network off, to see what the sketch does then.
 */

const JOIN_MS = 250;
const RSSI_DBM = -52;
const HOME = "Airsketch";
export const WifiStatus = { IDLE: 0, NO_SUCH_NETWORK: 1, CONNECTED: 3, LOST: 5, DISCONNECTED: 6 };

export class Radio {
  /** @param {{isOn: () => boolean, homeName: () => string}} parts `homeName`: the network the bot was set up for. */
  constructor({ isOn, homeName }) {
    this.isOn = isOn;
    this.homeName = homeName;
    this.ssid = "";
    this.joinedAtMs = Infinity;
    this.wasConnected = false;
    this.hasLeft = false;
  }

  /**
   * @param {string} ssid empty for the network the bot was set up for.
   * @param {number} nowMs
   */
  begin(ssid, nowMs) {
    this.ssid = ssid || this.homeName() || HOME;
    this.joinedAtMs = nowMs + JOIN_MS;
    this.wasConnected = false;
    this.hasLeft = false;
  }

  end() {
    this.ssid = "";
    this.joinedAtMs = Infinity;
    this.hasLeft = true;
  }

  /** @param {number} nowMs */
  status(nowMs) {
    if (!this.ssid) return this.hasLeft ? WifiStatus.DISCONNECTED : WifiStatus.IDLE;
    if (nowMs < this.joinedAtMs) return WifiStatus.DISCONNECTED;
    if (!this.isOn()) return this.wasConnected ? WifiStatus.LOST : WifiStatus.NO_SUCH_NETWORK;
    this.wasConnected = true;
    return WifiStatus.CONNECTED;
  }

  /** @param {number} nowMs */
  isConnected(nowMs) {
    return this.status(nowMs) === WifiStatus.CONNECTED;
  }

  get rssiDbm() {
    return RSSI_DBM;
  }

  /** One line for each network: strength, channel, encryption, name. */
  scan() {
    if (!this.isOn()) return "";
    const names = new Set([HOME, this.homeName()].filter(Boolean));
    return [...names].map((name) => `${RSSI_DBM}\t6\t3\t${name.replace(/[\u0000-\u001f\u007f]/g, "?")}\n`).join("");
  }
}
