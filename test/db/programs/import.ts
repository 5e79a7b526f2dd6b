/** Imports one file into one store, for a test that kills it: `import.ts STORE FILE`. */
import { Store } from '../../../db/store.ts'
import { importFile } from '../../../server/import-file.ts'

const [database, file] = process.argv.slice(2)
const store = new Store(database!)
await importFile(store, file!, {})
store.close()
