// Push on this device: it is switched on by a tap, told to the server at every start, and a bonus beside e-mail.

import { Problem, Unreachable, call } from "../core/api.js";
import { isInstalled, system } from "../core/device.js";
import * as account from "../store/account.js";

/** How push stands here: unsupported | install | denied | off | on | lost. */
export async function pushState() {
  const place = await registration();
  if (!place) return system() === "ios" && !isInstalled() ? "install" : "unsupported";
  if (Notification.permission === "denied") return "denied";
  const { push } = await account.read();
  const is = Notification.permission === "granted" && (await place.pushManager.getSubscription());
  if (push) return is ? "on" : "lost";
  return "off";
}

/** The tap: ask for leave, subscribe with the service's key, and tell the server. Throws what `call` throws. */
export async function switchOn(key) {
  if ((await Notification.requestPermission()) !== "granted") return pushState();
  const subscription = await subscribed(await registration(), key);
  await tell(subscription);
  await account.save({ push: { key } });
  return pushState();
}

/** The leader wants none here any more. */
export async function switchOff() {
  await unsubscribe();
  await account.save({ push: null });
  await call("DELETE", "/v1/me/push");
}

/** End the subscription of this browser: whoever uses it next gets nothing of this leader's. */
export async function unsubscribe() {
  const subscription = await (await registration())?.pushManager.getSubscription().catch(() => null);
  await subscription?.unsubscribe().catch(() => false);
}

/** At every start: browsers lose subscriptions and renew them, and only the page can tell the server. */
export async function resend() {
  const { push } = await account.read();
  if (!push || (await pushState()) === "denied") return;
  const place = await registration();
  if (!place || Notification.permission !== "granted") return;
  try {
    await tell((await place.pushManager.getSubscription()) ?? (await subscribed(place, push.key)));
  } catch (error) {
    // Without a network the next start tells it; a browser that refuses shows as "lost".
    if (!(error instanceof Problem || error instanceof Unreachable || error instanceof DOMException)) throw error;
  }
}

async function registration() {
  if (!globalThis.PushManager || !globalThis.Notification || !navigator.serviceWorker) return null;
  return (await navigator.serviceWorker.getRegistration("/")) ?? null;
}

/** A subscription that was made for another key of the service is of no use. */
async function subscribed(place, key) {
  const wanted = { userVisibleOnly: true, applicationServerKey: bytes(key) };
  try {
    return await place.pushManager.subscribe(wanted);
  } catch (error) {
    if (error.name !== "InvalidStateError") throw error;
    await (await place.pushManager.getSubscription())?.unsubscribe();
    return place.pushManager.subscribe(wanted);
  }
}

async function tell(subscription) {
  const { endpoint, keys } = subscription.toJSON();
  await call("PUT", "/v1/me/push", { endpoint, p256dh: keys.p256dh, auth: keys.auth });
}

function bytes(key) {
  const plain = atob(key.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (one) => one.charCodeAt(0));
}
