/**
 * A certificate for the hosts of the tests. Browsers bind sessions only over https without any
 * certificate error, so they are told the hash of its public key.
 */

import { execFileSync } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The site under test, and another that links to it. Both are this machine. */
export const SITE = 'site.test'
export const ELSEWHERE = 'elsewhere.test'

export interface Certificate {
  readonly key: string
  readonly cert: string
  /** SHA-256 of the public key, as Chromium's switch takes it. */
  readonly spki: string
}

export function makeCertificate(): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'sealed-session-'))
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const names = [SITE, ELSEWHERE, 'localhost'].map((name) => `DNS:${name}`).join(',')
  const options = [
    ...['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-keyout', keyFile, '-out', certFile, '-days', '2', '-subj', '/CN=test'],
    ...['-addext', `subjectAltName=${names}`],
  ]
  try {
    execFileSync('openssl', ['req', ...options], { stdio: 'pipe' })
    const cert = readFileSync(certFile, 'utf8')
    const { publicKey } = new X509Certificate(cert)
    const spki = publicKey.export({ type: 'spki', format: 'der' })
    return {
      key: readFileSync(keyFile, 'utf8'),
      cert,
      spki: createHash('sha256').update(spki).digest('base64'),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
