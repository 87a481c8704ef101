/** Where a sketch may go: the device endpoints of this server for its own bot, and other servers its owner named. */

const DEVICE_PATH = /^\/device\/v1(\/[A-Za-z0-9_-]+)+$/;
/** Headers that would let a sketch pose as the page, or that only the browser may set. */
const REFUSED_HEADERS = /^(cookie|set-cookie|host|origin|referer|x-csrftoken|x-forwarded-.*|forwarded|sec-.*|proxy-.*)$/i;
const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]);

/**
 * @typedef {object} BotNetwork
 * @property {string} origin of the server.
 * @property {string} productId the bot's own id.
 * @property {string[]} allowedOrigins other servers, as the owner named them; a sketch never brings any.
 */

/**
 * Whether the bot may call an address.
 * @param {string} address as the sketch wrote it.
 * @param {BotNetwork} network
 */
export function isAllowed(address, network) {
  if (/[\\#\s]/.test(address) || !URL.canParse(address)) return false;
  const url = new URL(address);
  // The origin of a `blob:` address is that of a page.
  if (!/^https?:$/.test(url.protocol) || url.username || url.password) return false;
  // Whatever a list says: on the bot's own server there are the device endpoints and nothing else.
  if (url.origin === network.origin) return isDeviceEndpoint(address, url, network.productId);
  return network.allowedOrigins.includes(url.origin);
}

/**
 * @param {string} address
 * @param {URL} url the same.
 * @param {string} productId
 */
function isDeviceEndpoint(address, url, productId) {
  // An escaped slash or dot means one thing to the browser and may mean another to the server.
  if (/[%?@]/.test(address) || url.href !== address) return false;
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
