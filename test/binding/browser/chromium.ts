/** Chromium with bound sessions. Its keys are in software, because a machine of CI has no TPM. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext } from 'playwright-core'
import { launchWithProfile } from '../../browser/browser.ts'
import type { Certificate } from './certificate.ts'

const SOFTWARE_KEYS = 'EnableBoundSessionCredentialsSoftwareKeysForManualTesting'

/** Usually without the quota, because tests prove every few seconds. */
const SWITCHES = {
  'without quota': `--enable-features=DeviceBoundSessions:RefreshQuota/false,${SOFTWARE_KEYS}`,
  'with quota': `--enable-features=DeviceBoundSessions,${SOFTWARE_KEYS}`,
  'not at all': '--disable-features=DeviceBoundSessions',
}

/** A profile on disk, which is there again when the browser is started anew. */
export class Profile {
  readonly #folder = mkdtempSync(join(tmpdir(), 'sealed-session-'))
  readonly #args: readonly string[]
  #context: BrowserContext | undefined

  constructor({ spki }: Certificate, binds: keyof typeof SWITCHES = 'without quota') {
    this.#args = [
      `--ignore-certificate-errors-spki-list=${spki}`,
      '--host-resolver-rules=MAP *.test 127.0.0.1',
      SWITCHES[binds],
    ]
  }

  /** Starts the browser, again if it runs. */
  async start(): Promise<BrowserContext> {
    await this.#context?.close()
    this.#context = await launchWithProfile(this.#folder, this.#args)
    this.#context.setDefaultTimeout(20_000)
    return this.#context
  }

  async end(): Promise<void> {
    await this.#context?.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
