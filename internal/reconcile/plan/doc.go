// Package plan finds out what is to be reconciled before what: a Graph of delivering objects that is made from a Snapshot, and the
// preflight, which judges it before the first write.
package plan
