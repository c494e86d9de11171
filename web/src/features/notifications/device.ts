/** This browser as a device that is pushed to: what it can, and subscribing it with the person's leave. */
import { notifications } from "../../api/notifications";
import { isOfOtherKey, keyBytes, type PushState, pushStateOf } from "../../lib/push";

async function subscription(): Promise<PushSubscription | null> {
  const registration = await navigator.serviceWorker.getRegistration();
  return (await registration?.pushManager.getSubscription()) ?? null;
}

function canPush(): boolean {
  return "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
}

/** `isKnown`: the server has this browser on its list. */
export async function readPushState(isKnown: boolean): Promise<PushState> {
  const hasPush = canPush();
  return pushStateOf({
    isSecure: window.isSecureContext,
    hasPush,
    permission: hasPush ? Notification.permission : null,
    isSubscribed: hasPush && isKnown && (await subscription()) !== null,
  });
}

/** Call from a click: the browser asks the person. Gives what came of it. */
export async function subscribeHere(publicKey: string): Promise<PushState> {
  if ((await Notification.requestPermission()) !== "granted") return readPushState(false);
  const registration = await navigator.serviceWorker.ready;
  const old = await registration.pushManager.getSubscription();
  if (old && isOfOtherKey(old.options.applicationServerKey, publicKey)) await old.unsubscribe();
  const made = await registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: keyBytes(publicKey),
  });
  const { endpoint, keys } = made.toJSON();
  await notifications.addDevice({
    endpoint: endpoint ?? "",
    keys: { p256dh: keys?.p256dh ?? "", auth: keys?.auth ?? "" },
  });
  return "on";
}

/** The server forgets it, and the browser too. */
export async function unsubscribeHere(deviceId: string): Promise<void> {
  await notifications.removeDevice(deviceId);
  await (await subscription())?.unsubscribe();
}
