/**
 * The files of the page, by name, as a browser takes them. There is no source for this: `scripts/console-page.cjs` makes them
 * from `page/`, for the build once, and for a checkout when they are first asked for.
 */
export const pageFiles: Readonly<Record<string, string>>;
