/** The record of a session in a session index, and the name of a subject there. */

import { isObject } from '../lib/json.ts'
import { sha256Hex, utf8Length } from '../lib/utf8.ts'
import type { Description } from './describe-browser.ts'

/** A record. Instants are milliseconds. */
export interface IndexRecord {
  readonly began: number
  readonly seen: number
  readonly until: number
  readonly kept?: number | undefined
  readonly ext?: string | undefined
  readonly about?: Description | undefined
}

/** The most bytes of a description as JSON. */
export const LONGEST_DESCRIPTION = 512

/** The name of a session at an identity provider. A longer one would be no key in every list. */
const EXTERNAL = /^[\w-]{22}$/

/** The record, if the value has the form of one. */
export function toRecord(value: unknown): IndexRecord | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { began, seen, until, kept, ext, about } = value as Record<string, unknown>
  const isForm =
    [began, seen, until, kept ?? 0].every(isInstant) &&
    (ext === undefined || (typeof ext === 'string' && EXTERNAL.test(ext))) &&
    (about === undefined || isDescription(about))
  return isForm ? (value as IndexRecord) : undefined
}

const isInstant = (value: unknown): boolean =>
  typeof value === 'number' && !Number.isNaN(new Date(value).getTime())

export function isDescription(value: unknown): value is Description {
  if (!isObject(value)) return false
  if (!Object.values(value).every((text) => typeof text === 'string')) return false
  return utf8Length(JSON.stringify(value)) <= LONGEST_DESCRIPTION
}

/** The SHA-256 of a subject in hex. All have one length, so none is a prefix of another. */
export const hashOf = (subject: string): Promise<string> => sha256Hex(subject)
