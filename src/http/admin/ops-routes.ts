import { Failure } from '../../errors.ts';
import type { Readiness as ReadinessCheck } from '../../library/maintenance/readiness.ts';
import type { StatsStore } from '../../library/maintenance/stats.ts';
import type { Sweep } from '../../library/maintenance/sweep.ts';
import type { WorkingCopies } from '../../library/variants/working-copies.ts';
import type { ReportOnly } from '../auth/report-only.ts';
import { json, readQuery } from '../message/json.ts';
import { jsonContent } from '../message/operation-docs.ts';
import type { HttpContext, Operation } from '../message/route.ts';

/** `GET /livez`: the process answers. */
export function livez(): Operation {
  return {
    doc: {
      summary: 'Says that the process answers.',
      responses: { 200: { description: 'It does.', content: jsonContent('Liveness') } },
      errors: [],
    },
    handle: () => json({ status: 'ok' }),
  };
}

/** `GET /readyz`: requests may be sent here. */
export function readyz(readiness: Pick<ReadinessCheck, 'check'>): Operation {
  return {
    doc: {
      summary: 'Says whether requests may be sent here.',
      description:
        'They may once the server has started, until it drains, and while a rendering process lives. The states of store, Redis, disk and clock are reported; they count only with `strict`. `redis`: `off` where none is configured, `disconnected` while this node does not receive what others publish; then it asks the store each time. `clock`: `skewed` where the clock of this node differs from that of the store by more than 5 minutes; `jumped` where it differs by more than a day from the last sweep plus the uptime since then. While it is not `ok` nothing is deleted by age.',
      query: {
        strict: {
          schema: { enum: ['', 'true', 'false'] },
          description: 'Alone or `true`: 503 as well where store, Redis, disk or clock are not as they should be.',
        },
      },
      responses: {
        200: { description: 'They may.', content: jsonContent('Readiness') },
        503: {
          description: 'They may not, for these reasons.',
          headers: ['Retry-After'],
          content: jsonContent('Readiness'),
        },
      },
      errors: ['bad-request'],
    },
    handle: async (context) => {
      const report = await readiness.check(flagIn(context, 'strict'));
      return report.status === 'ready' ? json(report) : json(report, 503, { 'Retry-After': '1' });
    },
  };
}

export interface MetricsSource {
  read(): Promise<{ readonly mediaType: string; readonly text: string }>;
}

/** `GET /metrics`: what Prometheus scrapes. */
export function getMetrics(metrics: MetricsSource): Operation {
  return {
    doc: {
      summary: 'What this node has counted and measured since its start, for Prometheus.',
      responses: { 200: { description: 'Prometheus text format.', content: { types: ['text/plain'], schema: null } } },
      errors: [],
    },
    handle: async () => {
      const { mediaType, text } = await metrics.read();
      const headers = { 'Content-Type': mediaType, 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };
      return new Response(text, { headers });
    },
  };
}

/** `GET /report`: what rules on trial would have refused. */
export function getReport(reportOnly: ReportOnly): Operation {
  return {
    doc: {
      summary: 'What the rules of TINTYPE_REPORT_ONLY would have refused, and presets that would cover it.',
      responses: { 200: { description: 'Since the start of this node.', content: jsonContent('Report') } },
      errors: [],
    },
    handle: () => json(reportOnly.report()),
  };
}

/** `GET /stats`: what the last sweep saw, and which working copies this node has. */
export function getStats(board: StatsStore, copies: WorkingCopies): Operation {
  return {
    doc: {
      summary: 'Says how much there is, as of the last sweep.',
      responses: { 200: { description: 'Counts and bytes.', content: jsonContent('Stats') } },
      errors: ['store-unreachable'],
    },
    handle: async () => {
      const { count, bytes } = copies.stored;
      return json({ ...(await board.read()), copies: { count, bytes } });
    },
  };
}

/** `POST /sweep?dryRun`: the receipt of what went, or would go. */
export function postSweep(sweep: Sweep): Operation {
  return {
    doc: {
      summary: 'Takes away what nobody can ask for any more, and what is kept longer than is configured.',
      query: { dryRun: { schema: { enum: ['', 'true', 'false'] }, description: 'Alone or `true`: only counts.' } },
      responses: { 200: { description: 'What went, or would go.', content: jsonContent('SweepReceipt') } },
      errors: ['bad-request', 'store-unreachable'],
    },
    handle: async (context) => {
      return json(await sweep.run({ dryRun: flagIn(context, 'dryRun') }));
    },
  };
}

/** The one word that the query may hold, alone or as `true` or `false`. Throws `bad-request`. */
function flagIn(context: HttpContext, name: string): boolean {
  const value = readQuery(context, [name]).get(name) ?? 'false';
  if (value === '' || value === 'true') return true;
  if (value === 'false') return false;
  throw new Failure('bad-request', `Expected ${name} alone, or as true or false`);
}
