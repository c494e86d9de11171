/** Between the server's JSON and the browser's WebAuthn, whose bytes travel as base64url. */
import type { PasskeyOptions } from "../../api/types";

type Descriptor = { id: string; type: string; transports?: string[] };

export function canUsePasskeys(): boolean {
  return typeof window.PublicKeyCredential === "function" && typeof navigator.credentials?.get === "function";
}

/** Whether the browser offers passkeys in the autofill of a field. */
export async function canAutofillPasskeys(): Promise<boolean> {
  if (!canUsePasskeys() || !window.PublicKeyCredential.isConditionalMediationAvailable) return false;
  return window.PublicKeyCredential.isConditionalMediationAvailable();
}

/** The person cancelled, or let it time out: no error to shout about. */
export function wasCancelled(error: unknown): boolean {
  return error instanceof DOMException && (error.name === "NotAllowedError" || error.name === "AbortError");
}

export async function getPasskey(
  options: PasskeyOptions,
  more: { signal?: AbortSignal; mediation?: CredentialMediationRequirement } = {},
): Promise<unknown> {
  const publicKey = {
    ...options,
    challenge: bytesOf(String(options.challenge)),
    allowCredentials: descriptors(options.allowCredentials),
  } as PublicKeyCredentialRequestOptions;
  const credential = await navigator.credentials.get({ publicKey, ...more });
  return asJson(credential as PublicKeyCredential);
}

export async function makePasskey(options: PasskeyOptions): Promise<unknown> {
  const user = options.user as { id: string; name: string; displayName: string };
  const publicKey = {
    ...options,
    challenge: bytesOf(String(options.challenge)),
    user: { ...user, id: bytesOf(user.id) },
    excludeCredentials: descriptors(options.excludeCredentials),
  } as unknown as PublicKeyCredentialCreationOptions;
  const credential = await navigator.credentials.create({ publicKey });
  return asJson(credential as PublicKeyCredential);
}

function descriptors(given: unknown): { id: ArrayBuffer; type: string; transports?: string[] }[] {
  return ((given ?? []) as Descriptor[]).map((one) => ({ ...one, id: bytesOf(one.id) }));
}

function asJson(credential: PublicKeyCredential): unknown {
  const { response } = credential;
  const parts: { [name: string]: unknown } = { clientDataJSON: textOf(response.clientDataJSON) };
  if ("attestationObject" in response) {
    const made = response as AuthenticatorAttestationResponse;
    parts.attestationObject = textOf(made.attestationObject);
    parts.transports = made.getTransports?.() ?? [];
  } else {
    const signed = response as AuthenticatorAssertionResponse;
    parts.authenticatorData = textOf(signed.authenticatorData);
    parts.signature = textOf(signed.signature);
    if (signed.userHandle) parts.userHandle = textOf(signed.userHandle);
  }
  return { id: credential.id, rawId: textOf(credential.rawId), type: credential.type, response: parts };
}

export function bytesOf(text: string): ArrayBuffer {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (char) => char.charCodeAt(0)).buffer;
}

export function textOf(buffer: ArrayBuffer): string {
  const plain = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
