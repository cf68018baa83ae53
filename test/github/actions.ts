import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type FakeGithub, startFakeGithub } from '../support/fake-github.ts'

export const TOKEN = 'ghs_test_0123456789abcdef'
export const MARKER = '<!-- tidegate:drift:production -->'
export const SHA = 'a'.repeat(40)

/** Repetitions that take no time. */
export const TIMING = { timeoutMs: 10_000, retryDelayMs: 5 }

/** A step of GitHub Actions: its variables, its files, and the API behind it. */
export interface Step extends AsyncDisposable {
  readonly github: FakeGithub
  readonly env: Record<string, string | undefined>
  readonly folder: string
  setEvent(name: string, event: unknown): Promise<void>
  summary(): Promise<string>
}

function variables(apiUrl: string, folder: string): Record<string, string> {
  return {
    GITHUB_REPOSITORY: 'acme/gateway',
    GITHUB_API_URL: apiUrl,
    GITHUB_SERVER_URL: 'https://github.example',
    GITHUB_EVENT_NAME: 'pull_request',
    GITHUB_EVENT_PATH: join(folder, 'event.json'),
    GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
    GITHUB_RUN_ID: '42',
    GITHUB_TOKEN: TOKEN,
  }
}

export async function startStep(): Promise<Step> {
  const github = await startFakeGithub()
  const folder = await mkdtemp(join(tmpdir(), 'tidegate-github-'))
  const env: Step['env'] = variables(github.url, folder)
  const [eventPath, summaryPath] = [env['GITHUB_EVENT_PATH']!, env['GITHUB_STEP_SUMMARY']!]
  await writeFile(summaryPath, '')
  await writeFile(eventPath, JSON.stringify({ pull_request: { number: 7, head: { sha: SHA } } }))
  return {
    github,
    env,
    folder,
    async setEvent(name, event) {
      env['GITHUB_EVENT_NAME'] = name
      await writeFile(eventPath, JSON.stringify(event))
    },
    summary: () => readFile(summaryPath, 'utf8'),
    async [Symbol.asyncDispose]() {
      await github[Symbol.asyncDispose]()
      await rm(folder, { recursive: true })
    },
  }
}

/** The event of a run that a fork's pull request made. */
export function workflowRun(values: Readonly<Record<string, unknown>> = {}): unknown {
  const head = { full_name: 'fork/gateway', owner: { login: 'fork' } }
  const run = { event: 'pull_request', head_branch: 'add-runway', head_sha: SHA }
  return { workflow_run: { ...run, head_repository: head, ...values } }
}
