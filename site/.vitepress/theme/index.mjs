import { useRoute } from 'vitepress'
import theme from 'vitepress/theme-without-fonts'
import { nextTick, onMounted, watch } from 'vue'
import './style.css'

export default {
  ...theme,
  setup() {
    const route = useRoute()
    onMounted(markMain)
    watch(() => route.path, markMain)
  },
}

/** The home page of the theme has no main landmark; its other pages have one. */
async function markMain() {
  await nextTick()
  const content = document.getElementById('VPContent')
  if (content?.classList.contains('is-home')) content.setAttribute('role', 'main')
  else content?.removeAttribute('role')
}
