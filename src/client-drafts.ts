/**
 * Keeps what visitors type until it is saved, per subject and unreadable to any other.
 *
 * @module
 */

export { type Drafts, keepDrafts } from './client/drafts.ts'
