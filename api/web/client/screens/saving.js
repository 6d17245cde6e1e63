// Hands a file to the leader: a download where the browser has downloads, the share sheet in an iOS home-screen app.

import { isInstalled, system } from "../core/device.js";

const A_MINUTE = 60_000;

/** Save a file; call it in a tap, for the share sheet opens only then. Whether the leader took it. */
export async function saveFile(name, type, text) {
  const file = new File([text], name, { type });
  if (system() === "ios" && isInstalled() && navigator.canShare?.({ files: [file] })) return shared(file);
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), A_MINUTE);
  return true;
}

async function shared(file) {
  try {
    await navigator.share({ files: [file] });
    return true;
  } catch (error) {
    if (error.name === "AbortError") return false; // the leader closed the sheet
    throw error;
  }
}
