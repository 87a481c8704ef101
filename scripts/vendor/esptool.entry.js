/** The writer of ESP32 flash over Web Serial; bundled into static/vendor/esptool.js, loaded when a port is chosen. */
export { ESPLoader, Transport } from "esptool-js";
