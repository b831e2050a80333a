// Package inspect returns the content of a Snapshot for one object.
package inspect
