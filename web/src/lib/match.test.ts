import { expect, it } from "vitest";
import { bestMatches } from "./match";

const titles = ["Move to trash", "Archive", "Go to Archive", "Réponse"];
const best = (typed: string) => bestMatches(titles, typed, (title) => title);

it("keeps the order when nothing is typed", () => expect(best("")).toEqual(titles));
it("puts the match at the start first", () => expect(best("arch")).toEqual(["Archive", "Go to Archive"]));
it("wants every word, in any order", () => expect(best("tr mo")).toEqual(["Move to trash"]));
it("does not mind accents", () => expect(best("repo")).toEqual(["Réponse"]));
it("finds nothing inside words", () => expect(best("rchive")).toEqual([]));
