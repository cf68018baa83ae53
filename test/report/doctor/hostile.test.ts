import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Nodes } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'
import type { Diagnosis } from '../../../src/doctor/diagnosis.ts'
import { doctorTexts } from '../../../src/language/catalogue.ts'
import { type Language, LANGUAGES } from '../../../src/language/language.ts'
import { renderDoctorJson } from '../../../src/report/doctor/json.ts'
import { renderDoctorMarkdown } from '../../../src/report/doctor/markdown.ts'
import { renderDoctorText } from '../../../src/report/doctor/text.ts'
import { activeIn } from '../../cli/runs.ts'
import { harmlessDiagnoses, hostileDiagnoses } from './hostile-diagnoses.ts'

const DIAGNOSES = hostileDiagnoses(3_000, 11)

function assertInert(text: string): void {
  assert.deepEqual(activeIn(text), [])
  assert.ok(!text.includes('##['), 'a runner reads ##[ anywhere')
}

function whole(diagnosis: Diagnosis, language: Language): string {
  return renderDoctorMarkdown(diagnosis, language, Number.MAX_SAFE_INTEGER)
}

/** Every level of detail, the fullest first: each limit is one byte less than the last text. */
function levels(diagnosis: Diagnosis, language: Language): string[] {
  const texts: string[] = []
  let maxBytes = Number.MAX_SAFE_INTEGER
  for (;;) {
    const markdown = renderDoctorMarkdown(diagnosis, language, maxBytes)
    if (markdown === texts.at(-1)) return texts
    texts.push(markdown)
    maxBytes = Buffer.byteLength(markdown) - 1
  }
}

/** The tree as a forge sees it, without what is in code and without the note beside a command. */
function skeleton(markdown: string): string {
  const options = { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }
  const notes = LANGUAGES.map((language) => ` ${doctorTexts(language).ui.notExact}`)
  const blank = (node: Nodes): unknown => {
    if ('children' in node) {
      const isNote = (one: Nodes) => one.type === 'text' && notes.includes(one.value)
      return [node.type, ...node.children.filter((one) => !isNote(one)).map(blank)]
    }
    if (node.type === 'inlineCode' || !('value' in node)) return node.type
    return [node.type, node.value]
  }
  return JSON.stringify(blank(fromMarkdown(markdown, options)))
}

/** What a forge or a mail turns into something, wherever it stands. */
const REFERENCES: readonly (readonly [string, RegExp])[] = [
  ['mention', /@\w/],
  ['issue', /#\d/],
  ['issue of a project', /GH-\d/i],
  ['address', /:\/\//],
  ['host', /www\./i],
  ['mail', /mailto:\w/i],
  ['emoji', /:[+a-z][\w+-]*:/],
  ['commit', /\b[0-9a-f]{7}/i],
  ['command', /##\[|^\s*::/m],
]

describe('diagnoses of hostile data', () => {
  it('on a terminal nothing is active but our own colours', () => {
    for (const one of DIAGNOSES) {
      const colored = renderDoctorText(one, 'zh-CN', { width: 60, colors: true })
      // oxlint-disable-next-line no-control-regex
      assertInert(colored.replaceAll(/\u001b\[(?:1|2|22|31|32|33|36|39)m/g, ''))
      assertInert(renderDoctorText(one, 'en', { width: Number.POSITIVE_INFINITY, colors: false }))
    }
  })

  it('JSON is the same diagnosis', () => {
    for (const one of DIAGNOSES) {
      const json = renderDoctorJson(one, 'en')
      assertInert(json)
      const { findings, ...document } = JSON.parse(json) as Diagnosis
      const { findings: expected, ...rest } = one
      assert.deepEqual({ ...document, ...rest }, document)
      findings.forEach((finding, index) => {
        assert.deepEqual({ ...finding, ...expected[index] }, finding)
      })
    }
  })

  for (const language of LANGUAGES) {
    it(`Markdown in ${language} is the document of harmless data`, () => {
      const harmless = harmlessDiagnoses().map((one) => skeleton(whole(one, language)))
      for (const [index, one] of DIAGNOSES.entries()) {
        assert.ok(skeleton(whole(one, language)) === harmless[index % 2], `diagnosis ${index}`)
      }
    })
  }

  it('Markdown is that at every level of detail', () => {
    const harmless = harmlessDiagnoses().map((one) => levels(one, 'en').map(skeleton))
    for (const [index, one] of DIAGNOSES.slice(0, 2).entries()) {
      const found = levels(one, 'en').map(skeleton)
      assert.equal(found.length, 5)
      found.forEach((text, level) => assert.ok(text === harmless[index]![level], `level ${level}`))
    }
  })

  it('Markdown has no mention, reference, link or emoji even where code is ignored', () => {
    for (const one of DIAGNOSES) {
      const text = whole(one, 'en')
      for (const [name, pattern] of REFERENCES) {
        const found = pattern.exec(text)
        assert.equal(found && text.slice(found.index - 60, found.index + 60), null, name)
      }
      assert.deepEqual(activeIn(text.replaceAll('\u200b', '')), [])
    }
  })
})
