import { type Context, Hono } from 'hono'
import type { Secret } from '../secret.ts'
import type { CheckView } from './check-loop.ts'
import { type Answer, health, readiness } from './health.ts'
import type { Metrics } from './metrics.ts'
import { summaryOf } from './summary.ts'
import { carriesToken } from './token.ts'

export interface AppOptions {
  readonly view: () => CheckView
  readonly metrics: Metrics
  /** Null when none is set: then nothing that is served holds a name. */
  readonly token: Secret | null
  /** Null when requests are not logged. */
  readonly onRequest: ((request: RequestFacts) => void) | null
  /** An answer could not be made. */
  readonly onFault: (error: unknown) => void
}

export interface RequestFacts {
  readonly method: string
  /** Without the query, decoded: hostile. */
  readonly path: string
  readonly status: number
  readonly milliseconds: number
}

const HEADERS = {
  'Cache-Control': 'no-store',
  // The report's own policy, inside the page, allows its one style and its one script by hash.
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
} as const

/** Answers from what the last check found; no request reaches the database. */
export function createApp(options: AppOptions): Hono {
  const { view, metrics, token, onRequest, onFault } = options
  const app = new Hono()
  app.use(async (context, next) => {
    const startedAt = performance.now()
    await next()
    for (const [name, value] of Object.entries(HEADERS)) context.header(name, value)
    const { method, path } = context.req
    const milliseconds = performance.now() - startedAt
    onRequest?.({ method, path, status: context.res.status, milliseconds })
  })
  route(app, '/healthz', (context) => answer(context, health(view())))
  route(app, '/readyz', (context) => answer(context, readiness(view())))
  route(
    app,
    '/metrics',
    guarded(token, async (context) => {
      const text = await metrics.render(view())
      return context.body(text, 200, { 'Content-Type': metrics.contentType })
    }),
  )
  route(
    app,
    '/',
    guarded(token, (context) => report(context, view(), token !== null)),
  )
  app.notFound((context) => problem(context, 404, 'there is nothing at this path'))
  app.onError((error, context) => {
    onFault(error)
    return problem(context, 500, 'the answer could not be made')
  })
  return app
}

type Handler = (context: Context) => Response | Promise<Response>

/** GET, and with it HEAD. */
function route(app: Hono, path: string, handler: Handler): void {
  app.get(path, handler)
  app.all(path, (context) => {
    context.header('Allow', 'GET, HEAD')
    return problem(context, 405, 'only GET and HEAD are answered here')
  })
}

function guarded(token: Secret | null, handler: Handler): Handler {
  return (context) => {
    if (token === null || carriesToken(context.req.header('Authorization'), token)) {
      return handler(context)
    }
    context.header('WWW-Authenticate', 'Bearer realm="tidegate"')
    return problem(context, 401, 'the token of TIDEGATE_SERVE_TOKEN is needed here')
  }
}

async function report(context: Context, view: CheckView, withNames: boolean): Promise<Response> {
  if (view.state !== 'current') return answer(context, readiness(view))
  return withNames
    ? context.html(await view.result.page())
    : context.text(summaryOf(view.result, view.ageSeconds))
}

function answer(context: Context, { status, body }: Answer): Response {
  return context.json(body, status)
}

function problem(context: Context, status: 401 | 404 | 405 | 500, message: string): Response {
  return context.json({ status: 'error', message }, status)
}
