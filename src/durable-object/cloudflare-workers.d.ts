/**
 * What is used of the platform's own module, for the sources alone: an app's types of Workers say more.
 */

declare module 'cloudflare:workers' {
  export function waitUntil(work: Promise<unknown>): void

  export abstract class DurableObject {
    protected readonly ctx: {
      readonly storage: {
        readonly sql: {
          exec(query: string, ...bindings: unknown[]): { raw(): Iterable<unknown[]> }
        }
        getAlarm(): Promise<number | null>
        setAlarm(instant: number): Promise<void>
        deleteAll(): Promise<void>
      }
    }
    alarm?(): void | Promise<void>
  }
}
