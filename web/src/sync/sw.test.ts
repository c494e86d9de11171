/** The service worker's own file, run with the globals of one: what is shown of a push, and what is let be. */
import { readFileSync } from "node:fs";
import { beforeEach, expect, it } from "vitest";

type Shown = { title: string; body: string; tag: string; data: { path: string }; close: () => void };
type Handler = (event: unknown) => void;

let shown: Shown[];
let opened: string[];
let told: unknown[];
let tabs: { postMessage: (message: unknown) => void; focus: () => Promise<void> }[];
let handlers: { [name: string]: Handler };

beforeEach(() => {
  shown = [];
  opened = [];
  told = [];
  tabs = [];
  handlers = {};
  const worker = {
    addEventListener: (name: string, run: Handler) => {
      handlers[name] = run;
    },
    registration: {
      showNotification: async (title: string, options: Omit<Shown, "title" | "close">) => {
        shown.push({ title, ...options, close: () => (shown = shown.filter((one) => one.tag !== options.tag)) });
      },
      getNotifications: async () => [...shown],
    },
    navigator: {},
    location: { origin: "https://mail.example.org" },
    clients: { matchAll: async () => tabs, openWindow: async (path: string) => opened.push(path) },
  };
  new Function("self", "caches", readFileSync("public/sw.js", "utf8"))(worker, {});
});

async function happen(name: string, event: object): Promise<void> {
  const waiting: Promise<unknown>[] = [];
  handlers[name]?.({ ...event, waitUntil: (work: Promise<unknown>) => waiting.push(work) });
  await Promise.all(waiting);
}

const push = (said: unknown) => happen("push", { data: { json: () => said } });

it("shows what is told, and takes it back when it was read elsewhere", async () => {
  await push({ type: "tell", tag: "mail:1", title: "Bob", body: "Tea?", path: "/notifications/1" });
  await push({ type: "tell", tag: "mail:2", title: "Carol", body: "", path: "/notifications/2" });
  expect(shown.map(({ title, body, data }) => [title, body, data.path])).toEqual([
    ["Bob", "Tea?", "/notifications/1"],
    ["Carol", "", "/notifications/2"],
  ]);
  await push({ type: "read", tags: ["mail:1"] });
  expect(shown.map(({ tag }) => tag)).toEqual(["mail:2"]);
});

it("says only that there is something where it is not told what", async () => {
  await push({ type: "tell", tag: "mail:1", path: "/notifications/1" });
  expect(shown[0]).toMatchObject({ title: "Posthouse", body: "There is something new." });
});

it.each(["https://elsewhere.test/", "//elsewhere.test/", "/\\elsewhere.test", "javascript:alert(1)", 7, undefined])(
  "leads nowhere else: %s",
  async (path) => {
    await push({ type: "tell", tag: "x", title: "x", path });
    expect(shown[0]?.data.path).toBe("/");
  },
);

it.each([null, "text", 7, { title: { toString: "x" }, tag: [] }, { type: "read", tags: "all" }])(
  "lets be what makes no sense: %s",
  async (said) => {
    await push(said);
    for (const one of shown) expect(one.title).toBe("Posthouse");
    await happen("push", {
      data: {
        json: () => {
          throw new SyntaxError();
        },
      },
    });
    await happen("push", { data: null });
  },
);

it("opens its place in the tab that is there, or in a new one", async () => {
  let closed = 0;
  const notification = { close: () => (closed += 1), data: { path: "/notifications/1" } };
  await happen("notificationclick", { notification });
  expect(opened).toEqual(["/notifications/1"]);
  tabs = [{ postMessage: (message) => told.push(message), focus: async () => undefined }];
  await happen("notificationclick", { notification });
  expect(told).toEqual([{ type: "open", path: "/notifications/1" }]);
  expect(closed).toBe(2);
});
