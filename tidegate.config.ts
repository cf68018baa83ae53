import { defineConfig } from 'tidegate'

// Everything here can also be said by flags and by the environment, which come first.
// See README.md, "Configuration".
export default defineConfig({
  // Whose tables an empty database gets; an existing database is recognised by its columns.
  gateway: 'bltcy-fork',
})
