// Starts the client. A placeholder: the screens take its place.

import { h, replace } from "./core/dom.js";
import { register } from "./core/updates.js";
import { say } from "./core/words.js";

replace(document.getElementById("main"), h("h1", null, say("app")));
register();
