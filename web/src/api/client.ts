/** One typed way to the server: bearer token, one silent refresh on 401, problem+json as ApiError. */
import { ApiError, errorFromResponse, offlineError, problemFromText } from "./error";
import { accessToken, needsFactor, refreshSession } from "./session";

const BASE = "/api/v1";

export type Query = { [name: string]: string | number | boolean | null | undefined };

export type RequestOptions = {
  query?: Query;
  body?: unknown;
  headers?: { [name: string]: string };
  signal?: AbortSignal;
};

export function urlOf(path: string, query?: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== null && value !== undefined) search.set(name, String(value));
  }
  const text = search.toString();
  return BASE + path + (text ? `?${text}` : "");
}

const answerListeners = new Set<() => void>();

/** Hears of every answer that came from the server itself, be it a refusal. Gives back what ends it. */
export function onAnswer(listener: () => void): () => void {
  answerListeners.add(listener);
  return () => answerListeners.delete(listener);
}

async function fetchOnce(method: string, path: string, options: RequestOptions): Promise<Response> {
  const headers: { [name: string]: string } = { Accept: "application/json", ...options.headers };
  const token = accessToken();
  if (token) headers.Authorization = `Bearer ${token}`;
  if (options.body !== undefined) headers["Content-Type"] ??= "application/json";
  try {
    const response = await fetch(urlOf(path, options.query), {
      method,
      headers,
      credentials: "same-origin",
      body: options.body === undefined ? null : JSON.stringify(options.body),
      signal: options.signal ?? null,
    });
    if (response.status < 500) for (const listener of answerListeners) listener();
    return response;
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw offlineError();
  }
}

/** The raw answer, already known to be a success. */
export async function requestResponse(method: string, path: string, options: RequestOptions = {}): Promise<Response> {
  if (!accessToken()) await refreshSession();
  let response = await fetchOnce(method, path, options);
  if (response.status === 401) {
    await refreshSession();
    response = await fetchOnce(method, path, options);
  }
  if (!response.ok) throw await refused(response);
  return response;
}

/** A factor that came to be required meanwhile is told by the session's next answer, which brings its page. */
async function refused(response: Response): Promise<ApiError> {
  const error = await errorFromResponse(response);
  if (error.code === "mfa_setup_required" && !needsFactor()) void refreshSession().catch(() => undefined);
  return error;
}

export async function request<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
  const response = await requestResponse(method, path, options);
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

export const api = {
  get: <T>(path: string, options?: RequestOptions) => request<T>("GET", path, options),
  post: <T>(path: string, body?: unknown, options?: RequestOptions) => request<T>("POST", path, { ...options, body }),
  put: <T>(path: string, body?: unknown, options?: RequestOptions) => request<T>("PUT", path, { ...options, body }),
  patch: <T>(path: string, body?: unknown, options?: RequestOptions) => request<T>("PATCH", path, { ...options, body }),
  delete: <T = void>(path: string, options?: RequestOptions) => request<T>("DELETE", path, options),
};

export type UploadOptions = {
  method?: "POST" | "PATCH";
  query?: Query;
  headers?: { [name: string]: string };
  onProgress?: (fraction: number) => void;
  signal?: AbortSignal;
};

/** Sends a file's raw bytes. XMLHttpRequest, because fetch cannot tell how much has left. */
export async function upload<T>(path: string, file: Blob, options: UploadOptions = {}): Promise<T> {
  if (!accessToken()) await refreshSession();
  try {
    return await uploadOnce<T>(path, file, options);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    await refreshSession();
    return uploadOnce<T>(path, file, options);
  }
}

function uploadOnce<T>(path: string, file: Blob, options: UploadOptions): Promise<T> {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    call.open(options.method ?? "POST", urlOf(path, options.query));
    call.setRequestHeader("Authorization", `Bearer ${accessToken()}`);
    call.setRequestHeader("Content-Type", file.type || "application/octet-stream");
    for (const [name, value] of Object.entries(options.headers ?? {})) call.setRequestHeader(name, value);
    call.upload.onprogress = (event) => {
      if (event.lengthComputable) options.onProgress?.(event.loaded / event.total);
    };
    call.onload = () => {
      if (call.status < 300) resolve((call.responseText ? JSON.parse(call.responseText) : undefined) as T);
      else reject(new ApiError(call.status, problemFromText(call.responseText)));
    };
    call.onerror = () => reject(offlineError());
    call.onabort = () => reject(new DOMException("Upload stopped", "AbortError"));
    options.signal?.addEventListener("abort", () => call.abort(), { once: true });
    call.send(file);
  });
}
