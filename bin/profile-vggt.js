#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const built = new URL('../dist/cli/main.js', import.meta.url)
if (!existsSync(fileURLToPath(built))) {
  process.stderr.write('profile-vggt is not built yet; run "npm run up -- --no-serve" in its folder once\n')
  process.exit(3)
}
const { main } = await import(built.href)
process.exitCode = await main(process.argv.slice(2))
