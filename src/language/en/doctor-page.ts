/** Words of the doctor's HTML page. `{name}` is filled in, in the page's script too. */
export const DOCTOR_PAGE = {
  verdict: 'Verdict',
  counts: 'Findings by severity',
  failing: 'This run fails.',
  passing: 'This run passes.',

  where: 'What was examined',
  database: 'Database',
  place: 'Place',
  readAt: 'Read',
  gateway: 'Gateway',
  unknownGateway: 'not recognised',
  evidence: 'Told by',
  madeBy: 'Made by',
  unknownType: 'unknown to this gateway',
  cacheModes: 'Cache modes',
  scope: 'Narrowed to',
  everything: 'nothing: all is examined',

  routesNote: 'Groups down, models across. A cell opens the route of its requests.',
  noRoutes: 'No group asks for a model, so there is no route to follow.',
  modes: 'Memory cache of the gateway',
  onlyProblems: 'Only groups and models with problems',
  noProblems: 'Nothing is wrong in this mode.',
  cell: '{group}, {model}: {outcome}',
  unasked: 'nobody asks',
  arrows: 'Arrow keys move, Enter opens, Esc closes.',
  legend: 'Signs',

  refusedWith: 'refused with HTTP {status}',
  outcomeNote: {
    served: 'Requests reach a channel.',
    weakened: 'Requests are served, but not always or not as meant.',
    refused: 'Requests get an error.',
    crash: 'The gateway’s process ends because of it.',
  },

  route: 'Route',
  close: 'Close',
  sameRoute: 'Groups and models that take this route: {pairs}',
  state: { broken: 'breaks here', weak: 'weakened here' },
  namelessToken: 'without a name',

  checkResult: { ok: 'good', failed: 'failed', info: 'for information' },

  noFindings: 'Nothing was found.',
  filter: 'Filter findings',
  severityHead: 'Severity',
  search: 'Search findings',
  shown: '{shown} of {total}',
  noMatch: 'No finding matches.',
  clear: 'Clear',
  expand: 'Expand all',
  collapse: 'Collapse all',
  emptyText: '(empty)',
  evidenceRows: 'Evidence',
  affected: 'Routes that it concerns: {pairs}',
  copy: 'Copy',
  copied: 'Copied',
  selected: 'Selected',
}

export type DoctorPageWords = typeof DOCTOR_PAGE
