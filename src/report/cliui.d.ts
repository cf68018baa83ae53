/** The package ships no types; these are the parts that table.ts uses. */
declare module 'cliui' {
  interface Column {
    readonly text: string
    readonly width: number
  }
  interface Layout {
    div(...columns: readonly Column[]): void
    toString(): string
  }
  export default function cliui(options: { readonly width: number; readonly wrap: boolean }): Layout
}
