import assert from "node:assert/strict";
import { test } from "node:test";
import { Api } from "../../../static/js/core/api.js";
import { ApiError, errorFromProblem, isAbort, messageOf } from "../../../static/js/core/errors.js";

/** An Api whose answers are given by `reply`; `sent` collects the requests. */
function fakeApi(reply) {
  const sent = [];
  const fetch = async (url, init) => {
    sent.push({ url, ...init });
    return reply(url, init);
  };
  return { api: new Api({ fetch, csrfToken: "token" }), sent };
}

const json = (status, body) => new Response(body === null ? null : JSON.stringify(body), { status });

test("a change carries the token and its JSON", async () => {
  const { api, sent } = fakeApi(() => json(201, { id: "x" }));
  assert.deepEqual(await api.post("/sketches", { name: "Blink" }), { id: "x" });
  assert.equal(sent[0].url, "/api/v1/sketches");
  assert.equal(sent[0].headers["X-CSRFToken"], "token");
  assert.equal(sent[0].body, '{"name":"Blink"}');
});

test("a read carries no token", async () => {
  const { api, sent } = fakeApi(() => json(200, {}));
  await api.get("/me");
  assert.equal("X-CSRFToken" in sent[0].headers, false);
});

test("an empty answer is null", async () => {
  const { api } = fakeApi(() => json(204, null));
  assert.equal(await api.send("DELETE", "/sketches/1"), null);
});

test("a problem becomes an error with code, sentence and facts", async () => {
  const { api } = fakeApi(() => json(409, { code: "newer_revision", detail: "There is a newer one.", status: 409, revision: 7 }));
  await assert.rejects(api.put("/x", {}), (error) => {
    assert.ok(error instanceof ApiError);
    assert.equal(error.status, 409);
    assert.equal(error.code, "newer_revision");
    assert.equal(error.message, "There is a newer one.");
    assert.equal(error.details.revision, 7);
    return true;
  });
});

test("a proxy's error page is told by its status", async () => {
  const { api } = fakeApi(() => new Response("<h1>Bad gateway</h1>", { status: 502 }));
  await assert.rejects(api.get("/x"), { status: 502, code: "http_502" });
});

test("no answer at all is offline", async () => {
  const { api } = fakeApi(() => { throw new TypeError("Failed to fetch"); });
  await assert.rejects(api.get("/x"), (error) => error instanceof ApiError && error.isOffline);
});

for (const [status, code] of [[401, "not_logged_in"], [400, "csrf"]]) {
  test(`an ended login is announced, told by ${code}`, async () => {
    const { api } = fakeApi(() => json(status, { code, detail: "Log in first." }));
    let count = 0;
    api.addEventListener("session-lost", () => { count += 1; });
    await assert.rejects(api.post("/x"), { status });
    assert.equal(count, 1);
  });
}

test("a newer request aborts the older one of the same kind", async () => {
  const { api } = fakeApi((url, { signal }) => new Promise((resolve, reject) => {
    if (url.endsWith("2")) resolve(json(200, { ok: true }));
    signal.addEventListener("abort", () => reject(signal.reason));
  }));
  const older = api.get("/x?1", { replaces: "x" });
  const newer = api.get("/x?2", { replaces: "x" });
  await assert.rejects(older, (error) => isAbort(error));
  assert.deepEqual(await newer, { ok: true });
});

test("requests of different kinds leave each other alone", async () => {
  const { api } = fakeApi(async () => json(200, {}));
  await Promise.all([api.get("/a", { replaces: "a" }), api.get("/b", { replaces: "b" })]);
});

test("every error has a sentence", () => {
  assert.equal(errorFromProblem(404, null).message, "This no longer exists.");
  assert.match(errorFromProblem(500, "x").message, /server/);
  assert.match(messageOf(new Error("x")), /Something went wrong/);
});
