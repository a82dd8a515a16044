/** A body that /_control does not understand: HTTP 400 with this text. */
export class BadControl extends Error {}
