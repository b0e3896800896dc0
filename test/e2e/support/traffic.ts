import { type ServerProcess, serverToken } from '../../support/server-process.ts';
import { Model } from './model.ts';
import { ask, numbered, seen } from './nodes.ts';

/** One of several servers on one store. */
export interface Side {
  readonly name: string;
  readonly server: ServerProcess;
}

type Truth = Model<number | null>;

/** Calls of several servers at once, each answer held against what it may be at that time. */
export class Traffic {
  readonly #truths: ReadonlyMap<string, Truth>;
  /** Who is asked from now on. */
  sides: readonly Side[];
  /** Answers by `side kind`. */
  readonly counts: Record<string, number> = {};
  #number = 0;

  constructor(ids: readonly string[], sides: readonly Side[]) {
    this.#truths = new Map(ids.map((id) => [id, new Model<number | null>(null)]));
    this.sides = sides;
    for (const { name } of sides) for (const kind of ['get', ...changes]) this.counts[`${name} ${kind}`] = 0;
  }

  /** Answers what was wrong: values that nobody could read then, and statuses that nobody should see. */
  async run(seconds: number): Promise<readonly unknown[]> {
    const end = performance.now() + seconds * 1000;
    const wrong: unknown[] = [];
    const until = async (step: () => Promise<unknown>) => {
      while (performance.now() < end) {
        const found = await step().catch((cause: unknown) => String(cause));
        if (found !== null) wrong.push(found);
        // Both versions share the machine with this test.
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    const all = [...this.#truths].flatMap(([id, truth]) => [
      until(() => this.#change(id, truth)),
      ...this.sides.map((side) => until(() => this.#read(side, id, truth))),
    ]);
    await Promise.all(all);
    return wrong;
  }

  async #read(side: Side, id: string, truth: Truth) {
    const found = await truth.read(() => seen(side, id));
    this.#count(side, 'get');
    return found === null ? null : { side: side.name, id, ...found };
  }

  async #change(id: string, truth: Truth): Promise<string | null> {
    this.#number += 1;
    const number = this.#number;
    // In turns, so that even a slow machine has each change at each side; what meets what is left to chance.
    const kind = changes[number % changes.length];
    const side = this.sides[Math.floor(number / changes.length) % this.sides.length];
    if (side === undefined || kind === undefined) return 'no side to ask';
    this.#count(side, kind);
    if (kind === 'put') {
      const body = await numbered(number);
      return told(kind, await truth.write(number, () => ask(side, 'PUT', `/originals/${id}`, body)), [200, 201]);
    }
    if (kind === 'delete') {
      return told(kind, await truth.write(null, () => ask(side, 'DELETE', `/originals/${id}`)), [204, 404]);
    }
    if (kind === 'purge') return told(kind, await ask(side, 'POST', '/purge', JSON.stringify({ ids: [id] })), [200]);
    return this.#haveJobDone(side, number);
  }

  /** One server accepts a job, every server sees it complete, and its picture is right on every server. */
  async #haveJobDone(side: Side, number: number): Promise<string | null> {
    const id = `job-${number}`;
    const job = await jobAt(side, id, ['w_4,f_png'], number);
    for (const other of this.sides) {
      const late = performance.now() + 20_000;
      while ((await job.statusAt(other)) !== 'complete') {
        if (performance.now() > late)
          return `${other.name} shows no end of the job of ${id} that ${side.name} accepted`;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const shown = await seen(other, id);
      if (shown !== number) return `${other.name} shows ${shown} for ${id} instead of ${number}`;
    }
    return told('delete', await ask(side, 'DELETE', `/originals/${id}`), [204]);
  }

  #count({ name }: Side, kind: string): void {
    const key = `${name} ${kind}`;
    this.counts[key] = (this.counts[key] ?? 0) + 1;
  }
}

const changes = ['put', 'put', 'purge', 'delete', 'job'] as const;

async function told(kind: string, answer: Response, right: readonly number[]): Promise<string | null> {
  const text = await answer.text();
  return right.includes(answer.status) ? null : `${kind} was answered ${answer.status}: ${text}`;
}

/** Stores an original whose variants are made by a job. */
export async function jobAt({ server }: Side, id: string, variants: readonly string[], number = 7) {
  const answer = await fetch(`${server.url}/originals/${id}?eager=${encodeURIComponent(variants.join(';'))}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${serverToken}`, prefer: 'respond-async' },
    body: await numbered(number),
  });
  const text = await answer.text();
  const path = answer.headers.get('location');
  if (answer.status !== 202 || path === null) throw new Error(`A job was answered ${answer.status}: ${text}`);
  return {
    statusAt: async (side: Side): Promise<unknown> => {
      const job: unknown = await (await ask(side, 'GET', path)).json();
      return typeof job === 'object' && job !== null && 'status' in job ? job.status : job;
    },
  };
}
