/** The consumers' mini-program. Where the API is comes from `settings.ts`; a new page is a folder in `pages` and its line in `app.json`. */
import "./settings";

App({});
