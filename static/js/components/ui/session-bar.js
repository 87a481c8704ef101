/** Says that the login has ended, and leads to a new one in another tab, so that nothing typed is lost. */

import { el } from "../../core/dom.js";

export class SessionBar {
  constructor() {
    this.element = el(
      "div",
      { class: "session-bar", role: "alert", hidden: true },
      el("p", {}, "You have been logged out. Your text is kept in this browser."),
      el("a", { class: "button button--small", href: "/login", target: "_blank" }, "Log in again"),
      el("button", { class: "button button--small", type: "button", onclick: () => location.reload() }, "Then reload"),
    );
  }

  appear() {
    this.element.hidden = false;
  }
}
