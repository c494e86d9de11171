/** Prints one e-mail: the others are marked, and the print style leaves them out. */
export function printEmail(id: string): void {
  const root = document.documentElement;
  for (const card of document.querySelectorAll<HTMLElement>("[data-email]")) {
    card.toggleAttribute("data-not-printed", card.dataset.email !== id);
  }
  root.toggleAttribute("data-printing", true);
  // The menu that asked for this is still closing.
  setTimeout(() => {
    window.print();
    root.toggleAttribute("data-printing", false);
    for (const card of document.querySelectorAll("[data-not-printed]")) card.removeAttribute("data-not-printed");
  }, 150);
}
