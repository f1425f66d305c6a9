/** The example on a Durable Object, with the class of the data store besides. */

export { DataObject } from '../../src/durable-object.ts'
export { default, RevocationObject } from '../../worker-example/durable.ts'
