/** Where a sketch may go: the device endpoints of this server for its own bot, and nowhere else. */

const DEVICE_PATH = /^\/device\/v1(\/[A-Za-z0-9_-]+)+$/;
/** Headers that would let a sketch pose as the page, or that only the browser may set. */
const REFUSED_HEADERS = /^(cookie|set-cookie|host|origin|referer|x-csrftoken|x-forwarded-.*|forwarded|sec-.*|proxy-.*)$/i;
const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]);

/**
 * Whether the bot may call an address.
 * @param {string} address as the sketch wrote it.
 * @param {{origin: string, productId: string}} bot origin of the server, and the bot's own id.
 */
export function isAllowed(address, { origin, productId }) {
  // An escaped slash or dot means one thing to the browser and may mean another to the server.
  if (/[%\\?#@\s]/.test(address) || !URL.canParse(address)) return false;
  const url = new URL(address);
  if (url.origin !== origin || url.href !== address) return false;
  return DEVICE_PATH.test(url.pathname) || url.pathname === `/${productId}.ino.bin`;
}

/**
 * @typedef {{method: string, url: string, headers: [string, string][]}} BotRequest
 */

/**
 * Read a request as an image writes it: `METHOD SP URL LF`, then `Name: value LF` for each header.
 * @param {string} text
 * @returns {BotRequest | null} null if it cannot be read or has a method or header that is refused.
 */
export function parseRequest(text) {
  const [first, ...lines] = text.split("\n");
  const [method, url, ...more] = first.split(" ");
  if (!METHODS.has(method) || !url || more.length > 0) return null;
  /** @type {[string, string][]} */
  const headers = [];
  for (const line of lines.filter(Boolean)) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon);
    if (colon < 1 || !/^[A-Za-z0-9-]+$/.test(name) || REFUSED_HEADERS.test(name)) return null;
    headers.push([name, line.slice(colon + 1).trim()]);
  }
  return { method, url, headers };
}
