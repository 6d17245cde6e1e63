// Keeps a list on the screen true: it is drawn again when what it shows has changed, here or in another tab.

import { refresh } from "../core/router.js";
import { changed } from "../store/db.js";

const PAUSE = 150; // several changes in a row draw the screen once

/** Draw this screen again once `facts()` gives something else than now; returns what ends it. */
export async function live(facts) {
  const before = JSON.stringify(await facts());
  let timer = null;
  let over = false;
  const look = async () => {
    if (!over && JSON.stringify(await facts()) !== before && !over) refresh();
  };
  const stop = changed(() => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  });
  return () => {
    over = true;
    clearTimeout(timer);
    stop();
  };
}
