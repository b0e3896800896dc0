import { describe, expect, it } from 'vitest';
import { Deprecations } from '../../../src/observability/deprecations.ts';
import { Metrics } from '../../../src/observability/metrics.ts';

describe('A deprecated name', () => {
  it('is counted at each use, and logged with its replacement at the first', async () => {
    const metrics = new Metrics();
    const logged: string[] = [];
    const deprecations = new Deprecations({
      count: (name) => metrics.deprecatedNameUsed(name),
      report: (sentence) => logged.push(sentence),
    });
    for (let use = 0; use < 3; use++) deprecations.used('?old', '?new');
    deprecations.used('TINTYPE_OLD', 'TINTYPE_NEW');
    expect(logged).toEqual([
      '?old is deprecated and stops working after two minor versions; use ?new',
      'TINTYPE_OLD is deprecated and stops working after two minor versions; use TINTYPE_NEW',
    ]);
    const { text } = await metrics.read();
    expect(text).toContain('tintype_deprecated_total{name="?old"} 3\n');
    expect(text).toContain('tintype_deprecated_total{name="TINTYPE_OLD"} 1\n');
  });
});
