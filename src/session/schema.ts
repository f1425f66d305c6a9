/**
 * What an app's data must be: its schema, the data of a new session, and the way from an earlier
 * version. Knows nothing of claims, seals or cookies.
 */

import type { StandardSchemaV1 } from '@standard-schema/spec'
import { assertOptional, isThenable, kindOf } from '../lib/check.ts'
import { SessionError } from '../lib/errors.ts'
import { shorten } from '../lib/json.ts'
import { type DataSource, objectToJson } from './data.ts'
import { pathOf, withoutValues } from './schema-issues.ts'

/** The options that this file resolves. */
export interface DataOptions {
  schema?: StandardSchemaV1 | undefined
  dataVersion?: number
  migrate?: (old: Record<string, unknown>, version: number) => unknown
}

/** The resolved options. */
export interface DataRules {
  /** The version that is sealed beside data, if there is one. */
  readonly version: number | undefined
  /** The data of a new session. A fault in it shows when somebody looks. Never rejects. */
  fresh(): Promise<DataSource>
  /** The JSON of loaded data in its present form. Rejects with what `migrate` throws. */
  migrate(json: string, version: number | undefined): Promise<string>
  /**
   * Puts the JSON of the data through the schema. Rejects with `data` if the schema refuses it, and
   * with `not-json` if the schema's output is not JSON.
   */
  accept(json: string): Promise<string>
}

export function resolveDataRules(options: DataOptions): DataRules {
  const { dataVersion: version, migrate } = options
  if (version !== undefined && !(Number.isSafeInteger(version) && version >= 1)) {
    const got = typeof version === 'number' ? version : kindOf(version)
    throw new TypeError(`"dataVersion" must be a whole number, at least 1; got ${got}`)
  }
  assertOptional('migrate', migrate, 'function')
  if (migrate !== undefined && version === undefined) {
    throw new TypeError('"migrate" needs "dataVersion", the version that it leads to')
  }
  return {
    version,
    ...resolveSchema(options.schema),
    async migrate(json, sealed = 0) {
      // Code of an earlier deploy meets newer data during a rolling deploy.
      if (migrate === undefined || version === undefined || sealed >= version) return json
      return migratedJson(await migrate(JSON.parse(json), sealed))
    },
  }
}

/** A mistake in `migrate` must not look like a refusal, which would sign people out. */
function migratedJson(data: unknown): string {
  if (typeof data !== 'object' || data === null) {
    throw new TypeError(`"migrate" must return the data as an object; got ${kindOf(data)}`)
  }
  return objectToJson(data)
}

function resolveSchema(schema: StandardSchemaV1 | undefined): Pick<DataRules, 'fresh' | 'accept'> {
  if (schema === undefined) return { fresh: async () => '{}', accept: async (json) => json }
  if (typeof schema?.['~standard']?.validate !== 'function') {
    throw new TypeError(
      `"schema" must be a Standard Schema (zod, valibot, arktype, ...); got ${kindOf(schema)}`,
    )
  }
  const validate = (data: unknown) => schema['~standard'].validate(data)
  let answersAtOnce = false

  return {
    async fresh() {
      if (answersAtOnce) {
        return () => freshJson(validate({}) as StandardSchemaV1.Result<unknown>)
      }
      // The first time it is not known yet. What it throws shows when somebody looks.
      try {
        const result = validate({})
        answersAtOnce = !isThenable(result)
        return freshJson(await result)
      } catch (error) {
        return () => {
          throw error
        }
      }
    },

    async accept(json) {
      const result = await validate(JSON.parse(json))
      if (result.issues !== undefined) throw refused(result.issues, json)
      return objectToJson(result.value)
    },
  }
}

function freshJson(result: StandardSchemaV1.Result<unknown>): string {
  if (result.issues === undefined) return objectToJson(result.value)
  const [path = 'data'] = result.issues.map(dataPathOf)
  throw new TypeError(
    `"schema" must accept {}, the data of a new session: give ${shorten(path)} a default, or make ` +
      'it optional',
  )
}

/** Names the paths. The schema's own messages can hold data, so they are not in the message. */
function refused(issues: readonly StandardSchemaV1.Issue[], json: string): SessionError {
  const paths = issues.slice(0, 3).map(dataPathOf).join(', ')
  return new SessionError('data', `the schema refused ${shorten(paths)}`, {
    issues: withoutValues(issues, json),
  })
}

const dataPathOf = (issue: StandardSchemaV1.Issue): string => ['data', ...pathOf(issue)].join('.')
