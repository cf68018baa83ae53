import m from 'node:module';m.enableCompileCache();await import('/work/main/dist/chunks/')
