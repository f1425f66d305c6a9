/** Shows times in the visitor's time zone, which the server does not know. */

const DAY_AND_TIME = new Intl.DateTimeFormat(undefined, {
  dateStyle: 'medium',
  timeStyle: 'short',
})

export function showLocalTimes(): void {
  for (const time of document.querySelectorAll('time')) {
    time.title = time.textContent
    time.textContent = DAY_AND_TIME.format(new Date(time.dateTime))
  }
}
