/** One bot runs in one tab: a bot that starts elsewhere in this browser stops the one here. */

const CHANNEL = "airsketch-virtual-bots";
const ANSWER_MS = 150;

/** @typedef {{id: string, word: "starts" | "who" | "here"}} Word */

export class OnlyHere {
  /**
   * @param {string} id the bot's product id.
   * @param {{isRunning: () => boolean, stop: () => void}} bot the one of this tab.
   * @param {Pick<BroadcastChannel, "postMessage" | "onmessage">} [channel]
   */
  constructor(id, bot, channel = new BroadcastChannel(CHANNEL)) {
    this.id = id;
    this.bot = bot;
    this.channel = channel;
    this.heard = () => {};
    channel.onmessage = ({ data }) => this.#hear(data);
  }

  /** Say that the bot runs here now; the other tabs let go of it. */
  take() {
    this.#say("starts");
  }

  /** @returns {Promise<boolean>} whether another tab runs the bot now. */
  async isElsewhere() {
    const answer = new Promise((resolve) => {
      this.heard = () => resolve(true);
      setTimeout(() => resolve(false), ANSWER_MS);
    });
    this.#say("who");
    return /** @type {Promise<boolean>} */ (answer);
  }

  /** @param {Word} word */
  #hear({ id, word }) {
    if (id !== this.id) return;
    if (word === "here") this.heard();
    if (!this.bot.isRunning()) return;
    if (word === "starts") this.bot.stop();
    if (word === "who") this.#say("here");
  }

  /** @param {Word["word"]} word */
  #say(word) {
    this.channel.postMessage({ id: this.id, word });
  }
}
