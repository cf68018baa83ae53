import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { parseExposition } from './exposition.ts'
import { promtool } from './promtool.ts'
import { startChecked, TOKEN } from './running.ts'

const DOCS = new URL('../../docs/', import.meta.url)

interface Rules {
  readonly groups: readonly { readonly rules: readonly Rule[] }[]
}

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly labels: { readonly severity: string }
  readonly annotations: { readonly summary: string; readonly description: string }
}

interface Dashboard {
  readonly panels: readonly {
    readonly id: number
    readonly title: string
    readonly gridPos: {
      readonly h: number
      readonly w: number
      readonly x: number
      readonly y: number
    }
    readonly targets: readonly { readonly expr: string; readonly refId: string }[]
  }[]
}

const read = (path: string) => readFile(new URL(path, DOCS), 'utf8')

async function readRules(): Promise<Rule[]> {
  const { groups } = parse(await read('alerts/tidegate.rules.yml')) as Rules
  return groups.flatMap(({ rules }) => rules)
}

async function readDashboard(): Promise<Dashboard> {
  return JSON.parse(await read('dashboards/tidegate.json')) as Dashboard
}

/** Label names by metric, as a scrape gives them. */
async function exportedLabels(): Promise<Map<string, Set<string>>> {
  const server = await startChecked({ token: TOKEN })
  const headers = { authorization: `Bearer ${TOKEN}` }
  const exported = new Map<string, Set<string>>()
  for (const { name, labels } of parseExposition(
    await (await server.get('/metrics', { headers })).text(),
  )) {
    const known = exported.get(name) ?? new Set(['job', 'instance'])
    for (const label of labels.keys()) known.add(label)
    exported.set(name, known)
  }
  return exported
}

/** Every selector of an expression: metric and label names. */
function selectorsOf(expression: string): { metric: string; labels: string[] }[] {
  return [...expression.matchAll(/(tidegate_\w+)(?:\{([^}]*)\})?/g)].map(([, metric, inner]) => ({
    metric: metric!,
    labels: [...(inner ?? '').matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label]) => label!),
  }))
}

describe('alert rules and dashboard', () => {
  it('use only metrics and labels that are exported, and every one that is', async () => {
    const exported = await exportedLabels()
    const rules = (await readRules()).map(({ alert, expr }) => ({ place: alert, expr }))
    const { panels } = await readDashboard()
    const shown = panels.flatMap(({ title, targets }) =>
      targets.map(({ expr }) => ({ place: title, expr })),
    )
    for (const { place, expr } of [...rules, ...shown]) {
      for (const { metric, labels } of selectorsOf(expr)) {
        const known = exported.get(metric)
        assert.ok(known, `${place} uses ${metric}, which is not exported`)
        for (const label of labels)
          assert.ok(known.has(label), `${place}: ${metric} has no ${label}`)
      }
    }
    const used = new Set(
      [...rules, ...shown].flatMap(({ expr }) => selectorsOf(expr).map(({ metric }) => metric)),
    )
    const unused = [...exported.keys()].filter(
      (metric) => !used.has(metric) && !/_seconds_(?:sum|count)$/.test(metric),
    )
    assert.deepEqual(unused, [])
  })

  it('cover what can go wrong, each with a summary and what to do', async () => {
    const rules = await readRules()
    const names = rules.map(({ alert }) => alert)
    for (const name of [
      'TidegateDown',
      'TidegateCheckFailing',
      'TidegateCheckStale',
      'TidegateNoBltcyChannel',
      'TidegateUnroutablePairs',
      'TidegateDrift',
      'TidegatePendingMigrations',
      'TidegateSlowConnection',
    ]) {
      assert.ok(names.includes(name), name)
    }
    assert.equal(new Set(names).size, names.length)
    for (const { labels, annotations } of rules) {
      assert.match(labels.severity, /^(?:critical|warning)$/)
      assert.ok(annotations.summary.length > 10 && annotations.description.length > 10)
    }
  })

  it('the panels have ids of their own and do not lie on each other', async () => {
    const { panels } = await readDashboard()
    assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length)
    const taken = new Set<string>()
    for (const { title, gridPos } of panels) {
      assert.ok(gridPos.x + gridPos.w <= 24, title)
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          assert.ok(!taken.has(`${x},${y}`), `${title} lies on another panel`)
          taken.add(`${x},${y}`)
        }
      }
    }
  })

  it('the rules fire when they should and only then', async (context) => {
    const path = (name: string) => fileURLToPath(new URL(`alerts/${name}`, DOCS))
    const checked = promtool(['check', 'rules', path('tidegate.rules.yml')])
    if (checked === null) return context.skip('promtool is not installed (package prometheus)')
    assert.equal(checked.code, 0, checked.output)
    const tested = promtool(['test', 'rules', path('tidegate.rules.test.yml')])
    assert.equal(tested?.code, 0, tested?.output)
    const named = await read('alerts/tidegate.rules.test.yml')
    for (const { alert } of await readRules()) {
      assert.match(
        named,
        new RegExp(`alertname: ${alert}\\n\\s+exp_alerts:`),
        `${alert} never fires`,
      )
    }
  })
})
