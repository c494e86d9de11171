declare module "@alpinejs/csp" {
  import type { Alpine } from "alpinejs";

  const alpine: Alpine;
  export default alpine;
}
declare module "@alpinejs/anchor" {
  import type { PluginCallback } from "alpinejs";

  const plugin: PluginCallback;
  export default plugin;
}
declare module "@alpinejs/persist" {
  import type { PluginCallback } from "alpinejs";

  const plugin: PluginCallback;
  export default plugin;
}
declare module "@alpinejs/resize" {
  import type { PluginCallback } from "alpinejs";

  const plugin: PluginCallback;
  export default plugin;
}
