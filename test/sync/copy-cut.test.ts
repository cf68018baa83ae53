import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import type { PostgresTarget } from '../../src/database/contract.ts'
import { openDatabase } from '../../src/database/open.ts'
import { channelRow, insertText } from '../seed/world.ts'
import { OPEN_OPTIONS } from '../support/databases.ts'
import { startFaultProxy } from '../support/fault-proxy.ts'
import { testPostgres } from '../support/postgres.ts'
import { queryRaw } from '../support/raw.ts'
import { copy, copyPlace, type CopyPlace, emptyPlace } from './copy-world.ts'

const server = testPostgres()
let local: CopyPlace
let production: CopyPlace

before(async () => {
  local = await copyPlace('n25')
  production = await copyPlace('n25', await server)
})

const channel = (cells: Parameters<typeof channelRow>[0]): string =>
  insertText('sqlite', 'channels', channelRow(cells))

async function count(place: CopyPlace, table: string): Promise<number> {
  const [row] = await queryRaw(place.target, `select count(*) from ${table}`)
  return Number(row![0])
}

describe('a connection that is cut', () => {
  /** Messages of a whole copy, from the client to the server. */
  async function copyThrough(cutAt: number, verdict: 'cut-before' | 'cut-after'): Promise<number> {
    let messages = 0
    const target = production.target as PostgresTarget
    const proxy = await startFaultProxy(target, {
      judge: () => ((messages += 1) === cutAt ? verdict : 'forward'),
    })
    const database = await openDatabase(proxy.target, OPEN_OPTIONS).catch(() => null)
    try {
      if (database !== null) await copy(local, { ...production, database })
    } catch {
      // What is left is looked at.
    } finally {
      await database?.close()
      await proxy.close()
    }
    return messages
  }

  it('leaves all or nothing, and the next run finishes', async () => {
    const rows = Array.from({ length: 3 }, (_, id) => channel({ id: id + 1, name: `c${id}` }))
    await local.execute(rows.join(' '))
    const all = await copyThrough(0, 'cut-before')
    assert.equal(await count(production, 'channels'), 3)
    for (let cut = 8; cut <= all; cut += 9) {
      await emptyPlace(production)
      await copyThrough(cut, cut % 2 === 0 ? 'cut-before' : 'cut-after')
      const counts = [
        await count(production, 'channels'),
        await count(production, 'tidegate_journal'),
        await count(production, 'tidegate_runs'),
      ]
      assert.ok(['0,0,0', '3,3,1'].includes(counts.join()), `after ${cut}: ${counts.join()}`)
      if (counts[0] === 0) await copy(local, production)
      assert.equal(await count(production, 'channels'), 3)
    }
  })
})
