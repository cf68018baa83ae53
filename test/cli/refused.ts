import assert from 'node:assert/strict'
import { executeRaw } from '../support/raw.ts'
import type { CallOptions } from './runs.ts'
import { KEYS, keysIn, type SyncPair } from './sync-pair.ts'
import { everything } from './sync-state.ts'

type Env = CallOptions['env']

export interface Fault {
  readonly name: string
  readonly line: string
  readonly env?: Env
  /** Statements for production, and what takes them back. */
  readonly sql?: readonly [string, string]
  readonly says: RegExp
  readonly next: RegExp
}

/** May be given where no secret belongs, and is never printed. */
export const SECRET = 'sk-test-given0123456789abcdef'

export const NEW_KEY = { NEW_KEY: KEYS.fresh }

export async function makePlan(pair: SyncPair): Promise<void> {
  const { code, stderr } = await pair.call('plan -o plan.json --secret channels/new=env:NEW_KEY')
  assert.equal(code, 2, stderr)
}

/** One error with a next step, as text and as JSON; every table on both sides as it was. */
export async function assertRefused(pair: SyncPair, fault: Fault): Promise<void> {
  const { name, line, env = {}, sql = ['', ''], says, next } = fault
  if (sql[0] !== '') await executeRaw(pair.production, sql[0])
  try {
    const before = await both(pair)
    const result = await pair.call(line, env)
    const { code, stdout, stderr } = result
    assert.equal(code, 1, `${name}: ${stdout}${stderr}`)
    assert.equal(stderr.match(/^error: /gm)?.length, 1, `${name}: ${stderr}`)
    assert.equal(stderr.match(/^next: /gm)?.length, 1, `${name}: ${stderr}`)
    assert.match(stderr, says)
    assert.match(stderr.slice(stderr.indexOf('\nnext: ')), next)
    assert.doesNotMatch(stdout + stderr, /\n\s+at |unexpected|Wrote/)
    const json = await pair.call(`${line} --json`, env)
    const { error, ...rest } = json.json() as { error: { message: string; nextStep: string } }
    assert.deepEqual([json.code, rest], [1, {}], name)
    assert.ok(error.message.length > 10 && error.nextStep.length > 5, name)
    const printed = stdout + stderr + json.stdout + json.stderr
    assert.ok(!printed.includes(SECRET), `${name} printed it: ${printed}`)
    assert.deepEqual([...keysIn(result), ...keysIn(json)], [])
    assert.deepEqual(await both(pair), before, name)
  } finally {
    if (sql[1] !== '') await executeRaw(pair.production, sql[1])
  }
}

async function both({ local, production }: SyncPair): Promise<string[][]> {
  return [await everything({ target: local }), await everything({ target: production })]
}
