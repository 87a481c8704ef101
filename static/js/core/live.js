/**
 * The only socket. It brings events and takes no commands.
 *
 * A page subscribes first, then GETs, then applies events; after each lost connection it does the
 * same again. So `onSync` runs whenever the socket has (re)joined its rooms.
 */

import { io } from "../../vendor/socket.io.js";

/** @typedef {"connecting" | "online" | "offline"} LiveState */

/** A socket that keeps its rooms over reconnects. Fires `state` when its state changes. */
export class Live extends EventTarget {
  /** @param {any} socket a Socket.IO client socket, not yet connected. */
  constructor(socket) {
    super();
    this.socket = socket;
    /** @type {LiveState} */
    this.state = "connecting";
    /** @type {Set<string>} */
    this.rooms = new Set();
    /** @type {Set<() => unknown>} */
    this.syncs = new Set();
    socket.on("connect", () => void this.#connected());
    socket.on("disconnect", (/** @type {string} */ reason) => this.#disconnected(reason));
    socket.on("connect_error", () => this.#setState("offline"));
  }

  /** Connect; call once all handlers are in place. */
  start() {
    this.socket.connect();
  }

  /**
   * @template T
   * @param {string} name an `EventName`.
   * @param {(payload: T) => void} handler
   */
  on(name, handler) {
    this.socket.on(name, handler);
  }

  /**
   * Run `sync` now if connected, and after every reconnect.
   * @param {() => unknown} sync
   */
  onSync(sync) {
    this.syncs.add(sync);
    if (this.state === "online") void sync();
  }

  /**
   * Join a room; resolves when the server has agreed, or when there is no connection (it is joined later).
   * @param {string} room
   */
  async join(room) {
    this.rooms.add(room);
    if (this.socket.connected) await this.#subscribe(room);
  }

  /** @param {string} room */
  leave(room) {
    if (this.rooms.delete(room) && this.socket.connected) this.socket.emit("unsubscribe", { room });
  }

  /** @param {string} room */
  async #subscribe(room) {
    try {
      const answer = await this.socket.timeout(5000).emitWithAck("subscribe", { room });
      if (!answer?.ok) this.rooms.delete(room);
    } catch {
      // No answer: the connection is about to be declared lost, and a reconnect subscribes again.
    }
  }

  async #connected() {
    await Promise.all([...this.rooms].map((room) => this.#subscribe(room)));
    this.#setState("online");
    for (const sync of this.syncs) void sync();
  }

  /** @param {string} reason */
  #disconnected(reason) {
    this.#setState("offline");
    // The server closed the socket on purpose (logout, shutdown): the client library does not retry by itself.
    if (reason === "io server disconnect") setTimeout(() => this.socket.connect(), 2000);
  }

  /** @param {LiveState} state */
  #setState(state) {
    if (state === this.state) return;
    this.state = state;
    this.dispatchEvent(new Event("state"));
  }
}

/** The live connection of this page. */
export function pageLive() {
  return new Live(io({ transports: ["websocket"], autoConnect: false, reconnectionDelayMax: 4000 }));
}
