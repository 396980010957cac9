/** Takes secrets out of a text; gives the same text when there are none. What the vault lends to rooms that write things down. */
export type Scrub = (text: string) => string;
