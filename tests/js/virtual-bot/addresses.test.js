import assert from "node:assert/strict";
import test from "node:test";
import { isAllowed, parseRequest } from "../../../static/js/virtual-bot/addresses.js";
import { HttpError, NetworkGate } from "../../../static/js/virtual-bot/gate.js";

const bot = { origin: "http://lamp.local:5000", productId: "bot_001", allowedOrigins: [] };
const at = (path) => bot.origin + path;

test("a bot may call the device endpoints and fetch its own image", () => {
  for (const path of ["/device/v1/check-in", "/device/v1/firmware/5cAF", "/device/v1/updates/5c/reports", "/bot_001.ino.bin"]) {
    assert.ok(isAllowed(at(path), bot), path);
  }
});

test("everything else on the server is refused", () => {
  const paths = [
    "/", "/api/v1/me", "/api/v1/sketches", "/account", "/logout", "/bot_002.ino.bin", "/bot_001.ino.bin/", "/device/v1", "/device/v1/",
    "/device/v2/check-in", "/device/v1//check-in", "/xdevice/v1/check-in", "/static/js/early.js", "/socket.io/", "/BOT_001.ino.bin",
  ];
  for (const path of paths) assert.ok(!isAllowed(at(path), bot), path);
});

test("no spelling leads out of the device endpoints", () => {
  const paths = [
    "/device/v1/../../api/v1/me", "/device/v1/%2e%2e/%2e%2e/api/v1/me", "/device/v1/..%2f..%2fapi", "/device/v1/x?next=/api", "/device/v1/x#y",
    "/device/v1\\..\\..\\api", "/device/v1/./check-in", "/device/v1/\tcheck-in", " /device/v1/check-in", "/device/v1/check-in ", "/bot_001%2eino.bin",
  ];
  for (const path of paths) assert.ok(!isAllowed(at(path), bot), path);
});

test("other origins are refused, however they are dressed", () => {
  const addresses = [
    "http://evil.example/device/v1/check-in", "https://lamp.local:5000/device/v1/check-in", "http://lamp.local/device/v1/check-in",
    "http://lamp.local:5000@evil.example/device/v1/check-in", "http://user:pass@lamp.local:5000/device/v1/check-in",
    "http://lamp.local:5000.evil.example/device/v1/check-in", "//lamp.local:5000/device/v1/check-in", "/device/v1/check-in",
    "HTTP://LAMP.local:5000/device/v1/check-in", "data:text/plain,x", "blob:http://lamp.local:5000/device/v1/x", "file:///etc/passwd",
    "javascript:alert(1)", "ws://lamp.local:5000/device/v1/x", "",
  ];
  for (const address of addresses) assert.ok(!isAllowed(address, bot), address);
});

test("a server that the owner named is reached at any of its addresses, and at no other port or scheme", () => {
  const network = { ...bot, allowedOrigins: ["https://api.example", "http://192.168.1.20:8000"] };
  for (const address of ["https://api.example", "https://api.example/", "https://API.example:443/v1/a%20b?x=%2f&y=@", "http://192.168.1.20:8000/a"]) {
    assert.ok(isAllowed(address, network), address);
  }
  const refused = [
    "http://api.example/", "https://api.example:8443/", "https://www.api.example/", "https://api.example.evil.example/", "https://api.example@evil.example/",
    "https://user@api.example/", "https://user:pass@api.example/", "http://192.168.1.20/", "http://192.168.1.20:8001/", "http://192.168.1.20:80/",
    "https://api.example/ x", "https://api.example\\@evil.example/", "https://api.example/#x", "//api.example/", "/v1/a", "wss://api.example/",
    "blob:https://api.example/1", "http://evil.example/https://api.example/",
  ];
  for (const address of refused) assert.ok(!isAllowed(address, network), address);
});

test("no list opens more of the bot's own server", () => {
  const network = { ...bot, allowedOrigins: [bot.origin, "http://lamp.local"] };
  for (const path of ["/api/v1/me", "/", "/device/v1/x?next=/api", "/device/v1/../../api/v1/me", "/bot_002.ino.bin"]) {
    assert.ok(!isAllowed(at(path), network), path);
  }
  assert.ok(isAllowed(at("/device/v1/check-in"), network));
});

test("a request is read as an image writes it", () => {
  assert.deepEqual(parseRequest("GET http://x/y\nX-Device-Id: bot_001\nRange: bytes=3-\n"), {
    method: "GET", url: "http://x/y", headers: [["X-Device-Id", "bot_001"], ["Range", "bytes=3-"]],
  });
});

test("methods and headers that could pose as the page are refused", () => {
  for (const line of ["Cookie: a", "X-CSRFToken: a", "Origin: http://x", "Sec-Fetch-Site: none", "Host: x", "X-Forwarded-For: 1", "no colon", ": x", "a b: c"]) {
    assert.equal(parseRequest(`GET http://x/\n${line}\n`), null, line);
  }
  for (const first of ["CONNECT http://x/", "TRACE http://x/", "get http://x/", "GET", "GET http://x/ HTTP/1.1", ""]) {
    assert.equal(parseRequest(`${first}\n`), null, first);
  }
});

/** @param {(url: string, init: RequestInit) => Promise<Response>} fetch */
const gateWith = (fetch) => new NetworkGate({ fetch, network: bot });
const open = (url, id = 1, more = {}) => ({ op: "open", id, request: `GET ${url}\n`, body: new Uint8Array(), timeoutMs: 1000, ...more });

test("the gate sends neither cookies nor a referrer and follows no redirect", async () => {
  const calls = [];
  const gate = gateWith(async (url, init) => {
    calls.push([url, init]);
    return new Response("hello", { headers: { "Content-Length": "5", "X-SHA256": "ab" } });
  });
  const answer = await gate.ask(open(at("/bot_001.ino.bin")));
  const [url, init] = calls[0];
  assert.equal(url, at("/bot_001.ino.bin"));
  assert.deepEqual(
    [init.credentials, init.redirect, init.referrerPolicy, init.mode, init.cache], ["omit", "error", "no-referrer", "same-origin", "no-store"],
  );
  assert.deepEqual([answer.code, answer.head.status, answer.head.size], [0, 200, 5]);
  assert.ok(answer.head.headers.some(([name, value]) => name === "x-sha256" && value === "ab"));
  const piece = await gate.ask({ op: "read", id: 1, size: 3 });
  const rest = await gate.ask({ op: "read", id: 1, size: 3 });
  const end = await gate.ask({ op: "read", id: 1, size: 3 });
  assert.deepEqual([piece, rest, end].map(({ bytes }) => new TextDecoder().decode(bytes)), ["hel", "lo", ""]);
});

test("another server is asked across origins, without cookies and without following it elsewhere", async () => {
  const calls = [];
  const fetch = async (url, init) => {
    calls.push([url, init]);
    return new Response("sunny");
  };
  const gate = new NetworkGate({ fetch, network: { ...bot, allowedOrigins: ["https://api.example"] } });
  assert.equal((await gate.ask(open("https://api.example/weather?in=here"))).code, 0);
  const [url, init] = calls[0];
  assert.equal(url, "https://api.example/weather?in=here");
  assert.deepEqual([init.credentials, init.redirect, init.referrerPolicy, init.mode], ["omit", "error", "no-referrer", "cors"]);
  assert.equal((await gate.ask(open("https://api.example:8443/weather"))).code, HttpError.REFUSED);
  assert.equal(calls.length, 1);
});

test("a refused address never reaches the network", async () => {
  const gate = gateWith(() => assert.fail("it was sent"));
  for (const url of ["http://evil.example/", at("/api/v1/me"), "nonsense"]) {
    assert.equal((await gate.ask(open(url))).code, HttpError.REFUSED);
  }
  const tooLong = open(at("/device/v1/log"), 1, { body: new Uint8Array(70_000) });
  assert.equal((await gate.ask(tooLong)).code, HttpError.REFUSED);
});

test("a redirect or a lost connection is a lost connection", async () => {
  const gate = gateWith(async () => { throw new TypeError("redirect"); });
  assert.equal((await gate.ask(open(at("/device/v1/check-in")))).code, HttpError.LOST);
  assert.equal((await gate.ask({ op: "read", id: 1, size: 1 })).code, HttpError.LOST);
});

test("silence ends after the time that the sketch gave", async () => {
  const gate = gateWith(() => new Promise(() => {}));
  assert.equal((await gate.ask(open(at("/device/v1/check-in"), 1, { timeoutMs: 5 }))).code, HttpError.TIME_OUT);
});

test("a fifth transfer at once is refused, and closing makes room", async () => {
  const gate = gateWith(async () => new Response("x"));
  for (let id = 1; id <= 4; id += 1) assert.equal((await gate.ask(open(at("/device/v1/a"), id))).code, 0);
  assert.equal((await gate.ask(open(at("/device/v1/a"), 5))).code, HttpError.TOO_MANY);
  await gate.ask({ op: "close", id: 2 });
  assert.equal((await gate.ask(open(at("/device/v1/a"), 5))).code, 0);
  gate.closeAll();
  assert.equal(gate.transfers.size, 0);
});
