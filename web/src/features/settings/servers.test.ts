import { expect, it } from "vitest";
import { serversFor } from "./servers";

it("names the registered ports while the server has not said its own", () => {
  const servers = serversFor("mail.example.org", {});
  expect(servers.map(({ protocol, security, port }) => `${protocol} ${security} ${port}`)).toEqual([
    "IMAP TLS 993",
    "IMAP STARTTLS 143",
    "SMTP TLS 465",
    "SMTP STARTTLS 587",
  ]);
  expect(servers.every((one) => one.host === "mail.example.org")).toBe(true);
});

it("names only what is open, and recommends what there is", () => {
  const servers = serversFor("localhost", { imap: 1143, submissions: 1465, submission: 1587 });
  expect(servers.map((one) => [one.port, one.isBest])).toEqual([
    [1143, true],
    [1465, true],
    [1587, false],
  ]);
});
