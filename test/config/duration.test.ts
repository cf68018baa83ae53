import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDuration } from '../../src/config/duration.ts'

const CASES: readonly (readonly [text: string, milliseconds: number | null])[] = [
  ['0', 0],
  ['0s', 0],
  ['500ms', 500],
  ['60s', 60_000],
  ['2m', 120_000],
  ['2147483647ms', 2_147_483_647],
  ['2147483648ms', null],
  ['35792m', null],
  ['', null],
  ['60', null],
  ['60 s', null],
  [' 60s', null],
  ['60s\n', null],
  ['-1s', null],
  ['1.5s', null],
  ['1h', null],
  ['1S', null],
  ['s', null],
  ['١s', null],
  ['99999999999ms', null],
]

for (const [text, milliseconds] of CASES) {
  test(`${JSON.stringify(text)} is ${milliseconds ?? 'no duration'}`, () => {
    assert.equal(parseDuration(text), milliseconds)
  })
}
