import { afterEach, expect, it, vi } from "vitest";
import { bytesOf, getPasskey, makePasskey, textOf, wasCancelled } from "./passkeys";

afterEach(() => vi.unstubAllGlobals());

const bytes = (text: string) => new TextEncoder().encode(text).buffer as ArrayBuffer;

it.each(["", "AA", "AAE", "_-7_", "aGVsbG8"])("carries bytes as base64url: %j", (text) => {
  expect(textOf(bytesOf(text))).toBe(text);
});

it("gives the browser bytes and the server text", async () => {
  const get = vi.fn().mockResolvedValue({
    id: "AbC",
    rawId: bytes("key"),
    type: "public-key",
    response: {
      clientDataJSON: bytes("{}"),
      authenticatorData: bytes("data"),
      signature: bytes("sign"),
      userHandle: bytes("me"),
    },
  });
  vi.stubGlobal("navigator", { credentials: { get } });
  const answer = await getPasskey({ challenge: "aGVsbG8", allowCredentials: [{ id: "a2V5", type: "public-key" }] });
  const asked = get.mock.calls[0]?.[0].publicKey;
  expect(textOf(asked.challenge)).toBe("aGVsbG8");
  expect(textOf(asked.allowCredentials[0].id)).toBe("a2V5");
  expect(answer).toEqual({
    id: "AbC",
    rawId: "a2V5",
    type: "public-key",
    response: { clientDataJSON: "e30", authenticatorData: "ZGF0YQ", signature: "c2lnbg", userHandle: "bWU" },
  });
});

it("makes one for a person", async () => {
  const create = vi.fn().mockResolvedValue({
    id: "AbC",
    rawId: bytes("key"),
    type: "public-key",
    response: { clientDataJSON: bytes("{}"), attestationObject: bytes("made"), getTransports: () => ["internal"] },
  });
  vi.stubGlobal("navigator", { credentials: { create } });
  const answer = await makePasskey({ challenge: "aGVsbG8", user: { id: "bWU", name: "a", displayName: "A" } });
  expect(textOf(create.mock.calls[0]?.[0].publicKey.user.id)).toBe("bWU");
  expect(answer).toMatchObject({ response: { attestationObject: "bWFkZQ", transports: ["internal"] } });
});

it("knows a change of mind from a fault", () => {
  expect(wasCancelled(new DOMException("", "NotAllowedError"))).toBe(true);
  expect(wasCancelled(new Error("x"))).toBe(false);
});
