/** A contender's app as a Worker of its own. */
import { fetch } from 'contender'

export default { fetch }
