/**
 * Lets the client start without a network, and keeps the pages of mail that were read.
 *
 * The shell (one HTML page and files whose names carry a hash) comes from the cache; everything
 * else goes to the server. A mail's page is asked for first and taken from the cache only when the
 * server is silent; its address is signed anew each time, so it is kept without the signature.
 */
const SHELL = "posthouse-shell-1";
const MAIL = "posthouse-mail-1";
/** Pages that the server makes itself, and what they need: none of the client's. */
const SERVERS_OWN = ["/api/", "/admin/", "/static/", "/__docs__/", "/operator."];
const MOST_ASSETS = 120;
const MOST_MAILS = 150;
const MAIL_PAGE = /^\/api\/v1\/emails\/\d+\/html\/$/;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(SHELL)
      .then((cache) => cache.add("/"))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => names.filter((name) => name.startsWith("posthouse-") && name !== SHELL && name !== MAIL))
      .then((old) => Promise.all(old.map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (MAIL_PAGE.test(url.pathname)) event.respondWith(mailPage(event.request, url));
  else if (SERVERS_OWN.some((path) => url.pathname.startsWith(path))) return;
  else if (event.request.mode === "navigate") event.respondWith(page(event.request));
  else event.respondWith(asset(event.request, url));
});

/** Every path of the client is the same page. */
async function page(request) {
  try {
    const response = await fetch(request);
    if (response.ok) await put(SHELL, "/", response.clone(), MOST_ASSETS);
    return response;
  } catch (error) {
    return (await caches.match("/", { cacheName: SHELL })) ?? Promise.reject(error);
  }
}

async function asset(request, url) {
  const isHashed = url.pathname.startsWith("/assets/");
  const kept = isHashed ? await caches.match(request, { cacheName: SHELL }) : undefined;
  if (kept) return kept;
  try {
    const response = await fetch(request);
    if (response.ok) await put(SHELL, request, response.clone(), MOST_ASSETS);
    return response;
  } catch (error) {
    return (await caches.match(request, { cacheName: SHELL })) ?? Promise.reject(error);
  }
}

async function mailPage(request, url) {
  const key = url.pathname + (url.searchParams.has("images") ? "?images=1" : "");
  try {
    const response = await fetch(request);
    if (response.ok) await put(MAIL, key, response.clone(), MOST_MAILS);
    return response;
  } catch (error) {
    const kept = (await caches.match(key, { cacheName: MAIL })) ?? (await caches.match(url.pathname, { cacheName: MAIL }));
    return kept ?? Promise.reject(error);
  }
}

/**
 * What the server pushes: something new, or that something was read elsewhere. Its texts are shown as texts, and it leads
 * only to pages of this client; whatever else it says is let go.
 */
self.addEventListener("push", (event) => event.waitUntil(pushed(saidBy(event.data))));

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(pathOf(event.notification.data?.path)));
});

function saidBy(data) {
  try {
    const said = data?.json();
    return typeof said === "object" && said !== null ? said : {};
  } catch {
    return {};
  }
}

function pushed(said) {
  if (said.type === "read") return takeBack(Array.isArray(said.tags) ? said.tags : []);
  const title = textOf(said.title);
  return Promise.all([
    self.registration.showNotification(title || "Posthouse", {
      body: title ? textOf(said.body) : "There is something new.",
      tag: textOf(said.tag) || "posthouse",
      icon: "/icon.svg",
      data: { path: pathOf(said.path) },
      silent: said.is_silent === true,
      requireInteraction: said.is_urgent === true,
      renotify: said.is_silent !== true,
    }),
    showCount(said.unread),
  ]);
}

async function takeBack(tags) {
  for (const shown of await self.registration.getNotifications()) if (tags.includes(shown.tag)) shown.close();
}

/** On the icon of the installed client, where there is one. */
async function showCount(unread) {
  if (Number.isInteger(unread)) await self.navigator.setAppBadge?.(unread)?.catch(() => undefined);
}

function textOf(value) {
  return typeof value === "string" ? value.slice(0, 2000) : "";
}

/** A path of ours; anything that could lead elsewhere is the start. */
function pathOf(value) {
  return typeof value === "string" && /^\/(?![/\\])/.test(value) ? value : "/";
}

async function open(path) {
  const [tab] = await self.clients.matchAll({ type: "window" });
  if (!tab) return self.clients.openWindow(path);
  tab.postMessage({ type: "open", path });
  return tab.focus();
}

/** Adds, and drops the oldest when there are too many. A full disk must not cost the answer. */
async function put(name, key, response, most) {
  try {
    const cache = await caches.open(name);
    await cache.put(key, response);
    const keys = await cache.keys();
    await Promise.all(keys.slice(0, Math.max(0, keys.length - most)).map((old) => cache.delete(old)));
  } catch {
    // Not kept: it will be asked for again.
  }
}
