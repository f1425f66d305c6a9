import { data } from 'react-router'

// Middleware runs only for routes that match. This one makes it run for pages that do not exist.
export function loader() {
  throw data('Not found', 404)
}
