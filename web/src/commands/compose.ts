/** The composer is large and loads when it is first wanted. */
import type { ComposerInit } from "../features/composer/store";
import { t } from "../lib/i18n";
import { showToast } from "../ui/toasts";

export function compose(init: ComposerInit): void {
  import("../features/composer/store").then(
    (composer) => composer.openComposer(init),
    () => showToast({ kind: "problem", message: t("The composer could not be loaded. Try again.") }),
  );
}
