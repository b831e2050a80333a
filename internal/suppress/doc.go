// Package suppress decides which findings of lint count: by .choreolint.yaml, by the annotation of an object, and by a baseline. It
// reads no file.
package suppress
