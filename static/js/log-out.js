// Whoever logs out leaves no copy of a roll on the device (see roll-offline.js); marks that wait to be sent stay, without names.

for (const name of (await globalThis.caches?.keys()) ?? []) {
  if (name.startsWith("roll-")) caches.delete(name);
}
