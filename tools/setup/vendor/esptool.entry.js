/**
 * The writer of ESP32 flash over Web Serial, and the digest by which it checks what it wrote; bundled into
 * static/vendor/esptool.js, loaded when a port is chosen.
 */
export { ESPLoader, Transport } from "esptool-js";
export { md5 } from "js-md5";
