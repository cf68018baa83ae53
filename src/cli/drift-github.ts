import type { DriftReport } from '../diff/drift-report.ts'
import { publishDrift } from '../github/publish.ts'
import { githubAnnotations } from '../report/drift/github.ts'
import { driftMarker, renderDriftMarkdown } from '../report/drift/markdown.ts'
import { Secret } from '../secret.ts'
import type { Context } from './context.ts'

/** Annotations on stderr, then the job summary, then the comment, in the report's language. */
export async function publishToGithub(context: Context, report: DriftReport): Promise<void> {
  const { output, env, language } = context
  const token = env['GITHUB_TOKEN']
  if (token) output.redactor.add([new Secret(token)])
  output.commands(githubAnnotations(report, language))
  const clean = (text: string) => output.redactor.redact(text)
  const { comment, url, notes } = await publishDrift({
    env,
    report,
    render: {
      marker: driftMarker(report.from.name, report.to.name),
      comment: (maxCharacters, run) =>
        clean(renderDriftMarkdown(report, { ...run, language, budget: { maxCharacters } })),
      summary: (maxBytes) => clean(renderDriftMarkdown(report, { language, budget: { maxBytes } })),
    },
  })
  for (const note of notes) output.note(note)
  if (comment !== 'none') output.note(`comment ${comment}${url === null ? '' : `: ${url}`}`)
}
