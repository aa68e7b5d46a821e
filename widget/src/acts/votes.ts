import { isAway } from "../requests";
import type { Thread } from "../thread";
import { showVote, type Choice } from "../votes";

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
    if (!isAway(error)) throw error;
    showVote(form, before, thread.language, score);
    thread.complain(form);
  }
}

const waiting = new WeakMap<HTMLFormElement, Promise<void>>();

/** One after the other, so that the last click is the vote that stays. */
export function castVote(thread: Thread, form: HTMLFormElement, submitter: HTMLElement | null): void {
  if (!(submitter instanceof HTMLButtonElement)) return;
  const before = waiting.get(form) ?? Promise.resolve();
  waiting.set(form, before.then(() => vote(thread, form, Number(submitter.value) as Choice)));
}
