/**
 * The files of a new application, by path. There is no source for this: `scripts/application-template.cjs` makes them from
 * `templates/application/`, for the build once, and for a checkout when they are first asked for.
 */
export const templateFiles: Readonly<Record<string, string>>;
