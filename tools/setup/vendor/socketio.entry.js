/** The Socket.IO client; bundled into static/vendor/socket.io.js. */
export { Manager, Socket, io } from "socket.io-client";
