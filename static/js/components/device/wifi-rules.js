/** The server's rules for Wi-Fi settings, so that the form can help before it asks. */

const HEX_KEY = /^[0-9A-Fa-f]{64}$/;
const PASSPHRASE = /^[ -~]{8,63}$/;
const MAX_SSID_BYTES = 32;

/**
 * @param {string} ssid
 * @returns {string} what is wrong; empty when nothing is.
 */
export function ssidError(ssid) {
  const bytes = new TextEncoder().encode(ssid).length;
  if (bytes === 0) return "Enter the name of your network.";
  if (bytes > MAX_SSID_BYTES) return `The name is too long: ${bytes} of ${MAX_SSID_BYTES} bytes.`;
  return ssid.includes("\0") ? "The name contains an invalid character." : "";
}

/**
 * @param {string} password
 * @returns {string} what is wrong; empty when nothing is.
 */
export function wifiPasswordError(password) {
  if (password === "" || HEX_KEY.test(password) || PASSPHRASE.test(password)) return "";
  if (password.length < 8) return `Too short: ${password.length} of at least 8 characters. Leave it empty for an open network.`;
  if (password.length > 64) return "Too long: at most 63 characters.";
  return "Use 8 to 63 plain characters (no accents or emoji), or 64 hex digits.";
}
