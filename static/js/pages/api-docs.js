/** Swagger UI, for trying the API with the session of this browser. */
const page = /** @type {HTMLElement} */ (document.getElementById("api"));
const token = document.querySelector('meta[name="csrf-token"]')?.getAttribute("content") ?? "";
const { SwaggerUIBundle } = /** @type {{ SwaggerUIBundle: Function }} */ (/** @type {unknown} */ (globalThis));

SwaggerUIBundle({
  url: page.dataset.spec,
  domNode: page,
  deepLinking: true,
  requestInterceptor: (/** @type {{ headers: Record<string, string> }} */ request) => {
    request.headers["X-CSRFToken"] = token;
    return request;
  },
});
