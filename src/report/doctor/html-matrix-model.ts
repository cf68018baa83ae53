import type { Route } from '../../doctor/diagnosis.ts'
import type { CacheMode } from '../../gateway/routing.ts'

/** Groups by models in one cache mode. */
export interface Matrix {
  readonly mode: CacheMode
  readonly models: readonly string[]
  readonly rows: readonly MatrixRow[]
  /** Cells that are served, and those that are not. */
  readonly cells: number
  readonly unserved: number
  /** Models that every group is served well. */
  readonly calmModels: ReadonlySet<string>
}

export interface MatrixRow {
  /** Null when the group could not be told. */
  readonly group: string | null
  /** In the order of the models; null where nobody asks. */
  readonly cells: readonly (MatrixCell | null)[]
}

export interface MatrixCell {
  /** How the worst of the cell's routes fares. */
  readonly worst: Route
  /** Id of the panel that shows the routes. */
  readonly panel: string
}

/** Routes that are alike but for whom they are of, the worst first. */
export interface RoutePanel {
  readonly id: string
  readonly routes: readonly [Route, ...Route[]]
  readonly pairs: readonly RoutePair[]
}

export type RoutePair = Pick<Route, 'group' | 'model' | 'tokens'>

export interface RouteMap {
  readonly matrices: readonly Matrix[]
  readonly panels: readonly RoutePanel[]
}

const OUTCOMES = ['crash', 'refused', 'weakened', 'served'] as const

/** Rows, columns and modes are in the order in which the routes name them. */
export function routeMap(routes: readonly Route[]): RouteMap {
  const panels = new PanelIndex()
  const models = [...new Set(routes.map(({ model }) => model))]
  const matrices = [...Map.groupBy(routes, ({ mode }) => mode)].map(([mode, ofMode]) =>
    matrixOf(mode, models, ofMode, panels),
  )
  return { matrices, panels: panels.list }
}

function matrixOf(
  mode: CacheMode,
  models: readonly string[],
  routes: readonly Route[],
  panels: PanelIndex,
): Matrix {
  const rows = [...Map.groupBy(routes, ({ group }) => group)].map(([group, ofGroup]) => {
    const byModel = Map.groupBy(ofGroup, ({ model }) => model)
    return { group, cells: models.map((model) => cellOf(byModel.get(model), panels)) }
  })
  const outcomes = rows.flatMap(({ cells }) => cells.flatMap((cell) => cell?.worst.outcome ?? []))
  const isCalm = (_: string, index: number): boolean => rows.every((row) => isServed(row, index))
  return {
    mode,
    models,
    rows,
    cells: outcomes.length,
    unserved: outcomes.filter((outcome) => outcome === 'refused' || outcome === 'crash').length,
    calmModels: new Set(models.filter(isCalm)),
  }
}

/** Whether nothing is wrong in the column. */
function isServed({ cells }: MatrixRow, column: number): boolean {
  return (cells[column]?.worst.outcome ?? 'served') === 'served'
}

/** Whether nothing is wrong in the row. */
export function isCalmRow(row: MatrixRow): boolean {
  return row.cells.every((_, column) => isServed(row, column))
}

function cellOf(routes: readonly Route[] | undefined, panels: PanelIndex): MatrixCell | null {
  const rank = ({ outcome }: Route): number => OUTCOMES.indexOf(outcome)
  const [worst, ...rest] = (routes ?? []).toSorted((one, other) => rank(one) - rank(other))
  return worst === undefined ? null : { worst, panel: panels.add([worst, ...rest]) }
}

/** Most pairs take the same channels as others, so that thousands of cells have few panels. */
class PanelIndex {
  readonly list: (RoutePanel & { readonly pairs: RoutePair[] })[] = []
  readonly #byRoutes = new Map<string, (typeof this.list)[number]>()

  add(routes: readonly [Route, ...Route[]]): string {
    const key = JSON.stringify(routes.map(likeness))
    let panel = this.#byRoutes.get(key)
    if (panel === undefined) {
      panel = { id: `route-${this.list.length}`, routes, pairs: [] }
      this.list.push(panel)
      this.#byRoutes.set(key, panel)
    }
    const [{ group, model, tokens }] = routes
    panel.pairs.push({ group, model, tokens })
    return panel.id
  }
}

/** What two routes have in common that may be shown as one. */
function likeness(route: Route): unknown {
  const { token, tokens, group } = route
  return {
    ...route,
    model: null,
    group: group === null,
    tokens: token === null ? tokens > 0 : tokens,
  }
}
