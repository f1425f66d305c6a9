/**
 * Checks the import rules of `src/`. The rooms stay small and readable only while imports point
 * down: after one import the other way, no file of either room can be read, tested or bundled
 * alone. Type imports count too, because a reader has to follow them as well.
 *
 *   npm run layers              checks src/
 *   npm run layers -- FOLDER    checks another folder of sources
 *   npm run layers -- --table   prints the rules as CONTRIBUTING.md shows them
 */

import { fileURLToPath } from 'node:url'
import { ENTRY_POINTS, lineAt, ownCode, readSources, roomOf } from './sources.mjs'

/** What each folder of `src/` may import: a room, one file of a room, or only the types of a room. */
const ROOMS = {
  lib: [],
  contracts: ['lib'],
  seal: ['lib'],
  cookies: ['seal', 'lib'],
  revocation: ['contracts', 'lib'],
  session: ['cookies', 'revocation', 'contracts', 'seal', 'lib'],
  cloudflare: ['contracts', 'lib'],
  'durable-object': ['revocation', 'contracts', 'lib'],
  redis: ['contracts', 'lib'],
  testing: ['session', 'cookies', 'revocation', 'seal', 'contracts', 'lib'],
  tokens: ['seal', 'contracts', 'lib'],
  logout: ['seal', 'contracts', 'lib'],
  binding: ['session', 'cookies', 'seal', 'contracts', 'lib'],
  hono: ['session', 'client/protocol', 'lib'],
  node: ['session', 'lib'],
  client: ['types of session', 'lib'],
  cli: [ENTRY_POINTS, 'binding', 'session', 'seal', 'lib'],
}

/** Which rooms may import a package; `node:` stands for all modules of Node. */
const PACKAGES = {
  jose: ['tokens', 'logout', 'binding'],
  bowser: ['contracts'],
  hono: ['hono'],
  '@standard-schema/spec': ['session'],
  'cloudflare:workers': ['cloudflare', 'durable-object'],
  'node:': ['cli'],
}

/** Impure calls, and the one file that makes them. */
const CALLS = {
  'Date.now': 'lib/platform.ts',
  'new Date()': 'lib/platform.ts',
  getRandomValues: 'lib/platform.ts',
  randomUUID: 'lib/platform.ts',
}

const [argument] = process.argv.slice(2)
if (argument === '--table') {
  const may = ([room, allowed]) => `| ${room} | ${allowed.join(', ') || 'nothing'} |`
  console.log(['| room | may import |', '|---|---|', ...Object.entries(ROOMS).map(may)].join('\n'))
} else {
  const files = readSources(argument ?? fileURLToPath(new URL('../src', import.meta.url)))
  const breaches = [...files.flatMap((file) => breachesOf(file, files)), ...circlesOf(files)]
  for (const { path, line, rule, remedy } of breaches)
    console.error(`src/${path}:${line}: ${rule}.\n  ${remedy}.`)
  if (breaches.length === 0) console.log(`${files.length} files keep the import rules`)
  process.exitCode = breaches.length === 0 ? 0 : 1
}

function breachesOf(file, files) {
  const { path, room, code, imports } = file
  const breaches = []
  const add = (line, rule, remedy) => breaches.push({ path, line, rule, remedy })
  if (room !== ENTRY_POINTS && ROOMS[room] === undefined) {
    add(
      1,
      `there is no room "${room}"`,
      'Move the file, or give the room a rule in tools/layers.mjs',
    )
    return breaches
  }
  for (const { line, specifier, target, typesOnly } of imports) {
    if (target !== undefined) {
      if (mayImport(room, target, typesOnly)) continue
      const rule = `${room} may import ${ROOMS[room]?.join(', ') || (room === ENTRY_POINTS ? 'rooms' : 'nothing')}`
      add(
        line,
        `${rule}; not ${typesOnly ? 'the types of ' : ''}src/${target}`,
        moves(file, target, files),
      )
    } else if (!roomsFor(specifier).includes(room)) {
      const rooms = roomsFor(specifier).join(' or ')
      const remedy =
        rooms === ''
          ? 'Do without the package, or list it under PACKAGES in tools/layers.mjs'
          : `Move the code that needs it to ${rooms}`
      add(line, `${room} may not import "${specifier}"`, remedy)
    }
  }
  for (const [call, home] of Object.entries(CALLS)) {
    const index = path === home ? -1 : code.indexOf(call)
    if (index === -1) continue
    add(lineAt(code, index), `only src/${home} may call ${call}`, `Import what src/${home} exports`)
  }
  const own = room === ENTRY_POINTS ? ownCode(code).search(/\S/) : -1
  if (own !== -1) {
    const rule = 'a file directly in src/ is an entry point and only re-exports'
    add(
      lineAt(code, own),
      rule,
      'Move this code to the room that it belongs to, and export it from there',
    )
  }
  return breaches
}

function mayImport(room, target, typesOnly) {
  const other = roomOf(target)
  if (room === ENTRY_POINTS) return other !== ENTRY_POINTS
  const allowed = [room, ...ROOMS[room]]
  if (typesOnly && allowed.includes(`types of ${other}`)) return true
  return allowed.includes(other) || allowed.includes(target.replace(/\.ts$/, ''))
}

function roomsFor(specifier) {
  const named = ([name]) => specifier === name || specifier.startsWith(name.replace(/(?<!:)$/, '/'))
  return Object.entries(PACKAGES).find(named)?.[1] ?? []
}

/** A place for the file, or for its import, that breaks no rule. */
function moves(file, target, files) {
  const imported = files.find(({ path }) => path === target)
  const there = [file, imported].flatMap((one) => {
    const homes = one === undefined ? [] : homesOf(one, files)
    return homes.length === 0 ? [] : `src/${one.path} to ${homes.join(' or ')}`
  })
  if (there.length > 0) return `Move ${there.join(', or ')}`
  const lower = ROOMS[file.room]?.includes('contracts') ? 'contracts' : file.room
  return `Declare in ${lower} the interface that ${file.room} needs, and let ${roomOf(target)} hand it in`
}

/** The rooms that may import all that a file imports, and that all its importers may import. */
function homesOf(file, files) {
  const rooms = new Set(files.map(({ room }) => room).filter((room) => ROOMS[room] !== undefined))
  const isHome = (room) => {
    const moved = `${room}/${file.path.split('/').at(-1)}`
    return (
      file.imports.every(({ target, specifier, typesOnly }) =>
        target ? mayImport(room, target, typesOnly) : roomsFor(specifier).includes(room),
      ) &&
      files.every(({ room: from, imports }) =>
        imports.every(
          ({ target, typesOnly }) => target !== file.path || mayImport(from, moved, typesOnly),
        ),
      )
    )
  }
  return [...rooms].filter((room) => room !== file.room && isHome(room))
}

/** Each circle of imports once, starting at its first file by name. */
function circlesOf(files) {
  const circles = []
  const byPath = new Map(files.map((file) => [file.path, file]))
  const finished = new Set()
  const visit = (file, trail) => {
    const at = trail.indexOf(file)
    if (at !== -1) {
      const circle = [...trail.slice(at), file].map(({ path }) => `src/${path}`)
      const { line } = trail.at(-1).imports.find(({ target }) => target === file.path)
      circles.push({
        path: trail.at(-1).path,
        line,
        rule: `imports go round in a circle: ${circle.join(' -> ')}`,
        remedy: 'Move what both need into a file of its own, which imports neither',
      })
    }
    if (at !== -1 || finished.has(file)) return
    for (const { target } of file.imports) {
      const next = byPath.get(target)
      if (next !== undefined) visit(next, [...trail, file])
    }
    finished.add(file)
  }
  for (const file of files) visit(file, [])
  return circles
}
