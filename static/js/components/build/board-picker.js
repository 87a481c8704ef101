/** Chooses the board to build for. A board that cannot be built for is greyed and says why. */

import { el, fill, freshId, setText, show } from "../../core/dom.js";

/** @typedef {import("../../core/events.js").Board} Board */
/** @typedef {import("../../core/events.js").Catalog} Catalog */

/** Fires `choose` (detail: the FQBN). */
export class BoardPicker extends EventTarget {
  constructor() {
    super();
    /** Why the chosen board cannot be built for, or how an installation goes; the page gives it a place. */
    this.hint = el("p", { class: "board-hint", id: freshId("board-hint"), "aria-live": "polite", hidden: true });
    this.select = el("select", { class: "select", id: freshId("board"), "aria-describedby": this.hint.id });
    this.select.addEventListener("change", () => {
      this.dispatchEvent(new CustomEvent("choose", { detail: this.select.value }));
    });
    const label = el("label", { class: "visually-hidden", for: this.select.id }, "Board");
    this.element = el("div", { class: "board-picker" }, label, this.select);
    this.drawn = "";
  }

  /**
   * @param {Catalog} catalog
   * @param {string} fqbn the chosen board.
   */
  set(catalog, fqbn) {
    const signature = JSON.stringify([catalog.boards, fqbn]);
    if (signature !== this.drawn) this.#draw(catalog.boards, fqbn);
    this.drawn = signature;
    const installing = catalog.cores.find((core) => core.state === "installing");
    const chosen = catalog.boards.find((board) => board.fqbn === fqbn);
    const reason = chosen && !chosen.available ? `${chosen.name}: ${chosen.reason}` : "";
    const progress = installing ? `Installing core ${installing.core}. ${installing.message}` : "";
    const core = catalog.cores.find((each) => each.core === chosen?.core && each.state === "installed");
    const text = [reason, progress, core?.message].filter(Boolean).join(" ");
    setText(this.hint, text);
    show(this.hint, Boolean(text));
  }

  /**
   * Boards that can be built for stand first; the rest stand in groups whose heading is the reason.
   * @param {Board[]} boards
   * @param {string} fqbn
   */
  #draw(boards, fqbn) {
    const known = boards.some((board) => board.fqbn === fqbn);
    const missing = boards.length === 0 ? "Loading boards…" : fqbn ? `${fqbn} (not installed)` : "Choose a board";
    const unknown = !known && el("option", { value: fqbn, selected: true, disabled: true }, missing);
    const reasons = [...new Set(boards.filter((board) => !board.available).map((board) => board.reason))];
    fill(
      this.select, unknown,
      ...boards.filter((board) => board.available).map((board) => option(board, fqbn)),
      ...reasons.map((reason) => group(reason, boards.filter((board) => !board.available && board.reason === reason), fqbn)),
    );
  }
}

/**
 * @param {string} reason
 * @param {Board[]} boards
 * @param {string} fqbn
 */
function group(reason, boards, fqbn) {
  return el("optgroup", { label: reason || "Not available" }, ...boards.map((board) => option(board, fqbn)));
}

/**
 * @param {Board} board
 * @param {string} fqbn
 */
function option(board, fqbn) {
  return el("option", { value: board.fqbn, selected: board.fqbn === fqbn, disabled: !board.available }, board.name);
}
