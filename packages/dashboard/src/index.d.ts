/** The folder with the built pages: `index.html` and what it loads. */
export declare const folder: string;
