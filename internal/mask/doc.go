// Package mask hides values in what a Snapshot holds: environment values, Secrets, credentials in text. Equal values become equal
// tokens, so that a comparison has the same result after masking.
package mask
