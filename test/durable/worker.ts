/** The example on a Durable Object, with the classes of the data store and the index besides. */

export { DataObject } from '../../src/durable-object.ts'
export { default, RevocationObject, SessionIndexObject } from '../../worker-example/durable.ts'
