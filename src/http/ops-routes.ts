import { Failure } from '../errors.ts';
import type { StatsBoard } from '../library/stats.ts';
import type { Sweep } from '../library/sweep.ts';
import type { WorkingCopies } from '../library/working-copies.ts';
import { json, queryOf } from './json.ts';
import type { Operation } from './route.ts';
import { jsonOf } from './tells.ts';
import type { Trial } from './trial.ts';

export interface Readiness {
  /** A word for each thing that keeps this node from serving; empty = ready. */
  check(): Promise<readonly string[]>;
  /** What this node is to others. */
  readonly standing: string;
  /** `ok`, or why nothing is deleted by age. */
  readonly clock: string;
}

/** `GET /livez`: the process answers. */
export function livez(): Operation {
  return {
    tells: {
      does: 'Says that the process answers.',
      answers: { 200: { means: 'It does.', content: jsonOf('Liveness') } },
      refuses: [],
    },
    handle: () => json({ status: 'ok' }),
  };
}

/** `GET /readyz`: requests may be sent here. */
export function readyz(readiness: Readiness): Operation {
  return {
    tells: {
      does: 'Says whether requests may be sent here.',
      notes:
        '`cluster`: `single` without a Redis; `joined` while this node hears the others; `apart` while it does not: then it asks the store each time, and is ready all the same. `clock`: `ok`; `skewed` where the clock of this node differs from that of the store by more than 5 minutes; `jumped` where it differs by more than a day from the last sweep plus the uptime since then. While it is not `ok` nothing is deleted by age.',
      answers: {
        200: { means: 'They may.', content: jsonOf('Readiness') },
        503: { means: 'They may not, for these reasons.', fields: ['Retry-After'], content: jsonOf('Readiness') },
      },
      refuses: [],
    },
    handle: async () => {
      const reasons = await readiness.check();
      const ready = reasons.length === 0;
      const headers: Readonly<Record<string, string>> = ready ? {} : { 'Retry-After': '1' };
      return json(
        { status: ready ? 'ready' : 'not ready', reasons, cluster: readiness.standing, clock: readiness.clock },
        ready ? 200 : 503,
        headers,
      );
    },
  };
}

export interface Metrics {
  read(): Promise<{ readonly mediaType: string; readonly text: string }>;
}

/** `GET /metrics`: what Prometheus scrapes. */
export function getMetrics(metrics: Metrics): Operation {
  return {
    tells: {
      does: 'What this node has counted and measured since its start, for Prometheus.',
      answers: { 200: { means: 'Prometheus text format.', content: { types: ['text/plain'], schema: null } } },
      refuses: [],
    },
    handle: async () => {
      const { mediaType, text } = await metrics.read();
      const headers = { 'Content-Type': mediaType, 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };
      return new Response(text, { headers });
    },
  };
}

/** `GET /report`: what rules on trial would have refused. */
export function getReport(trial: Trial): Operation {
  return {
    tells: {
      does: 'What the rules of TINTYPE_REPORT_ONLY would have refused, and presets that would cover it.',
      answers: { 200: { means: 'Since the start of this node.', content: jsonOf('Report') } },
      refuses: [],
    },
    handle: () => json(trial.report()),
  };
}

/** `GET /stats`: what the last sweep saw, and which working copies this node has. */
export function getStats(board: StatsBoard, copies: WorkingCopies): Operation {
  return {
    tells: {
      does: 'Says how much there is, as of the last sweep.',
      answers: { 200: { means: 'Counts and bytes.', content: jsonOf('Stats') } },
      refuses: ['store-unreachable'],
    },
    handle: async () => {
      const { count, bytes } = copies.shelves;
      return json({ ...(await board.read()), copies: { count, bytes } });
    },
  };
}

/** `POST /sweep?dryRun`: the receipt of what went, or would go. */
export function postSweep(sweep: Sweep): Operation {
  return {
    tells: {
      does: 'Takes away what nobody can ask for any more, and what is kept longer than is configured.',
      query: { dryRun: { schema: { enum: ['', 'true', 'false'] }, means: 'Alone or `true`: only counts.' } },
      answers: { 200: { means: 'What went, or would go.', content: jsonOf('SweepReceipt') } },
      refuses: ['bad-request', 'store-unreachable'],
    },
    handle: async (context) => {
      const dryRun = queryOf(context, ['dryRun']).get('dryRun');
      if (dryRun !== undefined && dryRun !== '' && dryRun !== 'true' && dryRun !== 'false') {
        throw new Failure('bad-request', 'Expected dryRun alone, or as true or false');
      }
      return json(await sweep.run({ dryRun: dryRun === '' || dryRun === 'true' }));
    },
  };
}
