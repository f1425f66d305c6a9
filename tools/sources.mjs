/**
 * Reads the sources of a folder for the gates: the room of each file, its code and its imports.
 * It relies on the formatter: an import begins a line, and a comment begins a line or follows a space.
 */

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'

/** The room of the files directly in the folder. */
export const ENTRY_POINTS = 'entry points'

const COMMENT = /(?<=^|\s)(?:\/\*.*?\*\/|\/\/[^\n]*)/gs
const STATEMENT = /^(?:import|export)\s+(type\s)?([\w$*\s,{}]*?)\s*from\s*(['"])(.+?)\3;?/gm
const SIDE_EFFECT = /^import\s*(['"])(.+?)\1;?/gm
const EXPRESSION = /\bimport\(\s*(['"])(.+?)\1\s*\)/g

/** Every source of the folder. `code` is without comments; lines keep their numbers. */
export function readSources(folder) {
  const names = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.ts'))
  return names.sort().map((name) => {
    const path = name.replaceAll(sep, '/')
    const code = readFileSync(join(folder, name), 'utf8').replaceAll(COMMENT, blank)
    return { path, room: roomOf(path), code, imports: importsOf(path, code) }
  })
}

export const roomOf = (path) =>
  path.includes('/') ? path.slice(0, path.indexOf('/')) : ENTRY_POINTS

export const lineAt = (code, index) => code.slice(0, index).split('\n').length

/** The code of a file that neither imports nor re-exports. */
export const ownCode = (code) =>
  [/^#!.*/, STATEMENT, SIDE_EFFECT].reduce((rest, one) => rest.replace(one, blank), code)

/** `target` is a path in the folder, or undefined for a package. */
function importsOf(path, code) {
  const found = []
  const add = (index, specifier, typesOnly = false) => {
    const isOurs = specifier.startsWith('.')
    const target = isOurs ? join(dirname(path), specifier).replaceAll(sep, '/') : undefined
    found.push({ line: lineAt(code, index), specifier, target, typesOnly })
  }
  for (const { index, 1: type, 2: clause, 4: specifier } of code.matchAll(STATEMENT)) {
    const members = /^\{(.*)\}$/s.exec(clause)?.[1].match(/[^\s,][^,]*/g) ?? ['*']
    add(index, specifier, type !== undefined || members.every((one) => one.startsWith('type ')))
  }
  for (const { index, 2: specifier } of code.matchAll(SIDE_EFFECT)) add(index, specifier)
  for (const { index, 2: specifier } of code.matchAll(EXPRESSION)) add(index, specifier)
  return found
}

const blank = (text) => text.replaceAll(/[^\n]/g, ' ')
