import { Failure } from '../../errors.ts';
import type { Readiness } from '../../library/maintenance/readiness.ts';
import type { StatsBoard } from '../../library/maintenance/stats.ts';
import type { Sweep } from '../../library/maintenance/sweep.ts';
import type { WorkingCopies } from '../../library/variants/working-copies.ts';
import { json, queryOf } from '../message/json.ts';
import type { HttpContext, Operation } from '../message/route.ts';
import { jsonOf } from '../message/operation-docs.ts';
import type { Trial } from '../auth/report-only.ts';

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
export function readyz(readiness: Pick<Readiness, 'check'>): Operation {
  return {
    tells: {
      does: 'Says whether requests may be sent here.',
      notes:
        'They may once the server has started, until it drains, and while a rendering process lives. The states of store, Redis, disk and clock are reported; they count only with `strict`. `redis`: `off` where none is configured, `disconnected` while this node does not receive what others publish; then it asks the store each time. `clock`: `skewed` where the clock of this node differs from that of the store by more than 5 minutes; `jumped` where it differs by more than a day from the last sweep plus the uptime since then. While it is not `ok` nothing is deleted by age.',
      query: {
        strict: {
          schema: { enum: ['', 'true', 'false'] },
          means: 'Alone or `true`: 503 as well where store, Redis, disk or clock are not as they should be.',
        },
      },
      answers: {
        200: { means: 'They may.', content: jsonOf('Readiness') },
        503: { means: 'They may not, for these reasons.', fields: ['Retry-After'], content: jsonOf('Readiness') },
      },
      refuses: ['bad-request'],
    },
    handle: async (context) => {
      const report = await readiness.check(flagIn(context, 'strict'));
      return report.status === 'ready' ? json(report) : json(report, 503, { 'Retry-After': '1' });
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
      return json(await sweep.run({ dryRun: flagIn(context, 'dryRun') }));
    },
  };
}

/** The one word that the query may hold, alone or as `true` or `false`. Throws `bad-request`. */
function flagIn(context: HttpContext, name: string): boolean {
  const value = queryOf(context, [name]).get(name) ?? 'false';
  if (value === '' || value === 'true') return true;
  if (value === 'false') return false;
  throw new Failure('bad-request', `Expected ${name} alone, or as true or false`);
}
