// Before the first paint, so that a chosen theme never flashes. A file, because the page allows no inline script.
{
  let chosen = null
  try {
    chosen = localStorage.getItem('parallax.theme')
  } catch {
    // Storage may be forbidden: then the system decides.
  }
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen
}
