/** What a browser can be asked about pushes, and the key it wants to be asked with. */

export type PushState = "unsupported" | "insecure" | "denied" | "off" | "on";

/** base64url as bytes. */
export function keyBytes(text: string): Uint8Array<ArrayBuffer> {
  const padded = text.replaceAll("-", "+").replaceAll("_", "/") + "=".repeat((4 - (text.length % 4)) % 4);
  const raw = atob(padded);
  const bytes = new Uint8Array(raw.length);
  for (let place = 0; place < raw.length; place += 1) bytes[place] = raw.charCodeAt(place);
  return bytes;
}

/** Whether a subscription was made for another key than the server has now. */
export function isOfOtherKey(used: ArrayBuffer | null | undefined, wanted: string): boolean {
  if (!used) return false;
  const known = new Uint8Array(used);
  const now = keyBytes(wanted);
  return known.length !== now.length || known.some((byte, place) => byte !== now[place]);
}

export type Abilities = {
  isSecure: boolean;
  hasPush: boolean;
  permission: NotificationPermission | null;
  isSubscribed: boolean;
};

export function pushStateOf({ isSecure, hasPush, permission, isSubscribed }: Abilities): PushState {
  if (!isSecure) return "insecure";
  if (!hasPush || permission === null) return "unsupported";
  if (permission === "denied") return "denied";
  return isSubscribed && permission === "granted" ? "on" : "off";
}
