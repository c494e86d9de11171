/**
 * Writes src/api/generated/schema.ts from ../openapi.json; with --check only compares. `make check` does.
 *
 * Our own, because the schema uses a small part of OpenAPI, and the generators there are want another
 * TypeScript than we have.
 */
import { readFileSync, writeFileSync } from "node:fs";

const SOURCE = new URL("../openapi.json", import.meta.url);
const TARGET = new URL("src/api/generated/schema.ts", import.meta.url);
const METHODS = ["get", "post", "put", "patch", "delete"];

const document = JSON.parse(readFileSync(SOURCE, "utf8"));

function typeOf(schema, depth = 1) {
  if (schema.$ref) return nameOf(schema.$ref);
  if (schema.allOf) return schema.allOf.map((part) => typeOf(part, depth)).join(" & ");
  const either = schema.oneOf ?? schema.anyOf;
  if (either) return [...new Set(either.map((part) => typeOf(part, depth)))].join(" | ");
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeOf({ ...schema, type }, depth)).join(" | ");
  if (schema.type === "array") return arrayOf(typeOf(schema.items, depth));
  if (schema.type === "integer" || schema.type === "number") return "number";
  if (schema.type === "string" || schema.type === "boolean" || schema.type === "null") return schema.type;
  if (schema.properties) return objectOf(schema, depth);
  return "{ [name: string]: unknown }";
}

/** `Blob` is the browser's own word. */
const renamed = (name) => (name === "Blob" ? "UploadedBlob" : name);
const nameOf = (ref) => renamed(ref.slice(ref.lastIndexOf("/") + 1));
const arrayOf = (type) => (/[|&]/.test(type) ? `(${type})[]` : `${type}[]`);
const keyOf = (name) => (/^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name));

function objectOf(schema, depth) {
  const required = new Set(schema.required ?? []);
  const indent = "  ".repeat(depth);
  const lines = Object.entries(schema.properties).map(([name, part]) => {
    const type = typeOf(part, depth + 1);
    return `${comment(part.description, indent)}${indent}${keyOf(name)}${required.has(name) ? "" : "?"}: ${type};\n`;
  });
  return lines.length === 0 ? "{ [name: string]: never }" : `{\n${lines.join("")}${"  ".repeat(depth - 1)}}`;
}

const comment = (text, indent) => (text ? `${indent}/** ${text.trim().replace(/\s+/g, " ").replace("*/", "*\\/")} */\n` : "");

function operation(method, path, found) {
  const answers = Object.entries(found.responses).filter(([status]) => status !== "default");
  const answer = answers.map(([, response]) => bodyOf(response) ?? "undefined").join(" | ");
  const query = (found.parameters ?? []).filter((parameter) => parameter.in === "query");
  const schema = { properties: {}, required: [] };
  for (const parameter of query) {
    schema.properties[parameter.name] = { ...parameter.schema, description: parameter.description };
    if (parameter.required) schema.required.push(parameter.name);
  }
  const asked = query.length ? objectOf(schema, 3) : "undefined";
  const body = found.requestBody ? (bodyOf(found.requestBody) ?? "unknown") : "undefined";
  const parts = `    query: ${asked};\n    body: ${body};\n    answer: ${answer};\n`;
  return `${comment(found.description, "  ")}  ${JSON.stringify(`${method.toUpperCase()} ${path}`)}: {\n${parts}  };\n`;
}

function bodyOf(part) {
  const [media, content] = Object.entries(part.content ?? {})[0] ?? [];
  if (!media) return undefined;
  return media === "application/json" ? typeOf(content.schema, 3) : "Blob";
}

function written() {
  const types = Object.entries(document.components.schemas)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, schema]) => `${comment(schema.description, "")}export type ${renamed(name)} = ${typeOf(schema)};\n`);
  const operations = Object.entries(document.paths).flatMap(([path, found]) =>
    METHODS.filter((method) => found[method]).map((method) => operation(method, path, found[method])),
  );
  return (
    "/** Made from openapi.json by `npm run generate`; never edited. */\n\n" +
    `${types.join("\n")}\n/** Each operation by method and path: what it takes and what it gives. */\n` +
    `export type Operations = {\n${operations.join("")}};\n`
  );
}

const text = written();
if (process.argv.includes("--check")) {
  if (readFileSync(TARGET, "utf8") !== text) {
    console.error("web/src/api/generated is not what openapi.json says: make schema");
    process.exit(1);
  }
} else writeFileSync(TARGET, text);
