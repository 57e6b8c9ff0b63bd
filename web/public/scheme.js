// Before anything is painted: the colours of the last visit, so that a dark page never flashes white.
(function () {
  let wanted = null;
  try {
    wanted = localStorage.getItem('posthorn-colour-scheme');
  } catch {
    // A frame without storage follows the system.
  }
  const dark =
    wanted === 'dark' || (wanted !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
