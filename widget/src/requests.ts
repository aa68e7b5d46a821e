// The server answers every request with a page; the script takes from it what belongs in this one.
import { becomeKnown, isKnown } from "./memory";

const PATIENCE = 20_000;

/** The server cannot be reached, or answered nothing that can be used. */
export class Away extends Error {
  override readonly name = "Away";
}

/** Whether that is what went wrong. By its name, since each of the browser's files has this class for itself. */
export const isAway = (error: unknown): boolean => error instanceof Error && error.name === "Away";

/** A page, the status it came with, and the address where it ended. */
export interface Answer {
  readonly page: Document;
  readonly status: number;
  readonly address: string;
}

/** How one site's thread speaks with the server, and how the server knows its reader again. */
export abstract class Connection {
  /** Whether this reader has written or voted here: only then is there anything of one's own to ask for. */
  abstract readonly isKnown: boolean;
  protected abstract readonly credentials: RequestCredentials;

  /** Called when the reader wants to change something: from then on this browser may keep who it is. */
  abstract becomeKnown(): void;

  protected abstract identity(): Record<string, string>;

  protected parse(text: string): Document {
    return new DOMParser().parseFromString(text, "text/html");
  }

  /** A page that is the same for everybody. */
  get(address: string, signal?: AbortSignal): Promise<Answer> {
    return this.ask(address, {}, signal);
  }

  /** A page that only this reader gets. */
  getOwn(address: string): Promise<Answer> {
    return this.ask(address, { headers: this.identity() });
  }

  /** Send a form's fields. The answer is the page that follows, or the page of the refusal. */
  post(address: string, fields: FormData, key?: string): Promise<Answer> {
    const body = new URLSearchParams();
    fields.forEach((value, name) => {
      if (typeof value === "string") body.append(name, value);
    });
    const headers = this.identity();
    if (key !== undefined) headers["Idempotency-Key"] = key;
    return this.ask(address, { method: "POST", headers, body });
  }

  private async ask(address: string, init: RequestInit, signal?: AbortSignal): Promise<Answer> {
    // AbortSignal.any() is younger than the browsers that are meant to run this.
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE);
    const stop = (): void => patience.abort();
    signal?.addEventListener("abort", stop);
    let response: Response;
    let text: string;
    try {
      response = await fetch(address, {
        credentials: this.credentials,
        ...init,
        headers: { Accept: "text/html", ...(init.headers as Record<string, string> | undefined) },
        signal: patience.signal,
      });
      text = await response.text();
    } catch {
      throw new Away();
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
    }
    return { page: this.parse(text), status: response.status, address: response.url };
  }
}

/** On Comity's own pages a cookie that no script can read says who asks. */
export class PageConnection extends Connection {
  protected readonly credentials = "same-origin";

  constructor(private readonly site: string) {
    super();
  }

  get isKnown(): boolean {
    return isKnown(this.site);
  }

  becomeKnown(): void {
    becomeKnown(this.site);
  }

  protected identity(): Record<string, string> {
    return {};
  }
}
