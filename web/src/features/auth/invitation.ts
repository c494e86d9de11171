/**
 * The token of an invitation. It comes in the fragment, which no server sees; here it leaves the address at once, so
 * that it stays in no history and in no picture of the window. A page that is loaded again finds it in its tab's drawer.
 */
const KEY = "posthouse-invitation";

export function takeToken(): string | null {
  const given = window.location.hash.slice(1);
  if (given) {
    sessionStorage.setItem(KEY, given);
    window.history.replaceState(window.history.state, "", window.location.pathname);
  }
  return sessionStorage.getItem(KEY);
}

export function forgetToken(): void {
  sessionStorage.removeItem(KEY);
}
