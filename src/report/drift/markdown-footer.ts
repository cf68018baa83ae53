import type { PhrasingContent, RootContent } from 'mdast'
import type { DriftReport } from '../../diff/drift-report.ts'
import type { DriftReportTexts } from '../../language/drift-texts.ts'
import { bullets, item, paragraph, phrasing, text } from './markdown-tree.ts'
import { named, type Phrase } from '../phrase.ts'
import { basePhrase, sidePhrase } from './show.ts'

/** Where the report was made. What is not of the expected shape is left out. */
export interface RunFacts {
  /** Page of the CI run. */
  readonly runUrl?: string
  readonly commit?: string
}

const RUN_URL = /^https:\/\/[a-z0-9][a-z0-9.-]*(?::\d{1,5})?(?:\/[\w.-]+)*\/?$/i

const COMMIT = /^[0-9a-f]{7,64}$/

/** Both sides, how they were compared, and by what. */
export function footer(
  report: DriftReport,
  { runUrl, commit }: RunFacts,
  texts: DriftReportTexts,
): RootContent[] {
  const { from, to, base, secrets, tool, createdAt } = report
  const words = texts.markdown
  const key: Phrase = secrets.keyId === null ? [] : [words.key, named(secrets.keyId)]
  const facts: Phrase[] = [
    [words.from, ...sidePhrase(from, texts)],
    [words.to, ...sidePhrase(to, texts)],
    [words.base, ...basePhrase(base, texts)],
    [words.secrets(secrets.compared), ...key],
    words.made(named(createdAt), named(tool.version)),
  ]
  const run = runLine({ runUrl, commit }, words)
  const lines = [...facts.map(phrasing), ...(run.length === 0 ? [] : [run])]
  const list = bullets(lines.map((line) => item(paragraph(...line))))
  return [{ type: 'thematicBreak' }, list]
}

function runLine(
  { runUrl, commit }: { runUrl: string | undefined; commit: string | undefined },
  words: DriftReportTexts['markdown'],
): PhrasingContent[] {
  const ofCommit =
    commit !== undefined && COMMIT.test(commit)
      ? [text(words.commit), { type: 'inlineCode' as const, value: commit.slice(0, 12) }]
      : []
  const ofRun =
    runUrl !== undefined && runUrl.length <= 500 && RUN_URL.test(runUrl)
      ? [{ type: 'link' as const, url: runUrl, children: [text(words.run)] }]
      : []
  const between = ofCommit.length > 0 && ofRun.length > 0 ? [text(' · ')] : []
  return [...ofRun, ...between, ...ofCommit]
}
