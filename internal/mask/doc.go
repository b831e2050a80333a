// Package mask masks values in a Snapshot: environment values, Secrets, credentials in text. Equal values get equal tokens, so
// that a comparison has the same result after masking.
package mask
