import type { Target } from '../../src/database/contract.ts'
import { executeRaw } from '../support/raw.ts'
import type { Canaries } from './canaries.ts'
import type { Env } from './canary-env.ts'
import type { createCanaryProject } from './canary-project.ts'

export type Step = readonly [line: string, code: number, env?: Env]

const MADE_UP = [
  '--tables channels --select channels/made-up --secret channels/made-up=env:REFERRED',
  ...['setting', 'header_override', 'other'].map(
    (column) => `--secret channels/made-up/${column}=env:SETTING`,
  ),
].join(' ')

/** In an order in which each has something to do. */
export const STORY: readonly Step[] = [
  ['plan', 2],
  ['plan --format markdown', 2],
  ['plan -o out.md -o out.txt', 2],
  // A value of another column looks like a secret.
  ['plan -o out.json', 1],
  [`plan -o out.json -o out.made-up.md ${MADE_UP}`, 2],
  ['apply out.json', 1, { REFERRED: undefined }],
  ['apply out.json', 0],
  ['apply out.json', 2],
  ['undo --list --env production', 0],
  ['undo --dry-run --env production', 2],
  ['undo --yes --env production', 0],
  ['push', 1],
  ['push --yes', 0],
  ['push --from seeds --yes', 0],
  ['seed apply', 0],
  ['push --env produc* --yes --fleet-report out.fleet.json', 0],
  ['pull --dry-run', 2],
  ['pull --tables channels,options,tokens,users --yes', 0],
  ['copy --from production --to copied --dry-run', 0],
  ['copy --from production --to copied --yes', 0],
  ['copy --from production --to copied --yes', 1],
]

/** A restore, secrets in wrong places, and addresses that lead nowhere. */
export function failingSteps(canaries: Canaries, production: Target): Step[] {
  const { apiKey, dsnPassword, wrongPassword, planKey } = canaries
  const dsn = `postgres://u:${encodeURIComponent(wrongPassword)}@127.0.0.1:1/d?sslmode=disable`
  const nowhere = { PRODUCTION_SQL_DSN: dsn, PRODUCTION_SQLITE_PATH: undefined }
  return [
    ['restore --list', 0],
    ['restore --yes', 0],
    [`push --to postgres://u:${dsnPassword}@h.example/d --yes`, 1],
    [`pull --from ${apiKey}`, 1],
    [`push --select ${apiKey} --yes`, 1],
    [`push --tables ${apiKey} --yes`, 1],
    [`push --secret channels/made-up=${apiKey} --yes`, 1],
    [`push --secret ${apiKey} --yes`, 1],
    [`push --base ${apiKey} --yes`, 1],
    [`push --max-deletes ${apiKey} --yes`, 1],
    [`plan --expires ${apiKey}`, 1],
    [`plan -o ${apiKey}`, 1],
    [`apply ${apiKey}`, 1],
    ['apply bad.config.ts', 1],
    [`undo ${apiKey} --yes`, 1],
    [`restore ${apiKey} --yes`, 1],
    [`copy --include ${apiKey} --dry-run`, 1],
    ['push --yes', 1, { TIDEGATE_FINGERPRINT_KEY: apiKey }],
    ['push --yes', 1, { TIDEGATE_JOURNAL_KEY: apiKey }],
    ['apply out.json', 1, { TIDEGATE_PLAN_KEY: apiKey }],
    ['apply out.json', 1, { TIDEGATE_PLAN_KEY: `${planKey}x` }],
    [`plan ${MADE_UP} -o out.json`, 1, { REFERRED_FILE: `./${apiKey}` }],
    ...['plan', 'push --yes', 'pull', 'apply out.json', 'undo --list --env production'].map(
      (line): Step => [line, 1, nowhere],
    ),
    ['copy --to production --yes', 1, nowhere],
    ...refusedLogin(production, wrongPassword),
    ['push --env produc* --yes', 1, nowhere],
  ]
}

function refusedLogin(target: Target, wrongPassword: string): Step[] {
  if (target.dialect === 'sqlite') return []
  const { user, host, port, database } = target
  const place = `${host}:${port}/${database}?sslmode=disable`
  const env = {
    PRODUCTION_SQL_DSN: `postgres://${user}:${encodeURIComponent(wrongPassword)}@${place}`,
  }
  return ['plan', 'push --yes', 'pull', 'apply out.json'].map((line) => [line, 1, env])
}

interface ForcedErrors {
  readonly production: Target
  readonly project: Awaited<ReturnType<typeof createCanaryProject>>
  readonly canaries: Canaries
  readonly check: (step: Step) => Promise<void>
}

/** A database that quotes the row that it refuses, one that lacks a column, and a plan that was altered. */
export async function forcedErrors(input: ForcedErrors): Promise<void> {
  const { production, project, canaries, check } = input
  await executeRaw(production, `delete from channels where name = 'made-up'`)
  await check([`plan -o out.json ${MADE_UP}`, 2])
  for (const [make, drop] of REFUSALS[production.dialect](canaries.smtpToken)) {
    await executeRaw(production, make)
    await check(['apply out.json', 1])
    await executeRaw(production, drop)
  }
  const [rename, back] = ['priority to was', 'was to priority'].map(
    (names) => `alter table channels rename column ${names}`,
  )
  await executeRaw(production, rename!)
  await check(['apply out.json', 1])
  await executeRaw(production, back!)
  const { apiKey } = canaries
  await project.write(
    'altered.json',
    `{"$schema":"urn:tidegate:plan:v1","version":1,"x":"${apiKey.slice(-12)}"}`,
  )
  await check(['apply altered.json', 1])
  await check(['undo --yes --env production', 0])
  await executeRaw(
    production,
    `update tidegate_journal set locator = '{"id":"${apiKey.slice(-12)}"}'`,
  )
  await check(['undo --yes --env production', 1])
}

const REFUSALS = {
  sqlite: (secret: string) => [
    [
      `create trigger refusing before insert on channels begin select raise(abort, '${secret}'); end`,
      'drop trigger refusing',
    ],
    [
      `create unique index refusing on channels(case when name in ('made-up', 'theirs') then 1 end)`,
      'drop index refusing',
    ],
  ],
  postgres: () => [
    [
      'alter table channels add constraint refusing check (id < 0) not valid',
      'alter table channels drop constraint refusing',
    ],
    [
      `create function refusing() returns trigger language plpgsql as $$
         begin raise exception 'bad %', new using detail = new.key; end $$;
       create trigger refusing before insert on channels for each row execute function refusing()`,
      'drop trigger refusing on channels; drop function refusing()',
    ],
  ],
} as const satisfies Record<string, (secret: string) => readonly (readonly [string, string])[]>
