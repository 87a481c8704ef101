/** One bot runs in one tab: a bot that starts elsewhere in this browser stops the one here. */

const CHANNEL = "airsketch-virtual-bots";
const ANSWER_MS = 150;

/** @typedef {{id: string, type: "acquired" | "query" | "held"}} Message */

export class SingleTabLock {
  /**
   * @param {string} id the bot's product id.
   * @param {{isRunning: () => boolean, stop: () => void}} bot the one of this tab.
   * @param {Pick<BroadcastChannel, "postMessage" | "onmessage">} [channel]
   */
  constructor(id, bot, channel = new BroadcastChannel(CHANNEL)) {
    this.id = id;
    this.bot = bot;
    this.channel = channel;
    this.onHeld = () => {};
    channel.onmessage = ({ data }) => this.#receive(data);
  }

  /** Run the bot in this tab; the other tabs stop it. */
  acquire() {
    this.#send("acquired");
  }

  /** @returns {Promise<boolean>} whether another tab runs the bot now. */
  async isHeldElsewhere() {
    const answer = new Promise((resolve) => {
      this.onHeld = () => resolve(true);
      setTimeout(() => resolve(false), ANSWER_MS);
    });
    this.#send("query");
    return /** @type {Promise<boolean>} */ (answer);
  }

  /** @param {Message} message */
  #receive({ id, type }) {
    if (id !== this.id) return;
    if (type === "held") this.onHeld();
    if (!this.bot.isRunning()) return;
    if (type === "acquired") this.bot.stop();
    if (type === "query") this.#send("held");
  }

  /** @param {Message["type"]} type */
  #send(type) {
    this.channel.postMessage({ id: this.id, type });
  }
}
