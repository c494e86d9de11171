import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { render, screen, waitFor } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { OtherWaysIn } from "./OtherWaysIn";
import { SignUpPage } from "./SignUpPage";

type Answers = { [path: string]: { status: number; body: unknown } };
const OFFERS = "/api/v1/auth/signup/";

function show(Page: () => React.ReactNode, answers: Answers) {
  const sent: unknown[] = [];
  vi.stubGlobal("fetch", async (path: string, init?: RequestInit) => {
    const key = `${init?.method} ${path}`;
    if (init?.body) sent.push(JSON.parse(String(init.body)));
    const { status, body } = answers[key] ?? { status: 404, body: {} };
    return new Response(JSON.stringify(body), { status });
  });
  const root = createRootRoute();
  const index = createRoute({ getParentRoute: () => root, path: "/", component: Page });
  const router = createRouter({
    routeTree: root.addChildren([index]),
    history: createMemoryHistory({ initialEntries: ["/"] }),
  });
  render(
    <QueryClientProvider client={new QueryClient()}>
      {/* biome-ignore lint/suspicious/noExplicitAny: another router than that of the client */}
      <RouterProvider router={router as any} />
    </QueryClientProvider>,
  );
  return sent;
}

async function fill(label: string, text: string) {
  await userEvent.click(await screen.findByLabelText(label));
  await userEvent.paste(text);
}

afterEach(() => vi.unstubAllGlobals());

it("says honestly where one cannot make an account, and offers it nowhere", async () => {
  const closed = { [`GET ${OFFERS}`]: { status: 200, body: { items: [] } } };
  show(SignUpPage, closed);
  expect(await screen.findByText("One cannot make an account here")).toBeDefined();
  expect(screen.queryByRole("form")).toBeNull();
});

it("offers an account at the log-in only where there is one to be had", async () => {
  show(OtherWaysIn, { [`GET ${OFFERS}`]: { status: 200, body: { items: [] } } });
  expect(await screen.findByRole("link", { name: "I forgot my password" })).toBeDefined();
  expect(screen.queryByRole("link", { name: "Make an account" })).toBeNull();
});

it("asks for the code with the address as it is put together, in the domain that was chosen", async () => {
  const items = [
    { domain: "one.test", by: "anybody" },
    { domain: "two.test", by: "domain" },
  ];
  const sent = show(SignUpPage, {
    [`GET ${OFFERS}`]: { status: 200, body: { items } },
    [`POST ${OFFERS}`]: { status: 202, body: { flow: "f", expires_in_seconds: 600 } },
  });
  await fill("Your name", " Carol ");
  await fill("The address you would like", "carol");
  await userEvent.selectOptions(screen.getByLabelText("Domain"), "two.test");
  expect(screen.getByText(/One of your organisation’s/)).toBeDefined();
  await fill("Password", "correct horse");
  await fill("An address you have elsewhere", "carol@outside.test");
  await userEvent.click(screen.getByRole("button", { name: "Send me the code" }));
  await waitFor(() => expect(screen.getByLabelText("Code from the letter")).toBeDefined());
  expect(sent).toEqual([
    { email: "carol@two.test", name: "Carol", password: "correct horse", recovery_address: "carol@outside.test" },
  ]);
});
