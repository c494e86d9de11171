/** Build, development server (API calls go to a local posthouse) and unit tests. */
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const SERVER = "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react(), tailwindcss()],
  server: {
    host: "127.0.0.1",
    port: 5173,
    proxy: { "/api": { target: SERVER, ws: true }, "/admin/": SERVER, "/static": SERVER },
  },
  build: {
    target: "es2022",
    chunkSizeWarningLimit: 600,
    rollupOptions: {
      input: { index: "index.html", operator: "src/operator/main.ts" },
      // The operator's pages are the server's own, and know their script by its name.
      output: {
        entryFileNames: (chunk) => (chunk.name === "operator" ? "operator.js" : "assets/[name]-[hash].js"),
      },
    },
  },
  test: { environment: "happy-dom", include: ["src/**/*.test.{ts,tsx}"], setupFiles: ["src/testing/setup.ts"] },
});
