import assert from "node:assert/strict";
import { test } from "node:test";
import { timelineOf, isCancellable, percentOf, updateTimeline } from "../../../../static/js/components/device/timeline.js";
import { aBuild, aFirmware, anUpdate } from "../../factories.js";

const facts = (changes = {}) => ({ saveState: "saved", revision: 3, build: aBuild(), update: undefined, bot: "bot_001", ...changes });
const states = (timeline) => Object.fromEntries(timeline.steps.map((step) => [step.label, step.state]));
const at = (timeline) => timeline.steps.find((step) => step.state === "now" || step.state === "failed")?.label;

test("the line always has its seven steps in order", () => {
  const labels = timelineOf(facts()).steps.map((step) => step.label);
  assert.deepEqual(labels, ["Save", "Build", "Ready", "Check-in", "Download", "Restart", "Run"]);
});

test("unsaved changes keep the line at its first step", () => {
  const timeline = timelineOf(facts({ saveState: "offline" }));
  assert.equal(at(timeline), "Save");
});

test("a saved sketch without a build asks to compile", () => {
  const timeline = timelineOf(facts({ build: undefined }));
  assert.equal(states(timeline).Save, "done");
  assert.equal(states(timeline).Build, "next");
  assert.match(timeline.advice, /Compile/);
});

test("a build of an older revision does not count as built", () => {
  const timeline = timelineOf(facts({ revision: 4 }));
  assert.equal(states(timeline).Build, "next");
  assert.match(timeline.sentence, /changed since/);
});

test("a running build shows its stage", () => {
  const timeline = timelineOf(facts({ build: aBuild({ state: "running", stage: "linking" }) }));
  assert.match(timeline.sentence, /linking/);
  assert.equal(timeline.tone, "busy");
});

test("a failed build says what to do", () => {
  const timeline = timelineOf(facts({ build: aBuild({ state: "failed", reason: "compile_error" }) }));
  assert.equal(states(timeline).Build, "failed");
  assert.match(timeline.advice, /Problems/);
});

test("a finished build waits to be sent, or for a bot", () => {
  assert.match(timelineOf(facts()).advice, /Send to bot/);
  assert.match(timelineOf(facts({ bot: "" })).advice, /Claim a bot/);
});

test("an armed update waits for the bot and names the button", () => {
  const timeline = timelineOf(facts({ update: anUpdate() }));
  assert.equal(states(timeline).Ready, "done");
  assert.equal(states(timeline)["Check-in"], "now");
  assert.match(timeline.advice, /trigger button/);
});

test("a download shows its share and who asked", () => {
  const timeline = timelineOf(facts({ update: anUpdate({ state: "downloading", bytes_done: 437, trigger: "button", offered_at: "x" }) }));
  assert.equal(timeline.steps[4].detail, "43 %");
  assert.equal(timeline.steps[3].detail, "button pressed");
  assert.match(timeline.sentence, /43 %/);
});

test("a download that is too small to have a share tells its size, before and after its only piece", () => {
  const release = { ...anUpdate().release, size_bytes: 30_720 };
  const told = (bytes_done) => updateTimeline(anUpdate({ state: "downloading", release, bytes_done, offered_at: "x" }));
  assert.deepEqual([told(0).sentence, told(0).steps[4].detail], ["bot_001 is downloading 30 KiB.", ""]);
  assert.deepEqual([told(30_720).sentence, told(30_720).steps[4].detail], ["bot_001 has received all 30 KiB and is verifying them.", "100 %"]);
});

test("a rollback requested at the bot says so, and which firmware comes back", () => {
  const timeline = updateTimeline(anUpdate({ state: "downloading", trigger: "button", rollback_requested: true, offered_at: "x" }));
  assert.equal(timeline.steps[3].detail, "double press");
  assert.match(timeline.advice, /double press: back to Blink r1/);
  assert.match(updateTimeline(anUpdate({ state: "failed", error: { code: "too_big", detail: "" }, rollback_requested: true, offered_at: "x" })).advice, /slot/);
});

test("sending what the bot already runs says so while it waits for the next check-in", () => {
  const release = { ...anUpdate().release, image_digest: "aa" };
  const timeline = timelineOf(facts({ update: anUpdate({ release }), running: "aa" }));
  assert.match(timeline.sentence, /already runs this firmware/);
  assert.doesNotMatch(updateTimeline(anUpdate({ release }), "bb").sentence, /already/);
  assert.doesNotMatch(updateTimeline(anUpdate({ release: { ...release, image_digest: "" } }), "").sentence, /already/, "an unknown image is not the same as an unknown image");
  assert.doesNotMatch(updateTimeline(anUpdate({ release, state: "offered" }), "aa").sentence, /already/);
});

test("a confirmed update of this build is running", () => {
  const timeline = timelineOf(facts({ update: anUpdate({ state: "confirmed" }) }));
  assert.equal(states(timeline).Run, "done");
  assert.equal(timeline.tone, "good");
});

test("a confirmed update of another build says nothing about this one", () => {
  const timeline = timelineOf(facts({ build: aBuild({ id: "build2" }), update: anUpdate({ state: "confirmed" }) }));
  assert.equal(states(timeline).Ready, "next");
});

test("an open update is told even when the sketch moved on", () => {
  const timeline = timelineOf(facts({ revision: 9, update: anUpdate({ state: "restarting" }) }));
  assert.equal(at(timeline), "Restart");
});

test("an ended update gives way once the sketch changes", () => {
  const timeline = timelineOf(facts({ revision: 9, update: anUpdate({ state: "confirmed" }) }));
  assert.match(timeline.sentence, /changed since/);
});

test("a cancelled update leaves the build ready to send again", () => {
  assert.match(timelineOf(facts({ update: anUpdate({ state: "cancelled" }) })).advice, /Send to bot/);
});

for (const [state, step, word] of [
  ["rolled_back", "Run", /rolled back/],
  ["incompatible", "Check-in", /different board/],
]) {
  test(`${state} is told in words, with advice`, () => {
    const timeline = updateTimeline(anUpdate({ state }));
    assert.equal(at(timeline), step);
    assert.match(timeline.sentence, word);
    assert.notEqual(timeline.advice, "");
  });
}

test("a silent bot is placed where its traces end", () => {
  assert.equal(at(updateTimeline(anUpdate({ state: "timed_out" }))), "Check-in");
  assert.equal(at(updateTimeline(anUpdate({ state: "timed_out", offered_at: "x", bytes_done: 10 }))), "Download");
  assert.equal(at(updateTimeline(anUpdate({ state: "timed_out", offered_at: "x", bytes_done: 1000 }))), "Restart");
});

test("the revision that the bot runs stands at the last step, if it is of this sketch", () => {
  const detail = (firmware) => timelineOf(facts({ revision: 4, firmware })).steps[6].detail;
  assert.equal(detail(aFirmware({ version: "r2" })), "r2 now");
  assert.equal(detail(aFirmware({ sketch_id: "another" })), "");
  assert.equal(detail(aFirmware({ kind: "foreign", sketch_id: null })), "");
  assert.equal(detail(undefined), "");
});

test("a silent bot is told where it fell silent", () => {
  const advice = (code) => updateTimeline(anUpdate({ state: "timed_out", error: { code, detail: "" } })).advice;
  assert.match(advice("silent_downloading"), /during the download/);
  assert.match(advice("never_fetched"), /never started the download/);
});

test("a rollback quotes the bot's reset reason", () => {
  const error = { code: "rolled_back", detail: "panic" };
  assert.match(updateTimeline(anUpdate({ state: "rolled_back", error })).advice, /setup\(\).*Reset reason: panic\./);
});

test("a failure explains its error code", () => {
  const timeline = updateTimeline(anUpdate({ state: "failed", error: { code: "too_big", detail: "" }, offered_at: "x" }));
  assert.match(timeline.advice, /slot/);
});

test("a percentage never leaves its range", () => {
  assert.equal(percentOf(anUpdate({ bytes_done: 5000 })), 100);
  assert.equal(percentOf(anUpdate({ release: { size_bytes: 0 } })), 0);
});

test("only what the bot has not started can be cancelled", () => {
  assert.equal(isCancellable({ state: "armed" }), true);
  assert.equal(isCancellable({ state: "downloading" }), false);
});

test("a waiting update of another build does not hide the present one", () => {
  const timeline = timelineOf(facts({ build: aBuild({ id: "build2", state: "failed", reason: "compile_error" }), update: anUpdate() }));
  assert.equal(at(timeline), "Build");
});

test("what cannot be saved says why and what to do", () => {
  const [offline, conflict, refused] = ["offline", "conflict", "refused"].map((saveState) => timelineOf(facts({ saveState })));
  assert.match(offline.sentence, /kept in this browser/);
  assert.match(conflict.advice, /Compare/);
  assert.equal(refused.tone, "bad");
});

test("typing does not make the sentence flicker", () => {
  const [typing, saved] = ["saving", "saved"].map((saveState) => timelineOf(facts({ saveState, revision: 4 })).sentence);
  assert.equal(typing, saved);
});
