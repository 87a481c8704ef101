import assert from "node:assert/strict";
import test from "node:test";
import { originOf } from "../../../../static/js/components/virtual/origins.js";

test("what a person types becomes an origin as browsers write it", () => {
  const typed = {
    "https://api.example.org": "https://api.example.org", " https://API.example.org:443/v1?x#y ": "https://api.example.org",
    "api.example.org": "https://api.example.org", "http://192.168.1.20:8000/": "http://192.168.1.20:8000", "http://127.1/": "http://127.0.0.1",
    "https://bücher.example": "https://xn--bcher-kva.example", "https://user:pass@api.example.org/": "https://api.example.org",
  };
  for (const [text, origin] of Object.entries(typed)) assert.equal(originOf(text), origin, text);
});

test("what is no web address becomes nothing", () => {
  for (const text of ["", "  ", "ftp://example.org", "file:///etc/passwd", "https://", "https://a b", "ws://x.example"]) assert.equal(originOf(text), "", text);
});
