/**
 * The word by which this page's policy knows style elements of our own. The server makes a new one for each page.
 *
 * What locks scrolling behind dialogs looks for it under the global name that bundlers have for it.
 */
const meta = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]');

export const styleNonce: string | undefined = meta?.nonce || undefined;

(globalThis as { __webpack_nonce__?: string }).__webpack_nonce__ = styleNonce;
