import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import type { Target } from '../../src/database/contract.ts'
import { channelRow, insertText } from '../seed/world.ts'
import { forEachDialect } from '../support/databases.ts'
import { FakeGateway } from '../support/fake-gateway.ts'
import { executeRaw } from '../support/raw.ts'
import { type Canaries, findCanaries, makeCanaries } from './canaries.ts'
import { type Env, loginEnv, seedEnv } from './canary-env.ts'
import { createCanaryProject, plantEmbedded, plantRows } from './canary-project.ts'
import { callMain } from './runs.ts'
import { everythingServed } from './serve-process.ts'

interface Step {
  readonly line: string
  readonly code: number
  readonly env?: Env
  readonly stdin?: string
}

let gateway: FakeGateway
before(async () => {
  gateway = await new FakeGateway().start()
})
after(() => gateway.close())

/** Names that are keys, as when somebody pastes into the wrong field, and what upstreams quote. */
async function plantNames(target: Target, canaries: Canaries): Promise<void> {
  const { modelName, groupName, tokenName, reasonKey, proxyToken, smtpToken } = canaries
  const names = { models: `runway,${modelName}`, group: `default,${groupName}` }
  const reason = `Incorrect API key provided: ${reasonKey}`
  const disabled = {
    status: 3,
    other_info: JSON.stringify({ status_reason: reason, status_time: 1766620800 }),
    name: `off ${reasonKey}`,
    base_url: `https://u:${proxyToken}@h.example/${modelName}`,
  }
  const token = { status: 1, expired_time: -1, unlimited_quota: true, model_limits_enabled: true }
  const row = (table: string, cells: Parameters<typeof insertText>[2]) =>
    insertText(target.dialect, table, cells)
  await executeRaw(
    target,
    [
      row('channels', { id: 8, ...channelRow({ ...names, name: modelName }) }),
      row('channels', { id: 9, ...channelRow({ ...names, ...disabled }) }),
      row('abilities', { group: groupName, model: modelName, channel_id: 77, enabled: true }),
      row('tokens', {
        id: 2,
        user_id: 1,
        key: `sk-${canaries.tokenKey}2`,
        name: tokenName,
        group: groupName,
        model_limits: `${modelName}, x`,
        allow_ips: '10.0.0.0/8',
        ...token,
      }),
      row('options', { key: 'UserUsableGroups', value: `{"${groupName}":"${smtpToken}"` }),
      row('options', { key: 'AutoGroups', value: JSON.stringify([groupName]) }),
    ].join('\n'),
  )
}

function looks({ modelName, groupName, tokenName, logKey, tokenKey }: Canaries): Step[] {
  const log = `[ERR] 2026/01/01 - 12:00:01 | key ${logKey} 获取渠道失败\n[ERR] ${logKey}\n`
  const outputs = ['html', 'md', 'json', 'txt'].map((end) => `--output out.${end}`).join(' ')
  return [
    ...['text', 'json', 'markdown', 'html'].map((format) => ({
      line: `doctor --format ${format}`,
      code: 2,
    })),
    { line: `doctor ${outputs}`, code: 2 },
    { line: 'doctor --lang zh-CN', code: 2 },
    { line: `doctor --model ${modelName} --group ${groupName}`, code: 2 },
    { line: `doctor --token-name ${tokenName}`, code: 2 },
    { line: 'doctor --fix --dry-run', code: 2 },
    { line: 'doctor --logs -', code: 2, stdin: log },
    { line: 'doctor --logs -', code: 0, stdin: `${logKey}\n${tokenKey}\n` },
  ]
}

function failures(canaries: Canaries): Step[] {
  const { apiKey, modelName, dsnPassword, urlPassword, gatewayToken, probeToken, proxyToken } =
    canaries
  const dsn = `postgres://u:${encodeURIComponent(dsnPassword)}@127.0.0.1:1/d`
  const access = {
    TIDEGATE_GATEWAY_URL: gateway.url.origin,
    TIDEGATE_GATEWAY_TOKEN: gatewayToken,
    TIDEGATE_GATEWAY_USER: '1',
  }
  const probe = { TIDEGATE_PROBE_TOKEN: probeToken }
  const { origin } = gateway.url
  return [
    { line: 'doctor', code: 1, env: { SQL_DSN: dsn } },
    { line: `doctor --user ${apiKey}`, code: 1 },
    { line: `doctor --token-name ${apiKey}`, code: 1 },
    { line: `doctor --path ${apiKey}`, code: 1 },
    { line: `doctor --fix ${apiKey}`, code: 1 },
    { line: `doctor --output ${apiKey}`, code: 1 },
    { line: `doctor --logs ${apiKey}`, code: 1 },
    { line: 'doctor', code: 1, env: { BLTCY_BASE_URL: `https://u:${urlPassword}@h.example` } },
    { line: `doctor --probe ${origin} --model runway`, code: 2, env: probe },
    { line: `doctor --probe ${origin} --path /v1/x?key=${modelName}`, code: 2, env: probe },
    { line: `doctor --probe http://u:${proxyToken}@h.example --model x`, code: 1, env: probe },
    {
      line: `doctor --probe ${origin} --model x`,
      code: 1,
      env: { TIDEGATE_PROBE_TOKEN: `${probeToken}\n` },
    },
    { line: 'deploy --reload', code: 1, env: access },
    {
      line: 'deploy --reload',
      code: 1,
      env: { ...access, TIDEGATE_GATEWAY_URL: `http://u:${urlPassword}@127.0.0.1:1` },
    },
    { line: 'deploy --reload', code: 1, env: { ...access, TIDEGATE_GATEWAY_USER: gatewayToken } },
    { line: 'deploy', code: 2 },
    { line: 'doctor --fix', code: 2 },
  ]
}

forEachDialect((_dialect, create) => {
  const canaries = makeCanaries()

  it('no diagnosis, repair, probe or answer of the server holds a secret', async () => {
    const project = await createCanaryProject(canaries)
    after(() => project.remove())
    const { target } = await create({ fixture: 'n26' })
    await plantRows(target, canaries)
    await plantEmbedded(target, canaries)
    await plantNames(target, canaries)
    const base = { ...seedEnv(canaries), ...(await loginEnv(target, canaries)) }
    const { gatewayToken, probeToken, modelName } = canaries
    gateway.answer = {
      status: 500,
      body: JSON.stringify({
        success: false,
        message: `${gatewayToken} ${modelName}`,
        error: {
          message: `Incorrect API key provided: ${probeToken} ${modelName}`,
          code: modelName,
        },
      }),
    }

    const check = async ({ line, code, env, stdin = '' }: Step, mode: string): Promise<void> => {
      const options = { cwd: project.folder, env: { ...base, ...env }, stdin }
      const result = await callMain(`${line} ${mode}`.split(' '), options)
      const text = `${result.stdout}\n${result.stderr}`
      assert.deepEqual(findCanaries(text, canaries), [], `${line} ${mode} printed:\n${text}`)
      assert.equal(result.code, code, `${line} ${mode}: ${text}`)
    }
    const served = Promise.all(
      [{}, { TIDEGATE_SERVE_TOKEN: canaries.serveToken }].map((env) =>
        everythingServed({
          cwd: project.folder,
          env: { ...base, ...env },
          token: canaries.serveToken,
          path: `/x?key=${modelName}`,
        }),
      ),
    )
    for (const step of looks(canaries)) await check(step, '--verbose')
    for (const step of looks(canaries)) await check(step, '--json')
    for (const [index, step] of failures(canaries).entries()) {
      await check(step, index % 2 === 0 ? '--json' : '--verbose')
    }
    const written = await project.written()
    assert.equal(written.size, 4)
    for (const [name, text] of written) assert.deepEqual(findCanaries(text, canaries), [], name)

    for (const answers of await served) {
      const said = answers.join('\n')
      assert.match(said, /unroutable|group × model/)
      assert.deepEqual(findCanaries(said, canaries), [], said)
    }
  })
})
