import assert from 'node:assert/strict'

export interface Sample {
  readonly name: string
  readonly labels: ReadonlyMap<string, string>
  readonly value: number
}

const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? ([^ ]+)$/

const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/y

/** Reads the text format strictly: a line that is none of it fails. */
export function parseExposition(text: string): Sample[] {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return lines.map((line) => {
    const match = SAMPLE.exec(line)
    assert.ok(match, `no sample: ${JSON.stringify(line)}`)
    const value = Number(match[3]!.replace('+Inf', 'Infinity'))
    assert.ok(!Number.isNaN(value))
    return { name: match[1]!, labels: parseLabels(match[2] ?? ''), value }
  })
}

function parseLabels(text: string): Map<string, string> {
  const labels = new Map<string, string>()
  LABEL.lastIndex = 0
  for (let at = 0; at < text.length; at = LABEL.lastIndex) {
    const match = LABEL.exec(text)
    assert.ok(match, `no labels: ${JSON.stringify(text)}`)
    labels.set(match[1]!, match[2]!)
  }
  return labels
}
