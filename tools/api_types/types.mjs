/**
 * Turns the API's description (standard input) into TypeScript types (standard output), one for each schema, and the
 * body of each Socket.IO event.
 */
import { compile } from "json-schema-to-typescript";
import { text } from "node:stream/consumers";

const BANNER = "/* Made from the API's description by `make api-types`. Do not edit. */";

const spec = JSON.parse((await text(process.stdin)).replaceAll("#/components/schemas/", "#/definitions/"));
const { schemas } = spec.components;
const events = Object.entries(spec.webhooks).map(([name, item]) => [
  name,
  item.post.requestBody.content["application/json"].schema,
]);

const root = {
  title: "EventBodies",
  description: "What each Socket.IO event carries.",
  ...objectOf(Object.fromEntries(events)),
  definitions: schemas,
};
const types = await compile(root, "EventBodies", {
  additionalProperties: false,
  bannerComment: BANNER,
  ignoreMinAndMaxItems: true,
  unreachableDefinitions: true,
});
process.stdout.write(types.replaceAll(/^ \* This interface was referenced by .*\n \* via the `definition` .*\n/gmu, ""));

/** @param {Record<string, unknown>} properties */
function objectOf(properties) {
  return { type: "object", properties, required: Object.keys(properties) };
}
