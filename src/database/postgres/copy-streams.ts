// A CommonJS package imported by `import()` has no names of its own in the bundled entry.
export { from, to } from 'pg-copy-streams'
