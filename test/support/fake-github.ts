import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface FakeComment {
  readonly id: number
  body: string
  readonly user: { readonly login: string } | null
}

export interface FakePullRequest {
  readonly number: number
  readonly state: 'open' | 'closed'
  /** `owner:branch`, and the repository that it is in; null when that was deleted. */
  readonly head: string
  readonly repository: string | null
  readonly sha: string
}

export interface RecordedRequest {
  readonly method: string
  readonly url: string
  readonly authorization: string
  readonly body: Readonly<Record<string, unknown>>
}

/** What comes instead of the answer to a request. */
export type Fault =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | { readonly status: number; readonly type: string; readonly text: string }
  /** The connection ends, before or after the request was done. */
  | { readonly cut: 'before' | 'after' | 'in the answer' }
  | { readonly hang: true }

export interface FaultRule {
  /** `POST /repos/`: start of the requests that it strikes. */
  readonly on: string
  /** How many of them; all when absent. */
  times?: number
  readonly fault: Fault
}

const MAX_CHARACTERS = 65_536

/** What the real one says to a request, quoting it: nothing of this may be printed. */
const QUOTING = 'Problems with the token ghs_test_0123456789abcdef'

/**
 * The part of GitHub's API that tidegate uses, on 127.0.0.1: comments of issues in pages, pull
 * requests by head, and GraphQL's viewer. Everything else is 404, GET /user is 403.
 */
export class FakeGithub {
  readonly requests: RecordedRequest[] = []
  readonly comments: FakeComment[] = []
  readonly pullRequests: FakePullRequest[] = []
  readonly faults: FaultRule[] = []
  viewer = 'github-actions[bot]'
  /** Where `Link` headers lead; the server itself when null. */
  linkHost: string | null = null
  #server = createServer((request, response) => void this.#receive(request, response))
  #nextId = 1_000

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  addComment(body: string, login: string | null = this.viewer): FakeComment {
    const comment = { id: (this.#nextId += 1), body, user: login === null ? null : { login } }
    this.comments.push(comment)
    return comment
  }

  /** `POST /repos/…` of every request that would change something. */
  get writes(): string[] {
    const changing = this.requests.filter(
      ({ method, url }) => method !== 'GET' && url !== '/graphql',
    )
    return changing.map(({ method, url }) => `${method} ${url}`)
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { method = '', url = '', headers } = request
    const text = Buffer.concat(chunks).toString('utf8')
    const body = (text === '' ? {} : JSON.parse(text)) as RecordedRequest['body']
    const recorded = { method, url, authorization: headers.authorization ?? '', body }
    this.requests.push(recorded)
    const fault = this.#nextFault(`${method} ${url}`)
    if (fault === null) this.#answer(recorded, response)
    else this.#fail(fault, recorded, response)
  }

  #nextFault(line: string): Fault | null {
    const rule = this.faults.find(({ on, times }) => line.startsWith(on) && times !== 0)
    if (rule === undefined) return null
    if (rule.times !== undefined) rule.times -= 1
    return rule.fault
  }

  #fail(fault: Fault, request: RecordedRequest, response: ServerResponse): void {
    if ('hang' in fault) return
    if ('text' in fault) {
      response.writeHead(fault.status, { 'content-type': fault.type }).end(fault.text)
    } else if ('status' in fault) {
      send(response, fault.status, { message: QUOTING }, fault.headers)
    } else if (fault.cut === 'in the answer') {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
      response.write('[', () => response.socket?.destroy())
    } else {
      if (fault.cut === 'after') this.#reply(request)
      response.socket?.destroy()
    }
  }

  #answer(request: RecordedRequest, response: ServerResponse): void {
    const { status, body, headers } = this.#reply(request)
    send(response, status, body, headers)
  }

  #reply({ method, url, body, authorization }: RecordedRequest): Reply {
    if (!/^(?:token|bearer) \S+$/.test(authorization)) return refusal(401)
    const { pathname, searchParams } = new URL(url, this.url)
    const route = `${method} ${pathname.replace(/^\/api\/v3/, '').replace(/^\/api/, '')}`
    if (route === 'POST /graphql')
      return { status: 200, body: { data: { viewer: { login: this.viewer } } } }
    if (route === 'GET /user') return refusal(403)
    if (route === 'GET /repos/acme/gateway/pulls') return this.#listPulls(searchParams)
    if (/^GET \/repos\/acme\/gateway\/issues\/7\/comments$/.test(route)) {
      return this.#listComments(searchParams)
    }
    if (String(body['body']).length > MAX_CHARACTERS) return refusal(422)
    if (route === 'POST /repos/acme/gateway/issues/7/comments') {
      return { status: 201, body: this.#show(this.addComment(String(body['body']))) }
    }
    const id = /^PATCH \/repos\/acme\/gateway\/issues\/comments\/(\d+)$/.exec(route)?.[1]
    const comment = this.comments.find((one) => String(one.id) === id)
    if (comment === undefined) return refusal(404)
    if (comment.user?.login !== this.viewer) return refusal(403)
    comment.body = String(body['body'])
    return { status: 200, body: this.#show(comment) }
  }

  #listComments(query: URLSearchParams): Reply {
    const size = Number(query.get('per_page') ?? 30)
    const page = Number(query.get('page') ?? 1)
    const shown = this.comments.slice((page - 1) * size, page * size)
    const next = `${this.linkHost ?? this.url}/repos/acme/gateway/issues/7/comments?per_page=${size}&page=${page + 1}`
    const link = page * size < this.comments.length ? { link: `<${next}>; rel="next"` } : {}
    return { status: 200, body: shown.map((comment) => this.#show(comment)), headers: link }
  }

  #listPulls(query: URLSearchParams): Reply {
    const found = this.pullRequests.filter(
      ({ state, head }) => state === query.get('state') && head === query.get('head'),
    )
    const body = found.map(({ number, repository, sha }) => ({
      number,
      head: { sha, repo: repository === null ? null : { full_name: repository } },
    }))
    return { status: 200, body }
  }

  #show(comment: FakeComment): object {
    return { ...comment, html_url: `${this.url}/acme/gateway/pull/7#issuecomment-${comment.id}` }
  }
}

interface Reply {
  readonly status: number
  readonly body: object
  readonly headers?: Readonly<Record<string, string>>
}

function refusal(status: number): Reply {
  return { status, body: { message: QUOTING } }
}

function send(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
  response.end(JSON.stringify(body))
}

export async function startFakeGithub(): Promise<FakeGithub> {
  const github = new FakeGithub()
  await github.start()
  return github
}
