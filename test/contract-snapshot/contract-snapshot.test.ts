import { readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { differences } from './differences.ts';
import { playSession, type Session } from './session.ts';
import { committed, fileOf, redisSubject, subjects } from './subjects.ts';

let session: Session;

beforeAll(async () => {
  session = await playSession();
});

describe('What outsiders use is what the committed snapshot says', () => {
  it.each(Object.keys(subjects))('%s', async (name) => {
    const found = differences(name, committed(name), (await subjects[name]?.(session)) ?? '');
    expect(found, 'The contract has changed: run npm run contract, and commit the snapshot with the reason').toEqual(
      [],
    );
  });

  it('has no file that no subject writes', () => {
    expect(readdirSync(fileOf('.')).sort()).toEqual([...Object.keys(subjects), redisSubject].sort());
  });
});

describe('A difference', () => {
  it('shows a renamed metric', () => {
    const before = 'gauge tintype_nodes{} Nodes.\ngauge tintype_copies{} Copies.\n';
    expect(differences('a.txt', before, before.replace('tintype_nodes', 'tintype_servers'))).toEqual([
      '- gauge tintype_nodes{} Nodes.',
      '+ gauge tintype_servers{} Nodes.',
    ]);
  });

  it('shows a changed leaf of a JSON document with its path', () => {
    expect(differences('a.json', '{"a":{"b":[{"name":"x","c":1}]}}', '{"a":{"b":[{"name":"x","c":2}]}}')).toEqual([
      '- .a.b[x].c = 1',
      '+ .a.b[x].c = 2',
    ]);
  });

  it('shows that lines are in another order', () => {
    expect(differences('a.txt', 'a\nb\n', 'b\na\n')).toEqual(['~ the same lines in another order']);
  });
});
