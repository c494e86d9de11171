/** Where one wanted to be before the log-in page came between. */

const PARAM = "next";
const HOME = "/";

/** The log-in page's address, which remembers `path`. */
export function loginHref(path: string): string {
  return path === HOME || path.startsWith("/login") ? "/login" : `/login?${new URLSearchParams({ [PARAM]: path })}`;
}

/** The page that sets up a second factor before anything else. */
export function factorHref(path: string): string {
  return loginHref(path).replace("/login", "/login/factor");
}

/** Only a path of this site: a link that logs people in and sends them elsewhere would be a gift to phishers. */
export function wantedPath(search: string): string {
  const wanted = new URLSearchParams(search).get(PARAM) ?? HOME;
  try {
    const url = new URL(wanted, window.location.origin);
    const isHere = /^\/(?![/\\])/.test(wanted) && url.origin === window.location.origin;
    return isHere && !url.pathname.startsWith("/login") ? url.pathname + url.search + url.hash : HOME;
  } catch {
    return HOME;
  }
}
