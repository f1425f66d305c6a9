/** The example on Durable Objects. */

export {
  DataObject,
  default,
  RevocationObject,
  SessionIndexObject,
} from '../../worker-example/durable.ts'
