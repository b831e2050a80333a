// Package text writes for people: the tree and the wide table of a trace, its changes while it is watched, the report of a reconcile,
// versions and settings.
package text
