/** Keeps the page for when there is no network, where it was built for that; without one it is as good while there is one. */
export function keepForOffline(): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="serviceworker"]');
  if (!link || !('serviceWorker' in navigator)) return;
  // In a private window, or with storage forbidden, there is nothing to keep it in.
  navigator.serviceWorker.register(link.href, {updateViaCache: 'none'}).catch(() => undefined);
}
