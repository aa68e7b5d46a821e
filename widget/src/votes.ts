import { formatNumber } from "./numbers";

export type Choice = 1 | 0 | -1;

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
    shown.textContent = formatNumber(score, language);
  }
}
