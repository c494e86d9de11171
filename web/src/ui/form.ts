/** The state of a form: what is typed, what is wrong at which field, and whether it is on its way. */
import { type ChangeEvent, type FormEvent, useState } from "react";
import { flushSync } from "react-dom";
import { NO_PROBLEMS, type Places, problemsOf } from "../api/problems";

type Texts = { [name: string]: unknown };
type Typed = ChangeEvent<HTMLInputElement | HTMLTextAreaElement>;
type Name<Values> = keyof Values & string;

export type Form<Values extends Texts> = {
  values: Values;
  set: (changes: Partial<Values>) => void;
  /** What a text field needs. */
  field: (name: Name<Values>) => { value: string; error: string | undefined; onChange: (event: Typed) => void };
  /** What a list to choose from needs. */
  choice: <Key extends Name<Values>>(name: Key) => Choice<Values[Key]>;
  errorOf: (name: Name<Values>) => string | undefined;
  /** What belongs to no field. */
  problem: string | null;
  isBusy: boolean;
  /** For a form's `onSubmit`. What fails is shown at its field, which gets the focus. */
  submit: (act: (values: Values) => Promise<unknown>) => (event: FormEvent<HTMLFormElement>) => void;
};

type Choice<Value> = { value: Value; error: string | undefined; onChange: (value: Value) => void };

export type FormInit = Omit<Places, "names">;

export function useForm<Values extends Texts>(initial: Values, places: FormInit = {}): Form<Values> {
  const [values, setValues] = useState(initial);
  const [problems, setProblems] = useState(NO_PROBLEMS);
  const [isBusy, setBusy] = useState(false);
  const set = (changes: Partial<Values>) => {
    setValues((before) => ({ ...before, ...changes }));
    setProblems((before) => ({
      general: before.general,
      fields: Object.fromEntries(Object.entries(before.fields).filter(([name]) => !(name in changes))),
    }));
  };
  const run = async (form: HTMLFormElement, act: (values: Values) => Promise<unknown>) => {
    setBusy(true);
    setProblems(NO_PROBLEMS);
    try {
      await act(values);
    } catch (error) {
      // Drawn at once, so that the field that is wrong is there to take the focus.
      flushSync(() => setProblems(problemsOf(error, { ...places, names: Object.keys(values) })));
      form.querySelector<HTMLElement>("[aria-invalid='true']")?.focus();
    }
    setBusy(false);
  };
  return {
    values,
    set,
    errorOf: (name) => problems.fields[name],
    field: (name) => ({
      value: String(values[name] ?? ""),
      error: problems.fields[name],
      onChange: (event) => set({ [name]: event.target.value } as Partial<Values>),
    }),
    choice: (name) => ({
      value: values[name],
      error: problems.fields[name],
      onChange: (value) => set({ [name]: value } as unknown as Partial<Values>),
    }),
    problem: problems.general,
    isBusy,
    submit: (act) => (event) => {
      event.preventDefault();
      if (!isBusy) void run(event.currentTarget, act);
    },
  };
}
