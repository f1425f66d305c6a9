/**
 * `<session-warning>`: importing this registers the element.
 *
 * @module
 */

export * from './client/element.ts'
