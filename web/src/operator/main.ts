/**
 * The operator's pages (/admin/), which the server makes with unfold: its expressions run on the build of Alpine that
 * needs no `eval`, so that the pages' policy allows none. No page of the client loads this.
 *
 * That build knows no names of the window; what unfold's pages ask for by name is given here, and nothing else is.
 */
import anchor from "@alpinejs/anchor";
import Alpine from "@alpinejs/csp";
import persist from "@alpinejs/persist";
import resize from "@alpinejs/resize";

type Maker = (...given: unknown[]) => Record<string, unknown>;

const FOLDED = "sidebarDesktopOpen";
/** Functions of unfold's own script. */
const MAKERS = ["theme", "searchForm"];

Alpine.plugin([anchor, persist, resize]);
for (const name of MAKERS) {
  const maker = (window as unknown as Record<string, Maker | undefined>)[name];
  if (maker) Alpine.data(name, maker);
}
Alpine.data("desk", (tab: unknown) => ({
  activeTab: tab,
  sidebarMobileOpen: false,
  sidebarDesktopOpen: localStorage.getItem(FOLDED) !== "0",
  window: { location: { pathname: window.location.pathname, search: window.location.search } },
  fold() {
    this.sidebarDesktopOpen = !this.sidebarDesktopOpen;
    localStorage.setItem(FOLDED, this.sidebarDesktopOpen ? "1" : "0");
  },
}));
// Both of what scrolls would have the same name.
document.getElementById("nav-sidebar-apps")?.setAttribute("data-simplebar-aria-label", "Pages");
Object.assign(window, { Alpine });
Alpine.start();
