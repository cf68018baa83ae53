import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { digestOf } from '../../src/apply/plan-seal.ts'
import { createLocal } from '../sync/local.ts'
import { assertRefused, type Fault, makePlan, NEW_KEY, SECRET } from './refused.ts'
import { type SyncPair, syncPair } from './sync-pair.ts'

const USAGE: readonly Fault[] = [
  {
    name: 'a snapshot as --to',
    line: 'push --to ./text.jsonl --yes',
    says: /--to must be an environment, and another one than --from/,
    next: /such as production/,
  },
  {
    name: 'seeds as --to',
    line: 'pull --to seeds',
    says: /--to must be an environment/,
    next: /write --to/,
  },
  {
    name: 'one side twice',
    line: 'push --from production --yes',
    says: /and another one than --from/,
    next: /write --to/,
  },
  {
    name: 'one side twice, pulled',
    line: 'pull --from local',
    says: /and another one than --from/,
    next: /write --to/,
  },
  {
    name: 'a selector that matches nothing',
    line: `push --select channels/${SECRET} --yes`,
    says: /--select "\(number 1\)" matches nothing that differs/,
    next: /ids and names of `tidegate drift`/,
  },
  {
    name: 'an unknown table',
    line: 'push --tables channels,chanels --yes',
    says: /chanels cannot be compared: neither side/,
    next: /channels.*options.*tokens/,
  },
  {
    name: 'a table of a running gateway',
    line: 'pull --tables logs',
    says: /logs cannot be compared: a running gateway writes it/,
    next: /--tables takes names of these, with commas between them: (?!.*\blogs\b).*channels/,
  },
  {
    name: 'a secret as a table',
    line: `push --tables ${SECRET} --yes`,
    says: /number 1 of --tables cannot be compared/,
    next: /channels/,
  },
  {
    name: 'fewer deletes than none',
    line: 'push --delete --max-deletes -1 --yes',
    says: /--max-deletes must be a whole number/,
    next: /--max-deletes 5/,
  },
  {
    name: 'no number of deletes',
    line: 'push --max-deletes many --yes',
    says: /--max-deletes must be a whole number/,
    next: /--max-deletes 5/,
  },
  ...[
    `channels/new=${SECRET}`,
    SECRET,
    `channels/new=env:${SECRET}`,
    `channels/new=file:${SECRET}`,
    'channels/new=env:',
  ].map((text, index) => ({
    name: `a --secret that is no reference (${index})`,
    line: `push --yes --secret ${text}`,
    says: /--secret, number 1: does not say where the secret of a row comes from/,
    next: /TABLE\/NAME=env:VARIABLE or TABLE\/NAME=file:PATH/,
  })),
  {
    name: 'a base that is no snapshot',
    line: 'push --base production --yes',
    says: /--base takes a snapshot file or none/,
    next: /--base snapshots/,
  },
  {
    name: 'a snapshot that is not there',
    line: 'pull --from ./none.jsonl',
    says: /there is no such snapshot file/,
    next: /snapshot save/,
  },
  {
    name: 'a snapshot that is none',
    line: 'pull --from ./text.jsonl',
    says: /text\.jsonl/,
    next: /./,
  },
  {
    name: 'an environment of which nothing is known',
    line: 'push --to staging --yes',
    says: /STAGING_/,
    next: /./,
  },
  {
    name: 'no such plan',
    line: 'apply none.json',
    says: /it cannot be read/,
    next: /tidegate plan/,
  },
  {
    name: 'a plan that is none',
    line: 'apply text.jsonl',
    says: /it is no plan/,
    next: /tidegate plan/,
  },
  {
    name: 'a plan from a newer version',
    line: 'apply newer.json',
    env: NEW_KEY,
    says: /another version of tidegate made it/,
    next: /use the version of tidegate that made it/,
  },
  {
    name: 'a plan that was altered',
    line: 'apply altered.json',
    env: NEW_KEY,
    says: /it was altered/,
    next: /make it anew/,
  },
  {
    name: 'a plan that expired',
    line: 'apply expired.json',
    env: NEW_KEY,
    says: /it expired at 2020/,
    next: /make it anew/,
  },
]

// What the database is makes no difference here.
describe('refused, and nothing is written:', () => {
  const pair = syncPair(createLocal)
  before(async () => {
    await pair().reset()
    await writeFile(join(pair().folder, 'text.jsonl'), 'this is nothing\n')
    const { code, stderr } = await pair().call('migrate up')
    assert.equal(code, 0, stderr)
    await makePlan(pair())
    await writeVariants(pair())
  })
  for (const fault of USAGE) it(fault.name, () => assertRefused(pair(), fault))
})

/** Plans that nobody made: what is in them was changed, and their digest with it. */
async function writeVariants(pair: SyncPair): Promise<void> {
  type Body = Record<string, unknown>
  const { digest, seal, ...made } = JSON.parse(await pair.file('plan.json')) as Body
  const past = '2020-01-01T00:00:00.000Z'
  const write = (name: string, body: Body, digested: unknown) =>
    writeFile(join(pair.folder, name), JSON.stringify({ ...body, digest: digested, seal }))
  const newer = { ...made, version: 2 }
  const expired = { ...made, expiresAt: past }
  await write('newer.json', newer, digestOf(newer))
  await write('expired.json', expired, digestOf(expired))
  await write('altered.json', expired, digest)
}
