// What a reader does on purpose — writing, voting, searching, reporting, passing on — is a module of its own, which a
// reader who only reads never loads. It is asked for at the first sign of such a deed: a pointer over the button, the
// focus on it. What the reader did meanwhile is done when it is here.
import { draftOf, placeOf } from "./memory";
import { isPlain, type Thread } from "./thread";

/** What the module makes of a thread. */
export interface Acts {
  /** A link or button was pressed. */
  press(element: HTMLElement): void;
  /** A form was sent. */
  send(form: HTMLFormElement, submitter: HTMLElement | null): void;
}

export interface ActsModule {
  /** Its own styles; empty where the page has them. */
  readonly styles: string;
  begin(thread: Thread): Acts;
}

const PRESSED =
  "[data-comity-reply], [data-comity-edit], [data-comity-withdraw], [data-comity-opens], [data-comity-leave], " +
  "[data-acts], [data-comity-composer] > summary";

const elementOf = (event: Event): Element | null => (event.target instanceof Element ? event.target : null);

export function openDoor(thread: Thread): void {
  const { root } = thread;
  let coming: Promise<Acts> | undefined;
  const come = (): Promise<Acts> =>
    (coming ??= thread.setting.loadActs().then(
      (module) => module.begin(thread),
      (error: unknown) => {
        coming = undefined; // the next try asks again
        throw error;
      },
    ));
  const hint = (event: Event): void => {
    if (elementOf(event)?.closest(`${PRESSED}, form`)) come().catch(() => undefined);
  };
  const act = (event: Event, element: HTMLElement, work: (acts: Acts) => void): void => {
    event.preventDefault();
    thread.calm(element);
    come().then(work, () => {
      // The plain page, of the deed itself or of the whole thread, does it without this module.
      const link = thread.setting.plainPage();
      if (element instanceof HTMLAnchorElement) link.href = element.href;
      thread.complain(element).append(" ", link);
    });
  };
  for (const name of ["pointerover", "focusin"]) root.addEventListener(name, hint);
  root.addEventListener("click", (event) => {
    const element = elementOf(event)?.closest<HTMLElement>(PRESSED);
    if (element && isPlain(event)) act(event, element, (acts) => acts.press(element));
  });
  root.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    act(event, form, (acts) => acts.send(form, event.submitter));
  });
  if (draftOf(placeOf(thread, "root"))) come().catch(() => undefined); // the module shows it
}
