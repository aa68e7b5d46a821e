// Everything that a reader does on purpose; see ../acts-door.ts.
import type { Acts } from "../acts-door";
import type { Thread } from "../thread";
import { openComposer, prepareComposer, sendComment } from "./composer";
import { openPanel, sendPanel } from "./panel";
import { openForm, withdraw } from "./replies";
import { leaveSearch, search } from "./search";
import { copy, share } from "./sharing";
import { castVote } from "./votes";

declare const COMITY_ACTS_STYLES: string;

export const styles = COMITY_ACTS_STYLES;

type Deed<Subject extends HTMLElement> = (thread: Thread, subject: Subject, submitter: HTMLElement | null) => unknown;

const PRESSES: readonly (readonly [selector: string, deed: Deed<HTMLElement>])[] = [
  ["summary", (thread) => openComposer(thread)],
  ["[data-comity-opens]", (thread, link) => openPanel(thread, link as HTMLAnchorElement)],
  ["[data-comity-leave]", (thread) => leaveSearch(thread)],
  ["[data-acts=copy]", copy],
  ["[data-acts=share]", share],
  ["a", (thread, link) => openForm(thread, link as HTMLAnchorElement)],
];

const SENDS: readonly (readonly [selector: string, deed: Deed<HTMLFormElement>])[] = [
  ["[data-comity-votes]", castVote],
  ["[data-comity-search]", search],
  ["[data-comity-confirm]", withdraw],
  ["[data-comity-form]", sendComment],
  ["form", sendPanel],
];

function perform<Subject extends HTMLElement>(
  deeds: readonly (readonly [string, Deed<Subject>])[],
  thread: Thread,
  subject: Subject,
  submitter: HTMLElement | null,
): void {
  const found = deeds.find(([selector]) => subject.matches(selector));
  void found?.[1](thread, subject, submitter);
}

export function begin(thread: Thread): Acts {
  prepareComposer(thread);
  return {
    press: (element) => perform(PRESSES, thread, element, null),
    send: (form, submitter) => perform(SENDS, thread, form, submitter),
  };
}
