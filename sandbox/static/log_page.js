// The log on a page of its own.
import { follow } from "./api.js";
import { Log } from "./log.js";

const log = new Log(document.getElementById("log"));
follow(() => log.refresh());
