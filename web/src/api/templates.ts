/** Texts to write with: templates, and signatures to close with. */
import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type * as Wire from "./generated/schema";
import { replaceUser } from "./session";
import type { Me } from "./types";

export type Template = Wire.TemplateShape;
export type Signature = Wire.SignatureShape;

export const TEMPLATES_KEY = ["templates"] as const;
export const SIGNATURES_KEY = ["signatures"] as const;

export const templatesQuery = queryOptions({
  queryKey: TEMPLATES_KEY,
  queryFn: ({ signal }) => api.get<Wire.TemplateList>("/templates/", { signal }),
  staleTime: 60_000,
});

export const signaturesQuery = queryOptions({
  queryKey: SIGNATURES_KEY,
  queryFn: ({ signal }) => api.get<Wire.SignatureList>("/signatures/", { signal }),
  staleTime: 60_000,
});

export const templates = {
  add: (body: Wire.NewTemplateRequest) => api.post<Template>("/templates/", body),
  change: (id: string, body: Wire.PatchedTemplateChangeRequest) => api.patch<Template>(`/templates/${id}/`, body),
  remove: (id: string) => api.delete(`/templates/${id}/`),
};

/** What an address begins with stands in one's own identities, which are read anew. */
async function thenMe<T>(act: Promise<T>): Promise<T> {
  const given = await act;
  replaceUser(await api.get<Me>("/me/"));
  return given;
}

export const signatures = {
  add: (body: Wire.NewSignatureRequest) => thenMe(api.post<Signature>("/signatures/", body)),
  change: (id: string, body: Wire.PatchedSignatureChangeRequest) =>
    thenMe(api.patch<Signature>(`/signatures/${id}/`, body)),
  remove: (id: string) => thenMe(api.delete(`/signatures/${id}/`)),
};
