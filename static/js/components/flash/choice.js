/** Which build is flashed over USB, and at which address the bot finds this server. */

import { el, fill, freshId, setText } from "../../core/dom.js";
import { serverWarning } from "./plan.js";
import { timeText } from "../../core/format.js";
import { FlashWiring } from "./wiring.js";

/** @typedef {import("../../core/events.js").Build} Build */

/** Fires `change`. */
export class FlashChoice extends EventTarget {
  constructor() {
    super();
    this.build = el("select", { class: "select", id: freshId("build"), onchange: () => this.#changed() });
    this.warning = el("p", { class: "flash-warning", id: freshId("doubt"), role: "status" });
    this.server = el("input", {
      class: "input", id: freshId("server"), type: "url", autocomplete: "off", spellcheck: "false",
      "aria-describedby": this.warning.id, oninput: () => this.#changed(),
    });
    this.empty = el(
      "p", { class: "hint", hidden: true },
      "No finished build for an ESP32 board yet. Open a sketch, choose the board, compile it, and come back. ",
      el("a", { href: "/sketches" }, "My sketches"),
    );
    this.authority = el("p", { class: "hint" });
    this.wiring = new FlashWiring();
    this.element = el(
      "div", { class: "form" },
      el("div", { class: "field" }, el("label", { class: "field__label", for: this.build.id }, "Build"), this.build, this.empty),
      el(
        "div", { class: "field" },
        el("label", { class: "field__label", for: this.server.id }, "Server address, as seen from the bot"),
        this.server, this.warning, this.authority,
      ),
      this.wiring.element,
    );
  }

  /** @param {{server: string, has_authority: boolean, builds: Build[]}} options */
  set({ server, has_authority: hasAuthority, builds }) {
    fill(this.build, ...builds.map((build) => el("option", { value: build.id }, buildText(build))));
    this.build.hidden = builds.length === 0;
    this.empty.hidden = builds.length > 0;
    if (!this.server.value) this.server.value = server;
    setText(this.authority, hasAuthority ? "The bot also gets this server's CA certificate." : "");
    this.#changed();
  }

  get buildId() {
    return this.build.value;
  }

  get address() {
    return this.server.value.trim();
  }

  /** What the bot is to know besides its network: the fields of a request. */
  get values() {
    return { server: this.address, ...this.wiring.values };
  }

  #changed() {
    setText(this.warning, serverWarning(this.address));
    this.dispatchEvent(new Event("change"));
  }
}

/** @param {Build} build */
function buildText(build) {
  return `${build.sketch_name}, revision ${build.sketch_revision}, for ${build.fqbn} (${timeText(build.finished_at ?? build.created_at)})`;
}
