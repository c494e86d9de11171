import { t } from "../lib/i18n";
import type { Problem, ProblemItem } from "./types";

/** What the server (or the lack of one) answered. `code` is stable; `message` is for people. */
export class ApiError extends Error {
  readonly status: number;
  /** "offline" when nothing answered. */
  readonly code: string;
  readonly errors: ProblemItem[];
  readonly requestId: string | null;
  readonly retryAfterSeconds: number | null;
  readonly problem: Problem;

  constructor(status: number, problem: Problem, retryAfterSeconds: number | null = null) {
    super(problem.detail || problem.title || "Something went wrong.");
    this.name = "ApiError";
    this.status = status;
    this.problem = problem;
    this.code = problem.code ?? "unknown";
    this.errors = problem.errors ?? [];
    this.requestId = problem.request_id ?? null;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  get isOffline(): boolean {
    return this.code === "offline";
  }
}

export function offlineError(): ApiError {
  return new ApiError(0, { code: "offline", detail: "The server cannot be reached." });
}

/** Reads problem+json, and makes do with whatever else a proxy may answer. */
export async function errorFromResponse(response: Response): Promise<ApiError> {
  const retryAfter = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  const seconds = Number.isFinite(retryAfter) ? retryAfter : null;
  return new ApiError(response.status, problemFromText(await response.text().catch(() => "")), seconds);
}

export function problemFromText(text: string): Problem {
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === "object") return value as Problem;
  } catch {
    // Not JSON: the caller gets the plain sentence.
  }
  return { code: "unknown", detail: "The server gave an unexpected answer." };
}

/** In words for people; of a fault of the server also the number by which its log knows it. */
export function messageOf(error: unknown): string {
  if (error instanceof ApiError && error.code === "internal_error" && error.requestId)
    return t("Something went wrong on the server. Its log knows it as {id}.", { id: error.requestId });
  return error instanceof Error ? error.message : "Something went wrong.";
}
