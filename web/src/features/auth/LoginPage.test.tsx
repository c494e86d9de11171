import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { LoginForm } from "./LoginPage";

type Answer = { status: number; body: unknown };

function show(answers: { [path: string]: Answer }) {
  const asked: { path: string; body: unknown }[] = [];
  vi.stubGlobal("fetch", async (path: string, init?: RequestInit) => {
    asked.push({ path, body: init?.body ? JSON.parse(String(init.body)) : null });
    const { status, body } = answers[path] ?? { status: 404, body: {} };
    return new Response(JSON.stringify(body), { status });
  });
  const onSignedIn = vi.fn();
  render(
    <QueryClientProvider client={new QueryClient()}>
      <LoginForm onSignedIn={onSignedIn} />
    </QueryClientProvider>,
  );
  return { asked, onSignedIn };
}

afterEach(() => vi.unstubAllGlobals());

const SESSION = "/api/v1/auth/session/";
const HEALTH = "/api/v1/health/";
const session = { status: 200, body: { access: "token", user: { id: "1", preferences: {} } } };

it("logs in with what was typed", async () => {
  const { asked, onSignedIn } = show({ [SESSION]: session });
  await userEvent.type(screen.getByLabelText("E-mail address"), " alice@example.org ");
  await userEvent.type(screen.getByLabelText("Password"), "horse{Enter}");
  await waitFor(() => expect(onSignedIn).toHaveBeenCalledOnce());
  expect(asked.find((one) => one.path === SESSION)?.body).toEqual({ email: "alice@example.org", password: "horse" });
});

it("says plainly that the password is wrong, and lets one type it again", async () => {
  const { onSignedIn } = show({ [SESSION]: { status: 401, body: { code: "invalid_credentials", detail: "x" } } });
  await userEvent.type(screen.getByLabelText("E-mail address"), "alice@example.org");
  await userEvent.type(screen.getByLabelText("Password"), "wrong{Enter}");
  expect((await screen.findByRole("alert")).textContent).toMatch(/do not belong together/);
  expect(document.activeElement).toBe(screen.getByLabelText("Password"));
  expect(onSignedIn).not.toHaveBeenCalled();
});

it("asks for the second factor, and goes on with a code", async () => {
  const asked = {
    code: "mfa_required",
    detail: "x",
    challenge: "c1",
    methods: ["totp", "recovery_code"],
    passkey: null,
  };
  const MFA = "/api/v1/auth/session/mfa/";
  const shown = show({ [SESSION]: { status: 401, body: asked }, [MFA]: session });
  await userEvent.type(screen.getByLabelText("E-mail address"), "alice@example.org");
  await userEvent.type(screen.getByLabelText("Password"), "horse{Enter}");
  await userEvent.type(await screen.findByLabelText("Code from your authenticator app"), "123 456");
  await userEvent.click(screen.getByLabelText(/Do not ask again/));
  await userEvent.click(screen.getByRole("button", { name: "Go on" }));
  await waitFor(() => expect(shown.onSignedIn).toHaveBeenCalledOnce());
  const sent = shown.asked.find((one) => one.path === MFA)?.body;
  expect(sent).toEqual({ challenge: "c1", totp: "123 456", trust_browser: true });
});

it("offers the log-in of the organisation once the address says which", async () => {
  const items = [{ id: "1", name: "Example ID" }];
  const { asked } = show({ "/api/v1/auth/external/": { status: 200, body: { items } } });
  await userEvent.click(screen.getByLabelText("E-mail address"));
  await userEvent.paste("alice@example.org");
  expect(await screen.findByRole("button", { name: "Use Example ID" })).toBeDefined();
  expect(asked.find((one) => one.path === "/api/v1/auth/external/")?.body).toEqual({ email: "x@example.org" });
});

it("begins again when the second step took too long", async () => {
  const asked = { code: "mfa_required", detail: "x", challenge: "c1", methods: ["recovery_code"], passkey: null };
  show({
    [SESSION]: { status: 401, body: asked },
    "/api/v1/auth/session/mfa/": { status: 401, body: { code: "invalid_challenge", detail: "x" } },
  });
  await userEvent.type(screen.getByLabelText("E-mail address"), "alice@example.org");
  await userEvent.type(screen.getByLabelText("Password"), "horse{Enter}");
  await userEvent.type(await screen.findByLabelText("Recovery code"), "abcde-fghjk{Enter}");
  expect(await screen.findByLabelText("Password")).toBeDefined();
});

it("asks the server nothing while a field is empty", async () => {
  const { asked } = show({});
  await userEvent.click(screen.getByRole("button", { name: "Log in" }));
  expect((await screen.findByRole("alert")).textContent).toMatch(/Enter your e-mail address/);
  expect(asked.filter((one) => one.path === SESSION)).toEqual([]);
});

it("shows and hides the password", async () => {
  show({});
  const field = screen.getByLabelText("Password");
  expect(field.getAttribute("type")).toBe("password");
  await userEvent.click(screen.getByRole("button", { name: "Show password" }));
  expect(field.getAttribute("type")).toBe("text");
  expect(screen.getByRole("button", { name: "Hide password" })).toBeDefined();
});

it("lets one walk into a demonstration with one click, and hides that on a real server", async () => {
  const demo = { accounts: [{ email: "bob@example.org", password: "demo" }] };
  const { asked, onSignedIn } = show({ [HEALTH]: { status: 200, body: { status: "ok", demo } }, [SESSION]: session });
  await userEvent.click(await screen.findByRole("button", { name: "bob@example.org" }));
  await waitFor(() => expect(onSignedIn).toHaveBeenCalledOnce());
  expect(asked.find((one) => one.path === SESSION)?.body).toEqual({ email: "bob@example.org", password: "demo" });
});
