import { CircleAlert } from "lucide-react";
import { Banner } from "./Banner";

/** What is wrong with a form and with none of its fields. */
export function FormProblem({ text }: { text: string | null }) {
  if (!text) return null;
  return (
    <Banner tone="danger" icon={CircleAlert}>
      {text}
    </Banner>
  );
}
