import type pc from 'picocolors'

export type Colors = ReturnType<typeof pc.createColors>

export type Paint = (text: string) => string

export interface Terminal {
  /** Columns; Infinity when the output is no terminal. */
  readonly width: number
  readonly paint: Colors
}
