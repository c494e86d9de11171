/** Where the entrance to the server's own pages leads, and whether it asks who is there. */

const HOME = "/admin/";

/** Only the server's own pages: everything else of this site has links of its own. */
export function operatorPath(search: string): string {
  const wanted = new URLSearchParams(search).get("next") ?? HOME;
  try {
    const url = new URL(wanted, window.location.origin);
    const isThere = wanted.startsWith(HOME) && url.origin === window.location.origin && url.pathname.startsWith(HOME);
    return isThere ? url.pathname + url.search : HOME;
  } catch {
    return HOME;
  }
}

export function asksForProof(search: string): boolean {
  return new URLSearchParams(search).has("prove");
}
