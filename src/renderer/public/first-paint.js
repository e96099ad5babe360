// Runs before anything is painted: the page begins in the colours it had last. All else is up to the page's own script.
try {
  const { theme } = JSON.parse(localStorage.getItem('limpid.preferences'));
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Nothing is remembered, or the browser forbids its storage.
}
