import { Away } from "./requests";
import type { Thread } from "./thread";

type Choice = 1 | 0 | -1;

/** Show a vote in its form: the buttons' state, what each would do next, and the score. */
export function showVote(form: HTMLElement, own: Choice, language: string, score?: number): void {
  for (const button of form.querySelectorAll<HTMLButtonElement>("button[name=value]")) {
    const way = (button.dataset["way"] ??= button.value);
    button.setAttribute("aria-pressed", String(Number(way) === own));
    button.value = Number(way) === own ? "0" : way;
  }
  const shown = form.querySelector<HTMLElement>("[data-comity-score]");
  if (shown && score !== undefined) {
    shown.dataset["value"] = String(score);
    shown.textContent = new Intl.NumberFormat(language).format(score).replace("-", "\u2212");
  }
}

function ownOf(form: HTMLElement): Choice {
  const pressed = form.querySelector<HTMLButtonElement>("button[aria-pressed=true]");
  return pressed ? (Number(pressed.dataset["way"]) as Choice) : 0;
}

const scoreOf = (form: HTMLElement): number =>
  Number(form.querySelector<HTMLElement>("[data-comity-score]")?.dataset["value"] ?? 0);

async function vote(thread: Thread, form: HTMLFormElement, value: Choice): Promise<void> {
  const before = ownOf(form);
  const score = scoreOf(form);
  thread.calm(form);
  showVote(form, value, thread.language, score + value - before);
  const fields = new FormData();
  fields.set("value", String(value));
  try {
    thread.connection.becomeKnown();
    const { page } = await thread.connection.post(form.action, fields);
    const cast = page.querySelector<HTMLElement>("[data-comity-votes]");
    if (cast) {
      const own = cast.querySelector("button[aria-pressed=true]") ? value : 0;
      showVote(form, own, thread.language, scoreOf(cast));
      thread.say(page.querySelector("[data-comity-notice]")?.textContent ?? "");
      const id = form.closest<HTMLElement>("[data-comment]")?.dataset["comment"];
      thread.emit("comity-voted", { id: Number(id), value: own, score: scoreOf(cast) });
      return;
    }
    showVote(form, before, thread.language, score);
    thread.complain(form, page.querySelector("[data-comity-refused]")?.textContent);
  } catch (error) {
    if (!(error instanceof Away)) throw error;
    showVote(form, before, thread.language, score);
    thread.complain(form);
  }
}

export function enhanceVotes(thread: Thread): void {
  const waiting = new WeakMap<HTMLFormElement, Promise<void>>();
  thread.root.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.matches("[data-comity-votes]")) return;
    event.preventDefault();
    const button = event.submitter;
    if (!(button instanceof HTMLButtonElement)) return;
    // One after the other, so that the last click is the vote that stays.
    const before = waiting.get(form) ?? Promise.resolve();
    waiting.set(form, before.then(() => vote(thread, form, Number(button.value) as Choice)));
  });
}
