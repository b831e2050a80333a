// Package text writes for people: the tree and the wide table of a trace, a trace while it is watched, the report of a reconcile,
// and settings.
package text
