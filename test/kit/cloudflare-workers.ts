/** What the library takes from Cloudflare's own module, for where there is none. */

export class DurableObject {
  protected readonly ctx: unknown

  constructor(ctx: unknown) {
    this.ctx = ctx
  }
}

export const waitUntil = (): void => {}
