/** Line icons on a 20 × 20 grid, drawn with the current text colour. */

/** @type {Record<string, string>} */
const PATHS = {
  add: "M10 4v12M4 10h12",
  arrow: "M4 10h12M11 5l5 5-5 5",
  bot: "M4 8h12v8H4zM10 8V4M10 4h2M7.5 11.5v1.5M12.5 11.5v1.5M2 11v3M18 11v3",
  check: "M4 10.5l4 4 8-9",
  close: "M5 5l10 10M15 5L5 15",
  copy: "M7 7h9v9H7zM13 7V4H4v9h3",
  cross: "M6 6l8 8M14 6l-8 8",
  down: "M5 8l5 5 5-5",
  download: "M10 3v10M5.5 9l4.5 4.5L14.5 9M4 17h12",
  edit: "M4 16l1-4 8.5-8.5 3 3L8 15z",
  file: "M5 3h7l3 3v11H5zM12 3v3h3",
  help: "M7.5 7.5a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .8-1 1.7M10 14.5v.1",
  key: "M8 12a3.5 3.5 0 1 1 1.6-1.6L17 3v4h-3v3h-3M6 13.5v.1",
  link: "M8.5 11.5l3-3M9 6l1.5-1.5a3.5 3.5 0 0 1 5 5L14 11M11 14l-1.5 1.5a3.5 3.5 0 0 1-5-5L6 9",
  play: "M6 4l10 6-10 6z",
  send: "M3 10l14-6-4 13-3.5-5.5zM9.5 11.5L17 4",
  stop: "M5.5 5.5h9v9h-9z",
  trash: "M4 6h12M8 6V4h4v2M6 6l.7 10h6.6L14 6M8.7 9v4M11.3 9v4",
  usb: "M10 17V4M7.5 6.5L10 3.5l2.5 3M10 14l-4-2.5V9.5M10 12l4-2.5V7.5",
  upload: "M10 14V4M5.5 8L10 3.5 14.5 8M4 17h12",
  warning: "M10 3l8 14H2zM10 8v4M10 14.5v.1",
  wifi: "M2.5 8a11 11 0 0 1 15 0M5 11a7.3 7.3 0 0 1 10 0M7.5 13.8a3.7 3.7 0 0 1 5 0M10 16.5v.1",
};

const SVG = "http://www.w3.org/2000/svg";

/**
 * An icon next to a text; it says nothing to a screen reader.
 * @param {string} name a key of the table above.
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name] ?? "");
  svg.append(path);
  return svg;
}
