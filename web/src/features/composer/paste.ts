/** What comes in by paste and drop: clean text, pictures into the text, files beside it. */

export type DroppedFiles = { images: File[]; others: File[] };

const SHOWABLE = /^image\/(?:png|jpeg|gif|webp|avif)$/;

/**
 * Takes away what would call home or stand out: foreign pictures, styles, classes. The editor's
 * schema drops whatever else it does not know.
 */
export function cleanPastedHtml(html: string): string {
  const body = new DOMParser().parseFromString(html, "text/html").body;
  for (const image of [...body.querySelectorAll("img:not([data-cid])")]) {
    image.replaceWith(image.getAttribute("alt") ?? "");
  }
  for (const element of [...body.querySelectorAll("style,script,meta,link,title")]) element.remove();
  for (const element of body.querySelectorAll("*")) {
    if (element.classList.contains("posthouse-signature")) continue;
    element.removeAttribute("class");
    element.removeAttribute("id");
    keepMeaningOfStyle(element);
  }
  return body.innerHTML;
}

/** Word processors say bold by style, and "not bold" by `<b style="font-weight:normal">`. */
function keepMeaningOfStyle(element: Element): void {
  const style = element.getAttribute("style") ?? "";
  const kept = style.match(/(?:^|;)\s*(?:font-weight|font-style|text-decoration(?:-line)?)\s*:[^;]*/gi);
  if (kept) element.setAttribute("style", kept.join(";").replace(/^;+\s*/, ""));
  else element.removeAttribute("style");
}

/** Office programs put a picture of the text beside the text: then the text is meant. */
export function filesOf(data: DataTransfer | null): DroppedFiles {
  const files = [...(data?.files ?? [])];
  const hasText = (data?.getData("text/html") ?? "").replace(/<img[^>]*>|<[^>]+>|\s/gi, "").length > 0;
  const onlyImages = files.length > 0 && files.every((file) => SHOWABLE.test(file.type));
  if (onlyImages && hasText) return { images: [], others: [] };
  return sorted(files);
}

/** What can stand in the text, and what cannot. */
export function sorted(files: readonly File[]): DroppedFiles {
  return {
    images: files.filter((file) => SHOWABLE.test(file.type)),
    others: files.filter((file) => !SHOWABLE.test(file.type)),
  };
}

export function hasFiles(data: DataTransfer | null): boolean {
  return [...(data?.types ?? [])].includes("Files");
}
