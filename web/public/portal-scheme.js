// Before anything is painted: the scheme and the background that the space wants, so that a dark page never flashes.
(function () {
  let look = {};
  try {
    look = JSON.parse(document.querySelector('meta[name="portal-look"]').content);
  } catch {
    // Without a look the system's scheme is shown.
  }
  const dark =
    look.scheme === 'dark' || (look.scheme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  const scheme = dark ? 'dark' : 'light';
  const root = document.documentElement;
  root.setAttribute('data-scheme', scheme);
  const colours = look.colours && look.colours[scheme];
  if (colours && colours.background) root.style.setProperty('--page', colours.background);
})();
