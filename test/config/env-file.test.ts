import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { readEnvFile } from '../../src/config/env-file.ts'

function makeRoot(context: TestContext): string {
  const root = mkdtempSync(join(tmpdir(), 'tidegate-env-'))
  context.after(() => rmSync(root, { recursive: true, force: true }))
  return root
}

test('no file gives nothing', async (context) => {
  const file = await readEnvFile(makeRoot(context))
  assert.deepEqual(file, { variables: {}, doubts: [], faults: [] })
})

test('a file in a folder above is not read', async (context) => {
  const root = makeRoot(context)
  mkdirSync(join(root, 'inner'))
  writeFileSync(join(root, '.env'), 'SQL_DSN=local')
  assert.deepEqual((await readEnvFile(join(root, 'inner'))).variables, {})
})

test('names and values are read and not expanded', async (context) => {
  const root = makeRoot(context)
  writeFileSync(join(root, '.env'), 'A=1\nexport B="x y"\n# C=2\nD=${A}$(id)\nE=\nF=旧网关\r\n')
  const { variables } = await readEnvFile(root)
  assert.deepEqual(variables, { A: '1', B: 'x y', D: '${A}$(id)', E: '', F: '旧网关' })
})

test('a folder in its place is a fault', async (context) => {
  const root = makeRoot(context)
  mkdirSync(join(root, '.env'))
  const { faults } = await readEnvFile(root)
  assert.deepEqual(faults, [{ source: '.env', problem: 'it cannot be read (EISDIR)' }])
})

test('values that an unquoted "#" cuts are doubted, without saying them', async (context) => {
  const root = makeRoot(context)
  const lines = [
    'CUT=sk-test#one',
    'export SPACED = sk test#one # comment',
    'COMMENT=sk-test-two # comment',
    "QUOTED='sk-test#three'",
    'DOUBLE="sk-test#four"',
    '# NOTHING=a#b',
    'EMPTY=#five',
    'MANY="first',
    'INNER=a#b',
    'last"',
  ]
  writeFileSync(join(root, '.env'), lines.join('\n'))
  const { doubts } = await readEnvFile(root)
  assert.deepEqual(doubts, [
    { source: '.env', problem: 'CUT is cut at an unquoted "#"; put its value in quotes' },
    { source: '.env', problem: 'SPACED is cut at an unquoted "#"; put its value in quotes' },
  ])
})
