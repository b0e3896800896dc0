/** New metric name → the name of version 0.1, which is also written until version 0.4. */
const oldNames = new Map([
  ['tintype_request_duration_seconds', 'tintype_request_seconds'],
  ['tintype_stage_duration_seconds', 'tintype_stage_seconds'],
  ['tintype_store_duration_seconds', 'tintype_store_seconds'],
  ['tintype_renders_limit', 'tintype_renders_most'],
  ['tintype_renders_waiting_limit', 'tintype_renders_waiting_most'],
  ['tintype_memory_limit_bytes', 'tintype_memory_bytes_most'],
  ['tintype_cluster_disconnected', 'tintype_nodes_apart'],
]);

/** Repeats each renamed metric of Prometheus' text format under its old name. Only a scrape pays for it. */
export function withOldNames(text: string): string {
  const families = text.split(/^(?=# HELP )/m);
  return families.flatMap((family) => [family, ...underOldName(family)]).join('');
}

function underOldName(family: string): readonly string[] {
  const name = /^# HELP (\w+) /.exec(family)?.[1] ?? '';
  const oldName = oldNames.get(name);
  if (oldName === undefined) return [];
  const [, ...rows] = family.trimEnd().split('\n');
  const renamed = rows.map((row) =>
    row.startsWith('#') ? row.replace(name, oldName) : oldName + row.slice(name.length),
  );
  return [`${[`# HELP ${oldName} Deprecated; use ${name}.`, ...renamed].join('\n')}\n`];
}
