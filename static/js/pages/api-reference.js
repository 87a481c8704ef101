/** ReDoc, for reading the API. Its search would need a worker from a blob, which the page forbids. */
const page = /** @type {HTMLElement} */ (document.getElementById("api"));
const { Redoc } = /** @type {{ Redoc: { init: Function } }} */ (/** @type {unknown} */ (globalThis));

Redoc.init(page.dataset.spec, { disableSearch: true, hideHostname: true, nativeScrollbars: true }, page);
